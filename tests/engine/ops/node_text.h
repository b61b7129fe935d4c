// A node on one line, so that a test can state a graph as a table.
#ifndef TB_TESTS_ENGINE_OPS_NODE_TEXT_H_
#define TB_TESTS_ENGINE_OPS_NODE_TEXT_H_

#include <string>
#include <vector>

#include "engine/graph/graph.h"

namespace tensorbundle::ops {

inline std::string AttrText(const graph::AttrValue& value) {
  const auto join = [](const auto& items, const auto& text) {
    std::string joined;
    for (const auto& item : items) {
      joined += (joined.empty() ? "" : ",") + text(item);
    }
    return "[" + joined + "]";
  };
  if (value.string()) return "\"" + *value.string() + "\"";
  if (value.integer()) return std::to_string(*value.integer());
  if (value.boolean()) return *value.boolean() ? "true" : "false";
  if (value.type()) return DTypeString(*value.type());
  if (value.shape()) return value.shape()->ToString();
  if (const Tensor* tensor = value.tensor()) {
    std::string elements;
    for (int64_t i = 0; i < tensor->num_elements(); ++i) {
      const size_t at = static_cast<size_t>(i);
      if (i > 0) elements += ' ';
      switch (tensor->dtype()) {
        case DType::kString:
          elements += "'" + tensor->strings()[at] + "'";
          break;
        case DType::kInt32:
          elements += std::to_string(tensor->as<int32_t>()[at]);
          break;
        case DType::kInt64:
          elements += std::to_string(tensor->as<int64_t>()[at]);
          break;
        case DType::kFloat:
          elements += std::to_string(tensor->as<float>()[at]);
          break;
        default:
          elements += "?";
      }
    }
    return "<" + DTypeString(tensor->dtype()) + tensor->shape().ToString() +
           " " + elements + ">";
  }
  if (const graph::AttrList* list = value.list()) {
    if (!list->s.empty()) {
      return join(list->s, [](const std::string& s) { return s; });
    }
    return join(list->type, [](DType type) { return DTypeString(type); });
  }
  return "?";
}

// "name = Op(inputs) attr=value ... @device : shape".
inline std::string NodeText(const graph::Node& node) {
  std::string text = node.name() + " = " + node.op() + "(";
  bool first = true;
  for (const std::string& input : node.InputNames()) {
    text += (first ? "" : ", ") + input;
    first = false;
  }
  text += ")";
  for (const auto& [name, value] : node.attrs()) {
    text += " " + name + "=" + AttrText(value);
  }
  if (!node.device().empty()) text += " @" + node.device();
  for (int i = 0; i < node.num_outputs(); ++i) {
    text += (i == 0 ? " : " : " ") + node.output(i).shape().ToString();
  }
  return text;
}

inline std::vector<std::string> GraphText(const graph::Graph& graph) {
  std::vector<std::string> lines;
  for (int id = 1; id <= graph.num_nodes(); ++id) {
    lines.push_back(NodeText(graph.node(id)));
  }
  return lines;
}

inline std::vector<std::string> NodeNames(const graph::Graph& graph) {
  std::vector<std::string> names;
  for (int id = 1; id <= graph.num_nodes(); ++id) {
    names.push_back(graph.node(id).name() + " " + graph.node(id).op());
  }
  return names;
}

}  // namespace tensorbundle::ops

#endif  // TB_TESTS_ENGINE_OPS_NODE_TEXT_H_
