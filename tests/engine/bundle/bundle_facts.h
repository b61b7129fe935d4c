// Two files that TensorFlow wrote, and ways to write and read bundles in
// memory.
#ifndef TB_TESTS_BUNDLE_BUNDLE_FACTS_H_
#define TB_TESTS_BUNDLE_BUNDLE_FACTS_H_

#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/bundle_writer.h"
#include "engine/bundle/names.h"
#include "engine/util/status.h"
#include "tests/engine/support/goldens.h"

namespace tensorbundle::bundle {

struct BundleFiles {
  std::string index;
  std::string data;
};

// Variable [2,3] = 1 2 3 4 5 6 and Variable_1 [3] = 0.5 -1.5 2.25.
BundleFiles TutorialBundle();

// What the writer makes of the tensors, in that order. Expects success.
BundleFiles WriteBundle(std::span<const testing::NamedTensor> tensors,
                        const BundleWriterOptions& options = {});

// Every tensor of the bundle, decoded, by key; stops at the first error.
// `data` has the files of the shards.
Status ReadBundle(const std::string& index,
                  const std::vector<std::string>& data,
                  std::map<std::string, testing::NamedTensor>* tensors);

// The elements of one entry, numbers or strings, into *tensor, whose other
// fields are left alone.
Status ReadEntry(std::string_view key, const Entry& entry, bool big_endian,
                 const std::string& data, testing::NamedTensor* tensor);

// The bytes of one entry, checked, little endian.
Result<std::string> ReadEntryBytes(std::string_view key, const Entry& entry,
                                   bool big_endian, const std::string& data);

}  // namespace tensorbundle::bundle

#endif  // TB_TESTS_BUNDLE_BUNDLE_FACTS_H_
