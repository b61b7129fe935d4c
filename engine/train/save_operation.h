// SaveOperation: one Saver.save, from the variables' memory to the bytes of a
// bundle's two files.
#ifndef TB_TRAIN_SAVE_OPERATION_H_
#define TB_TRAIN_SAVE_OPERATION_H_

#include <cstddef>
#include <string>
#include <vector>

#include "engine/bundle/bundle_writer.h"
#include "engine/session/session.h"
#include "engine/train/saver_graph.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

class SaveOperation {
 public:
  // Takes hold of the values that the variables have now; what the session
  // does to the variables later does not change them.
  // Returns FailedPrecondition "Attempting to use uninitialized value <name>",
  // Unimplemented for slices of partitioned variables.
  static Result<SaveOperation> Create(const session::Session& session,
                                      const SaverGraph& saver);

  // The next bytes of P.data-00000-of-00001, at most kMaxChunk; empty at the
  // end of the file. Valid until the next call.
  Result<Bytes> NextChunk();

  // The bytes of P.index. REQUIRES: NextChunk() has returned the end.
  Result<std::string> Finish();

  // Bytes of the data file, in all.
  uint64_t total_size() const { return total_size_; }

  static constexpr size_t kMaxChunk = 1 << 20;

 private:
  struct Item {
    std::string key;
    Tensor value;
  };

  SaveOperation() = default;

  std::vector<Item> items_;
  uint64_t total_size_ = 0;
  bundle::BundleWriter writer_;
  size_t item_ = 0;      // the tensor whose bytes come next
  size_t position_ = 0;  // and how many of them have gone
  bool item_open_ = false;
};

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_SAVE_OPERATION_H_
