// Signature: the types of one particular use of an op.
#ifndef TB_GRAPH_SIGNATURE_H_
#define TB_GRAPH_SIGNATURE_H_

#include <vector>

#include "engine/graph/attr_value.h"
#include "engine/graph/node_spec.h"
#include "engine/graph/op_def.h"
#include "engine/util/result.h"

namespace tensorbundle::graph {

struct Signature {
  struct Type {
    DType dtype = DType::kInvalid;
    bool is_ref = false;
  };

  AttrMap attrs;  // every attribute of the op, and what else the spec had
  std::vector<Type> outputs;
};

// Derives the attributes that the inputs' types imply, adds defaults, and
// checks everything against the OpDef. Errors have the texts of Python's
// wrappers: TypeError "Input 'y' of 'Add' Op has type int32 that does not match
// type float32 of argument 'x'.", and so on.
Result<Signature> ResolveSignature(const OpDef& def, const NodeSpec& spec);

// Checks `dtype` against what `attr` allows. Returns TypeError "Value passed to
// parameter '<parameter>' has DataType bool not in list of allowed values:
// ...".
Status CheckAllowed(const AttrDef& attr, DType dtype,
                    const std::string& parameter);

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_SIGNATURE_H_
