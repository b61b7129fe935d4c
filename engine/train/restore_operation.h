// RestoreOperation: one Saver.restore, from the bytes of a checkpoint of either
// format to the variables of a session.
//
// All bytes are read and checked before the first variable changes, as
// TensorFlow's RestoreV2 and Assign do it; a failure leaves every variable as
// it was.
#ifndef TB_TRAIN_RESTORE_OPERATION_H_
#define TB_TRAIN_RESTORE_OPERATION_H_

#include <cstddef>
#include <string>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/read_plan.h"
#include "engine/bundle/tensor_decoder.h"
#include "engine/bundle/v1_reader.h"
#include "engine/session/session.h"
#include "engine/tensor/slice_copy.h"
#include "engine/tensor/slice_spec.h"
#include "engine/train/saver_graph.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

class RestoreOperation {
 public:
  // All three are borrowed and must outlive the operation.
  RestoreOperation(session::Session* session, const SaverGraph* saver,
                   bundle::BundleReader* reader)
      : session_(session), saver_(saver), reader_(reader) {}
  RestoreOperation(session::Session* session, const SaverGraph* saver,
                   bundle::V1Reader* reader)
      : session_(session), saver_(saver), v1_(reader) {}

  // How Saver.restore words the failure `status` of reading a checkpoint: with
  // the node RestoreV2, and in TensorFlow's wrapping.
  static Status Explain(const SaverGraph& saver, Status status);

  // Looks every key up and plans the reads; of a V1 checkpoint, whose values
  // lie between its keys, reads them. Called again after kNeedBytes.
  // Returns NotFound for a missing key, InvalidArgument for other dtypes or
  // shapes than the variables have, both in TensorFlow's wrapping "Restoring
  // from checkpoint failed. ...", and the checkpoint's own errors.
  Status Prepare();

  // What to read, after Prepare(); nothing of a V1 checkpoint. Reads may be
  // done in any order.
  size_t num_reads() const { return plan_.size(); }
  const bundle::PlannedRead& read(size_t i) const { return plan_[i]; }

  // The next bytes of read `i`; none for a read that has none, which is to be
  // supplied all the same. Returns DataLoss as soon as the last byte of a
  // tensor shows that its checksum is wrong.
  Status Supply(size_t i, Bytes chunk);

  // Assigns every variable.
  // REQUIRES: all bytes of all reads were supplied.
  Status Finish();

 private:
  // A variable, or the part of a partitioned one, and what it gets.
  struct Item {
    const SaveSlot* slot = nullptr;
    bundle::Entry entry;
    Slice slice;  // of the tensor in the checkpoint
    Shape shape;  // SliceShape(slice, entry.shape)
    Tensor value;
    std::vector<bundle::V1Lookup> lookup;  // one, of V1 checkpoints
  };

  // A run of bytes in a data file: a tensor, or a slice that it is stored in.
  struct Part {
    size_t item = 0;
    std::string key;
    bundle::Entry entry;
    SliceCopy copy;
    // The elements are the item's value, and no copy is needed.
    bool is_value = false;
    Tensor bytes;  // as they are in the file, unless is_value
    std::vector<bundle::TensorDecoder> decoder;  // one, but for strings
  };

  Status LookUp();
  Status LookUpV1();
  Status CheckDTypes() const;
  // Fills in slice and shape.
  Status CheckSlice(Item* item) const;
  Status CheckShapes() const;
  Status Plan();
  Status ReadV1();
  // Makes room for the bytes of the part, and returns it.
  Result<MutableBytes> RoomFor(Part* part);
  // All bytes of the part are there.
  Status Complete(Part* part);

  session::Session* session_;
  const SaverGraph* saver_;
  bundle::BundleReader* reader_ = nullptr;
  bundle::V1Reader* v1_ = nullptr;
  std::vector<Item> items_;  // in the order of the slots: by key
  std::vector<Part> parts_;
  std::vector<bundle::PlannedRead> plan_;
  std::vector<bundle::ReadRequest> requests_;  // one a part
  std::vector<uint64_t> supplied_;             // one a read
  size_t read_ = 0;                            // items read, of V1 checkpoints
};

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_RESTORE_OPERATION_H_
