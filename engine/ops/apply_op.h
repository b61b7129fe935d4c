// ApplyOp: one op on any arguments, as Python's generated wrappers do it.
#ifndef TB_OPS_APPLY_OP_H_
#define TB_OPS_APPLY_OP_H_

#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/ops/operand.h"
#include "engine/util/result.h"

namespace tensorbundle::ops {

// One argument of an op: a value, or a list where the op takes a list.
struct Argument {
  template <std::convertible_to<Operand> T>
  Argument(T&& operand)  // NOLINT: implicit, like Operand itself
      : operands{Operand(std::forward<T>(operand))} {}
  Argument(std::vector<Operand> list)  // NOLINT
      : operands(std::move(list)), is_list(true) {}

  std::vector<Operand> operands;
  bool is_list = false;
};

// Opens the name scope `name` (the op's name if it is ""), turns the values
// among `arguments` into Consts named after the op's arguments ("add/y"), with
// the dtype that the op or an earlier argument dictates, and adds the node,
// colocated with its ref inputs. Errors are Python's (TypeError, ValueError).
// REQUIRES: one argument for each input of the OpDef.
Result<const graph::Node*> ApplyOp(graph::Graph* graph, std::string_view op,
                                   std::vector<Argument> arguments,
                                   graph::AttrMap attrs = {},
                                   std::string_view name = "");

// The same for ops with one output.
Result<graph::Output> ApplyOpOutput(graph::Graph* graph, std::string_view op,
                                    std::vector<Argument> arguments,
                                    graph::AttrMap attrs = {},
                                    std::string_view name = "");

}  // namespace tensorbundle::ops

#endif  // TB_OPS_APPLY_OP_H_
