#include "bindings/embind/restore_handle.h"

#include <utility>

#include "bindings/embind/convert.h"

namespace tensorbundle::embind {

RestoreHandle::RestoreHandle(SessionPointer session, SaverPointer saver,
                             ReaderPointer reader)
    : session_(std::move(session)),
      saver_(std::move(saver)),
      reader_(std::move(reader)),
      operation_(reader_->v1() != nullptr
                     ? train::RestoreOperation(session_.get(), &saver_->saver(),
                                               reader_->v1())
                     : train::RestoreOperation(session_.get(), &saver_->saver(),
                                               reader_->reader())) {}

int RestoreHandle::Prepare() { return Report(operation_.Prepare()); }

int RestoreHandle::Supply(int i, uintptr_t address, uint32_t size) {
  return Report(operation_.Supply(
      static_cast<size_t>(i),
      Bytes(reinterpret_cast<const uint8_t*>(address), size)));
}

int RestoreHandle::Finish() { return Report(operation_.Finish()); }

}  // namespace tensorbundle::embind
