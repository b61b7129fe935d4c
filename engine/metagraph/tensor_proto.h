// TensorProto and TensorShapeProto: values and shapes as attributes hold them.
#ifndef TB_METAGRAPH_TENSOR_PROTO_H_
#define TB_METAGRAPH_TENSOR_PROTO_H_

#include <cstdint>
#include <optional>
#include <string>

#include "engine/graph/partial_shape.h"
#include "engine/tensor/tensor.h"
#include "engine/util/bytes.h"

namespace tensorbundle::metagraph {

// Appends the fields of a TensorShapeProto.
void AppendShapeProto(std::string* out, const graph::PartialShape& shape);

// Nothing for bytes that protobuf would not parse, and for what no shape can
// be: a dimension below -1, more than Shape::kMaxRank of them.
std::optional<graph::PartialShape> ParseShapeProto(Bytes message);

// Appends the fields of a TensorProto as tf.make_tensor_proto writes a numpy
// array of that value: raw bytes for several numbers of the common types, the
// field of the type otherwise. REQUIRES: tensor.initialized().
void AppendTensorProto(std::string* out, const Tensor& tensor);

// Nothing for what AppendTensorProto() cannot write, and for what protobuf
// would not parse. A tensor with fewer values than elements repeats the last
// one; the bytes that this adds are taken off `*expansion`, and when they are
// more than that, it is nothing, too.
std::optional<Tensor> ParseTensorProto(Bytes message, uint64_t* expansion);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_TENSOR_PROTO_H_
