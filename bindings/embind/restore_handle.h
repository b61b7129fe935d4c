// RestoreHandle: one tf.train.Saver.restore for JavaScript.
#ifndef TB_EMBIND_RESTORE_HANDLE_H_
#define TB_EMBIND_RESTORE_HANDLE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "bindings/embind/reader_handle.h"
#include "bindings/embind/saver_handle.h"
#include "bindings/embind/session_run.h"
#include "engine/train/restore_operation.h"

namespace tensorbundle::embind {

// Prepare, then Supply for every read in turn, then Finish; all return codes.
class RestoreHandle {
 public:
  // REQUIRES: the reader is open.
  RestoreHandle(SessionPointer session, SaverPointer saver,
                ReaderPointer reader);

  // 100: the reader's files need bytes; answer and call again.
  int Prepare();

  int num_reads() const { return static_cast<int>(operation_.num_reads()); }
  int read_shard(int i) const { return Read(i).shard_id; }
  double read_offset(int i) const {
    return static_cast<double>(Read(i).extent.offset);
  }
  double read_length(int i) const {
    return static_cast<double>(Read(i).extent.length);
  }

  // The next bytes of read `i`: `size` of them at `address`. A read without
  // bytes is supplied once as well.
  int Supply(int i, uintptr_t address, uint32_t size);

  int Finish();

 private:
  const bundle::PlannedRead& Read(int i) const {
    return operation_.read(static_cast<size_t>(i));
  }

  SessionPointer session_;
  SaverPointer saver_;
  ReaderPointer reader_;
  train::RestoreOperation operation_;
};

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_RESTORE_HANDLE_H_
