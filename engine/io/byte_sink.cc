#include "engine/io/byte_sink.h"

#include <utility>

namespace tensorbundle::io {

Status MemorySink::Append(Bytes bytes) {
  contents_.append(AsString(bytes));
  return OkStatus();
}

std::string MemorySink::TakeContents() {
  return std::exchange(contents_, std::string());
}

}  // namespace tensorbundle::io
