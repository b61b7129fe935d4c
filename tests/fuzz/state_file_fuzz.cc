// Any text as a state file: what is read, printed and read again is the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/checkpoint/state_file.h"
#include "tests/fuzz/repair.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Result<checkpoint::CheckpointState> state =
      checkpoint::ParseCheckpointState(text);
  if (!state.ok()) {
    fuzz::Require(state.status().code() == Code::kInvalidArgument);
    fuzz::Require(state.status().message().find(':') != std::string::npos);
    return 0;
  }
  const std::string printed = checkpoint::PrintCheckpointState(*state);
  const auto again = checkpoint::ParseCheckpointState(printed);
  fuzz::Require(again.ok());
  // Not the states, as one may have a NaN for a timestamp.
  fuzz::Require(checkpoint::PrintCheckpointState(*again) == printed);
  const auto resolved =
      checkpoint::ResolveCheckpointState(std::move(state).value(), "/dir");
  if (resolved.ok()) {
    fuzz::Require(resolved->model_checkpoint_path.front() == '/');
  }
  return 0;
}
