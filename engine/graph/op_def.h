// OpDef: what an op takes, gives and may be configured with; the registry of
// all ops that this engine knows.
#ifndef TB_GRAPH_OP_DEF_H_
#define TB_GRAPH_OP_DEF_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/graph/attr_value.h"
#include "engine/tensor/dtype.h"
#include "engine/util/status.h"

namespace tensorbundle::graph {

class InferenceContext;

// Sets every output's shape, or says why the inputs do not fit together.
using ShapeFunction = Status (*)(InferenceContext&);

// One input or output: a single tensor, `number_attr` tensors of one type, or
// a list of tensors whose types are the attribute `type_list_attr`.
struct ArgDef {
  std::string name;
  DType type = DType::kInvalid;  // kInvalid: see type_attr or type_list_attr
  std::string type_attr;
  std::string number_attr;
  std::string type_list_attr;
  bool is_ref = false;

  bool is_list() const {
    return !number_attr.empty() || !type_list_attr.empty();
  }
};

struct AttrDef {
  std::string name;
  std::string type;  // "int", "list(type)", ...
  std::optional<AttrValue> default_value;
  std::optional<int64_t> minimum;           // of an int, or of a list's length
  std::optional<AttrValue> allowed_values;  // a list
};

struct OpDef {
  std::string name;
  std::vector<ArgDef> inputs;
  std::vector<ArgDef> outputs;
  std::vector<AttrDef> attrs;
  bool is_aggregate = false;
  bool is_stateful = false;
  bool is_commutative = false;
  bool allows_uninitialized_input = false;
  ShapeFunction shape_function = nullptr;  // null: every output is unknown

  const AttrDef* FindAttr(std::string_view attr) const;
};

enum OpFlags : unsigned {
  kPure = 0,
  kAggregate = 1,
  kStateful = 2,
  kCommutative = 4,
  kAllowsUninitializedInput = 8,
};

// A row of the tables in engine/ops: an OpDef in the notation of TensorFlow's
// REGISTER_OP, items separated by ";".
//
//   arguments   x: T; values: N * T; tensors: dtypes; ref: Ref(T); n: int32
//   attributes  T: {float, int32}; N: int >= 1; axis: int = 0;
//               dtypes: list(type) >= 1; shape: shape = { unknown_rank: true }
struct OpSpec {
  const char* name;
  const char* inputs;
  const char* outputs;
  const char* attrs;
  unsigned flags;
  ShapeFunction shape_function;
};

class OpRegistry {
 public:
  // REQUIRES: every row parses and no two share a name.
  explicit OpRegistry(std::span<const std::span<const OpSpec>> tables);

  OpRegistry(const OpRegistry&) = delete;
  OpRegistry& operator=(const OpRegistry&) = delete;

  // Null when there is no such op. The OpDef lives as long as the registry.
  const OpDef* Find(std::string_view name) const;

  // Every op, in byte order of the names.
  std::vector<const OpDef*> All() const;

 private:
  std::map<std::string, OpDef, std::less<>> ops_;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_OP_DEF_H_
