// Operand: whatever a caller may pass where an op wants a tensor.
#ifndef TB_OPS_OPERAND_H_
#define TB_OPS_OPERAND_H_

#include <optional>
#include <string_view>
#include <variant>

#include "engine/graph/graph.h"
#include "engine/ops/literal.h"
#include "engine/tensor/tensor.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

class Operand {
 public:
  // Implicit on purpose, as the conversion in Python is.
  Operand(graph::Output tensor) : value_(tensor) {}  // NOLINT
  // Its ref where the op wants one, else its snapshot.
  Operand(const graph::Variable* variable) : value_(variable) {}  // NOLINT
  // An array that has a dtype of its own, as numpy's have; where its place
  // asks for another it is converted as astype() does.
  Operand(Tensor value) : value_(std::move(value)) {}             // NOLINT
  Operand(Literal literal) : value_(std::move(literal)) {}        // NOLINT
  Operand(double number);                                         // NOLINT
  Operand(const char* text) : Operand(std::string_view(text)) {}  // NOLINT
  Operand(std::string_view text);                                 // NOLINT

  // The tensor of the graph that it is already; nothing for values.
  std::optional<graph::Output> tensor() const;
  const graph::Variable* variable() const;

  // ops.convert_to_tensor(value, dtype, name): adds a Const named `name` for a
  // value. Returns ValueError for a tensor of another dtype, TypeError
  // "Expected int32, got 1.5 of type 'float' instead." for a value that
  // `dtype` cannot hold.
  Result<graph::Output> ToTensor(graph::Graph* graph,
                                 std::optional<DType> dtype,
                                 std::string_view name) const;

  // The same with a dtype that is merely preferred.
  Result<graph::Output> ToTensorPreferring(graph::Graph* graph, DType dtype,
                                           std::string_view name) const;

  // As the input of an argument that is a ref.
  Result<graph::Output> ToRef() const;

  // The dtype of ToTensor() with no dtype asked for.
  DType natural_dtype() const;

 private:
  std::variant<graph::Output, const graph::Variable*, Tensor, Literal> value_;
};

}  // namespace tensorbundle::ops

#endif  // TB_OPS_OPERAND_H_
