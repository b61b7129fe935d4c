// BundleMerger: several bundles become one, as TensorFlow's MergeBundles does
// it.
#ifndef TB_BUNDLE_MERGE_H_
#define TB_BUNDLE_MERGE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/entry.h"
#include "engine/io/byte_sink.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

// Data files keep their bytes and get other names; the caller moves them:
//
//   BundleMerger merger;
//   for each input: merger.Add(&reader)
//   merger.Finish(&sink)                    the bytes of P.index
//   for each file i of merger.files():
//     files()[i] becomes DataFileName(P, i, files().size())
class BundleMerger {
 public:
  // Takes the entries of the next bundle.
  // Returns InvalidArgument "Merging bundles with conflicting endianness;
  // inputs corrupted?", "Merging bundles with different format versions: ...",
  // "Duplicate tensor keyed by K encountered, when merging prefix: P" and for
  // slices of tensors that differ; Internal "Duplicate tensor keyed by K;
  // attempting to merge in a non-slice bundle entry"; the reader's own errors:
  // the merge has failed. kNeedBytes: call again.
  Status Add(BundleReader* reader);

  // Appends the index file to *sink.
  // Returns FailedPrecondition when nothing was added; CheckSlices()'s errors
  // for slices of one tensor that overlap.
  Status Finish(io::ByteSink* sink);

  // After Finish(): the inputs' data files, each at its place in the merged
  // bundle. Files without a tensor are left behind.
  const std::vector<std::string>& files() const { return files_; }

 private:
  Status CheckHeader(const Header& header);
  Status Merge(const BundleReader& reader, std::string_view key, Entry entry);
  int32_t ShardOf(const std::string& file);

  bool has_header_ = false;
  Header header_;
  std::string first_file_;
  std::map<std::string, Entry, std::less<>> entries_;
  std::map<std::string, int32_t> shards_;  // by file
  std::vector<std::string> files_;
};

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_MERGE_H_
