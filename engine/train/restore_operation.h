// RestoreOperation: one Saver.restore, from the bytes of a bundle to the
// variables of a session.
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
#include "engine/session/session.h"
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

  // How Saver.restore words the failure `status` of reading a checkpoint: with
  // the node RestoreV2, and in TensorFlow's wrapping.
  static Status Explain(const SaverGraph& saver, Status status);

  // Looks every key up and plans the reads. Called again after kNeedBytes.
  // Returns NotFound for a missing key, InvalidArgument for other dtypes or
  // shapes than the variables have, both in TensorFlow's wrapping "Restoring
  // from checkpoint failed. ...", and the bundle's own errors.
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
    Tensor value;
    std::vector<bundle::TensorDecoder> decoder;  // one, once planned
  };

  Status LookUp();
  Status CheckDTypes() const;
  Status CheckShapes() const;
  Status Plan();

  session::Session* session_;
  const SaverGraph* saver_;
  bundle::BundleReader* reader_;
  std::vector<Item> items_;  // in the order of the slots: by key
  std::vector<bundle::PlannedRead> plan_;
  std::vector<bundle::ReadRequest> requests_;  // one an item
  std::vector<uint64_t> supplied_;             // one a read
};

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_RESTORE_OPERATION_H_
