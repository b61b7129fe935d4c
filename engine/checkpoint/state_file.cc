// A state file, as TensorFlow writes it:
//
//   model_checkpoint_path: "model.ckpt-1000"
//   all_model_checkpoint_paths: "model.ckpt-500"
//   all_model_checkpoint_paths: "model.ckpt-1000"
//   all_model_checkpoint_timestamps: 1571165245.1539788
//   last_preserved_timestamp: 1571165240.0
//
// The last two fields are a CheckpointManager's.
#include "engine/checkpoint/state_file.h"

#include <utility>

#include "engine/checkpoint/posix_path.h"
#include "engine/checkpoint/text_format.h"
#include "engine/util/decimal.h"

namespace tensorbundle::checkpoint {

namespace {

constexpr std::string_view kPath = "model_checkpoint_path";
constexpr std::string_view kAllPaths = "all_model_checkpoint_paths";
constexpr std::string_view kAllTimestamps = "all_model_checkpoint_timestamps";
constexpr std::string_view kLastPreserved = "last_preserved_timestamp";

// Reads one value, or, of a repeated field, a list in brackets.
template <typename Value>
Status ReadValues(TextScanner* scanner, bool repeated,
                  Result<Value> (TextScanner::*read)(),
                  std::vector<Value>* values) {
  if (!repeated || !scanner->Consume('[')) {
    TB_ASSIGN_OR_RETURN(Value value, (scanner->*read)());
    values->push_back(std::move(value));
    return OkStatus();
  }
  if (scanner->Consume(']')) return OkStatus();
  do {
    TB_ASSIGN_OR_RETURN(Value value, (scanner->*read)());
    values->push_back(std::move(value));
  } while (scanner->Consume(','));
  return scanner->Expect(']');
}

Status ReadField(TextScanner* scanner, CheckpointState* state) {
  const TextScanner before = *scanner;
  TB_ASSIGN_OR_RETURN(const std::string name, scanner->Identifier());
  const bool is_text = name == kPath || name == kAllPaths;
  if (!is_text && name != kAllTimestamps && name != kLastPreserved) {
    return before.Error(
        "Message type \"tensorflow.CheckpointState\" has no field named \"" +
        name + "\".");
  }
  TB_RETURN_IF_ERROR(scanner->Expect(':'));
  if (is_text) {
    std::vector<std::string> values;
    const bool repeated = name == kAllPaths;
    TB_RETURN_IF_ERROR(
        ReadValues(scanner, repeated, &TextScanner::String, &values));
    if (!repeated) {
      state->model_checkpoint_path = std::move(values.front());
    } else {
      for (std::string& value : values) {
        state->all_model_checkpoint_paths.push_back(std::move(value));
      }
    }
  } else {
    std::vector<double> values;
    const bool repeated = name == kAllTimestamps;
    TB_RETURN_IF_ERROR(
        ReadValues(scanner, repeated, &TextScanner::Double, &values));
    if (!repeated) {
      state->last_preserved_timestamp = values.front();
    } else {
      state->all_model_checkpoint_timestamps.insert(
          state->all_model_checkpoint_timestamps.end(), values.begin(),
          values.end());
    }
  }
  if (!scanner->Consume(',')) scanner->Consume(';');
  return OkStatus();
}

std::string Line(std::string_view name, std::string_view value) {
  return std::string(name) + ": " + std::string(value) + "\n";
}

// str(list) of Python, as messages quote it; no path here needs its escapes.
std::string PythonList(const std::vector<std::string>& items,
                       std::string_view quote) {
  std::string text = "[";
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += ", ";
    text.append(quote).append(items[i]).append(quote);
  }
  return text + "]";
}

}  // namespace

Result<CheckpointState> ParseCheckpointState(std::string_view text) {
  CheckpointState state;
  TextScanner scanner(text);
  while (!scanner.AtEnd()) TB_RETURN_IF_ERROR(ReadField(&scanner, &state));
  return state;
}

std::string PrintCheckpointState(const CheckpointState& state) {
  std::string text;
  if (!state.model_checkpoint_path.empty()) {
    text += Line(kPath, QuoteForTextFormat(state.model_checkpoint_path));
  }
  for (const std::string& path : state.all_model_checkpoint_paths) {
    text += Line(kAllPaths, QuoteForTextFormat(path));
  }
  for (double timestamp : state.all_model_checkpoint_timestamps) {
    text += Line(kAllTimestamps, ShortestDecimal(timestamp));
  }
  if (state.last_preserved_timestamp != 0) {
    text +=
        Line(kLastPreserved, ShortestDecimal(state.last_preserved_timestamp));
  }
  return text;
}

Result<CheckpointState> MakeCheckpointState(
    const CheckpointStateRequest& request) {
  CheckpointState state;
  state.model_checkpoint_path = request.model_checkpoint_path;
  state.all_model_checkpoint_paths = request.all_model_checkpoint_paths;
  state.all_model_checkpoint_timestamps =
      request.all_model_checkpoint_timestamps;
  state.last_preserved_timestamp = request.last_preserved_timestamp;

  std::string& path = state.model_checkpoint_path;
  std::vector<std::string>& all = state.all_model_checkpoint_paths;
  const auto make_relative = [&](std::string* p) {
    *p = RelativePath(*p, request.save_dir, request.working_dir);
  };
  if (request.save_relative_paths) {
    if (IsAbsolutePath(path)) make_relative(&path);
    for (std::string& p : all) {
      if (IsAbsolutePath(p)) make_relative(&p);
    }
  }
  if (all.empty() || all.back() != path) all.push_back(path);
  const auto& timestamps = request.all_model_checkpoint_timestamps;
  if (!timestamps.empty() && timestamps.size() != all.size()) {
    std::vector<std::string> numbers;
    for (double t : timestamps) numbers.push_back(ShortestDecimal(t));
    return PyValueError(
        "Checkpoint timestamps, if provided, must match checkpoint paths (got "
        "paths " +
        PythonList(all, "'") + " and timestamps " + PythonList(numbers, "") +
        ")");
  }
  // A reader joins relative paths with the directory of the state file.
  if (!IsAbsolutePath(request.save_dir)) {
    if (!IsAbsolutePath(path)) make_relative(&path);
    for (std::string& p : all) {
      if (!IsAbsolutePath(p)) make_relative(&p);
    }
  }
  return state;
}

Result<CheckpointState> ResolveCheckpointState(CheckpointState state,
                                               std::string_view dir) {
  if (state.model_checkpoint_path.empty()) {
    return PyValueError("Invalid checkpoint state loaded from " +
                        std::string(dir));
  }
  state.model_checkpoint_path = JoinPath(dir, state.model_checkpoint_path);
  for (std::string& path : state.all_model_checkpoint_paths) {
    path = JoinPath(dir, path);
  }
  return state;
}

Status CheckSavePath(std::string_view save_path, std::string_view state_file) {
  if (save_path != state_file) return OkStatus();
  return PyRuntimeError("Save path '" + std::string(save_path) +
                        "' conflicts with path used for checkpoint state.  "
                        "Please use a different save path.");
}

}  // namespace tensorbundle::checkpoint
