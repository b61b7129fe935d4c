// SaveOperation: one Saver.save, from the variables' memory to the bytes of a
// checkpoint's files.
#ifndef TB_TRAIN_SAVE_OPERATION_H_
#define TB_TRAIN_SAVE_OPERATION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/bundle/bundle_writer.h"
#include "engine/session/session.h"
#include "engine/tensor/slice_spec.h"
#include "engine/train/saver_graph.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

// For a path P the files are
//
//   V2            P.data-00000-of-00002 ... P.index
//   V1            P
//   V1, sharded   P-00000-of-00002 ...
//
// and come in this order.
class SaveOperation {
 public:
  // Takes hold of the values that the variables have now; what the session
  // does to the variables later does not change them.
  // Returns FailedPrecondition "Attempting to use uninitialized value <name>";
  // InvalidArgument "Slice in shape_and_slice specification does not match the
  // shape of the tensor to  save: ..." and ParseShapeAndSlice()'s errors.
  static Result<SaveOperation> Create(const session::Session& session,
                                      const SaverGraph& saver);

  size_t num_files() const {
    return shards_.size() + (version_ == CheckpointVersion::kV2 ? 1 : 0);
  }
  // What file `i` is called after P.
  std::string FileSuffix(size_t i) const;
  // What the checkpoint is called after P, to be restored: "" but for the
  // shards of V1, which are "-?????-of-00002".
  std::string PrefixSuffix() const;

  // The next bytes of the file at hand, at most kMaxChunk; none at its end, and
  // then the next file is at hand. Valid until the next call.
  // Returns the errors of BundleWriter and V1Writer.
  Result<Bytes> NextChunk();

  // Bytes of the variables, in all; of the data files, but for V1.
  uint64_t total_size() const { return total_size_; }

  static constexpr size_t kMaxChunk = 1 << 20;

 private:
  struct Item {
    std::string key;
    Tensor value;
    std::optional<ShapeAndSlice> part;  // of which it is a slice
  };

  SaveOperation() = default;

  Status Add(const SaveSlot& slot, Tensor value);
  Status BeginItem(const Item& item);
  Result<Bytes> NextOfData();
  Status WriteIndex();
  Status WriteV1();
  Bytes TakeContents();

  bool sharded_ = false;
  CheckpointVersion version_ = CheckpointVersion::kV2;
  std::vector<std::vector<Item>> shards_;
  uint64_t total_size_ = 0;
  bundle::BundleWriter writer_;

  size_t file_ = 0;      // the file at hand
  size_t item_ = 0;      // the tensor of it whose bytes come next
  size_t position_ = 0;  // and how many of them have gone
  bool item_open_ = false;
  // What is written as a whole: strings, an index, a V1 file.
  std::string contents_;
  size_t contents_position_ = 0;
  bool has_contents_ = false;
};

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_SAVE_OPERATION_H_
