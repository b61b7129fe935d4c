#include "engine/ops/array.h"

#include <string>
#include <utility>

#include "engine/ops/apply_op.h"

namespace tensorbundle::ops {

using graph::AttrValue;
using graph::Graph;
using graph::Output;

Result<Output> Constant(Graph* graph, Tensor value, std::string_view name) {
  graph::NodeSpec spec;
  spec.op = "Const";
  spec.name = std::string(name);
  spec.attrs["dtype"] = AttrValue::Type(value.dtype());
  spec.attrs["value"] = AttrValue::Tensor(std::move(value));
  TB_ASSIGN_OR_RETURN(const graph::Node* node, graph->AddNode(std::move(spec)));
  return node->output(0);
}

Result<Output> Placeholder(Graph* graph, DType dtype, graph::PartialShape shape,
                           std::string_view name) {
  return ApplyOpOutput(graph, "Placeholder", {},
                       {{"dtype", AttrValue::Type(dtype)},
                        {"shape", AttrValue::Shape(std::move(shape))}},
                       name);
}

Result<Output> PlaceholderWithDefault(Graph* graph, const Operand& value,
                                      graph::PartialShape shape,
                                      std::string_view name) {
  return ApplyOpOutput(graph, "PlaceholderWithDefault", {value},
                       {{"shape", AttrValue::Shape(std::move(shape))}}, name);
}

Result<Output> Identity(Graph* graph, const Operand& value,
                        std::string_view name) {
  return ApplyOpOutput(graph, "Identity", {value}, {}, name);
}

}  // namespace tensorbundle::ops
