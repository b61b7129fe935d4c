// RestoreOperation: one Saver.restore, from the bytes of a checkpoint to the
// variables of a session.
//
// All bytes are read and checked before the first variable changes; a failure
// leaves every variable as it was.
#ifndef TB_TRAIN_RESTORE_OPERATION_H_
#define TB_TRAIN_RESTORE_OPERATION_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/read_plan.h"
#include "engine/bundle/slice_plan.h"
#include "engine/bundle/tensor_decoder.h"
#include "engine/bundle/v1_reader.h"
#include "engine/session/session.h"
#include "engine/tensor/slice_spec.h"
#include "engine/train/saver_graph.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

class RestoreOperation {
 public:
  // All are borrowed and must outlive the operation. The second restores from
  // a checkpoint of the V1 format.
  RestoreOperation(session::Session* session, const SaverGraph* saver,
                   bundle::BundleReader* reader)
      : session_(session), saver_(saver), reader_(reader) {}
  RestoreOperation(session::Session* session, const SaverGraph* saver,
                   bundle::V1Reader* reader)
      : session_(session), saver_(saver), v1_reader_(reader) {}

  // How Saver.restore words the failure `status` of reading a checkpoint: with
  // the node RestoreV2, and in TensorFlow's wrapping.
  static Status Explain(const SaverGraph& saver, Status status);

  // Looks every key up and plans the reads; of a V1 checkpoint it reads the
  // values, too. Called again after kNeedBytes.
  // Returns NotFound for a missing key, InvalidArgument for other dtypes or
  // shapes than the variables have, both in TensorFlow's wrapping "Restoring
  // from checkpoint failed. ...", and the reader's own errors.
  Status Prepare();

  // What to read, after Prepare(). Reads may be done in any order.
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
  struct Item {
    const SaveSlot* slot = nullptr;
    bundle::Entry entry;
    std::optional<Shape> target;  // set if the value is to be reshaped
    Shape shape;                  // of the value
    Tensor value;
  };
  // What is stored under one key and belongs to one item.
  struct Part {
    size_t item = 0;
    bundle::SlicePart stored;
    bool is_all = false;  // of the item's value
    Tensor value;
    std::string text;                              // the bytes of strings
    std::optional<bundle::TensorDecoder> decoder;  // of numbers
  };

  Status LookUp();
  Status CheckDTypes() const;
  Status PlanParts();
  Status ReadV1();
  Status ReadV1Item(const SaveSlot& slot);
  Status CheckShapes();
  Status CheckShape(Item* item);
  Status PlanReads();
  Status SupplyPart(Part* part, const io::Extent& range, uint64_t offset,
                    Bytes bytes);
  Status CompletePart(Part* part);
  Status At(const SaveSlot& slot, Status status) const;

  session::Session* session_;
  const SaverGraph* saver_;
  bundle::BundleReader* reader_ = nullptr;
  bundle::V1Reader* v1_reader_ = nullptr;
  std::vector<Item> items_;  // in the order of the slots
  std::vector<Part> parts_;
  std::optional<bundle::V1Lookup> lookup_;  // of the next item
  std::vector<bundle::PlannedRead> plan_;
  std::vector<bundle::ReadRequest> requests_;  // one a part
  std::vector<uint64_t> supplied_;             // one a read
};

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_RESTORE_OPERATION_H_
