#include "engine/graph/lookup.h"

#include <string>

namespace tensorbundle::graph {

namespace {

// repr() of a str.
std::string Quoted(std::string_view text) {
  const char quote =
      text.find('\'') != text.npos && text.find('"') == text.npos ? '"' : '\'';
  std::string quoted(1, quote);
  for (char c : text) {
    if (c == quote || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + quote;
}

Status LookupError(std::string message) {
  return Status(Code::kPyLookupError, std::move(message));
}

// int(text) for what can be the index of an output.
std::optional<int> ParseIndex(std::string_view text) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  int value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

constexpr std::string_view kTensorNameForm =
    " Tensor names must be of the form \"<op_name>:<output_index>\".";

Result<Element> FindTensor(const Graph& graph, std::string_view name,
                           size_t colon) {
  const std::optional<int> index = ParseIndex(name.substr(colon + 1));
  if (!index) {
    return PyValueError("The name " + Quoted(name) +
                        " looks a like a Tensor name, but is not a valid one." +
                        std::string(kTensorNameForm));
  }
  const std::string_view op = name.substr(0, colon);
  const std::string refers =
      "The name " + Quoted(name) +
      " refers to a Tensor which does not exist. The operation, " + Quoted(op);
  const Node* node = graph.FindNode(op);
  if (node == nullptr) {
    return LookupError(refers + ", does not exist in the graph.");
  }
  if (*index >= node->num_outputs()) {
    return LookupError(refers + ", exists but only has " +
                       std::to_string(node->num_outputs()) + " outputs.");
  }
  return Element{node, *index};
}

}  // namespace

Result<Element> FindElement(const Graph& graph, std::string_view name,
                            ElementKinds kinds) {
  const size_t colon = name.find(':');
  if (colon != name.npos) {
    if (kinds == ElementKinds::kOperation) {
      return PyValueError("Name " + Quoted(name) +
                          " appears to refer to a Tensor, not a Operation.");
    }
    return FindTensor(graph, name, colon);
  }
  const Node* node = graph.FindNode(name);
  if (kinds == ElementKinds::kTensor) {
    return PyValueError(
        "The name " + Quoted(name) +
        (node ? " refers to an Operation, not a Tensor."
              : " looks like an (invalid) Operation name, not a Tensor.") +
        std::string(kTensorNameForm));
  }
  if (node == nullptr) {
    return LookupError("The name " + Quoted(name) +
                       " refers to an Operation not in the graph.");
  }
  return Element{node, std::nullopt};
}

}  // namespace tensorbundle::graph
