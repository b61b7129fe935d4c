// OpDefs of TensorFlow 1.15: arithmetic.
#include "engine/graph/shape_inference.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::ops {

namespace {

constexpr graph::OpSpec kMathOps[] = {
    {"Add", "x: T; y: T", "z: T",
     "T: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, "
     "complex64, complex128, string}",
     graph::kPure, graph::BroadcastShape},
    {"AddV2", "x: T; y: T", "z: T",
     "T: {bfloat16, half, float, double, uint8, int8, int16, int32, int64, "
     "complex64, complex128}",
     graph::kAggregate | graph::kCommutative, graph::BroadcastShape},
    {"Mul", "x: T; y: T", "z: T",
     "T: {bfloat16, half, float, double, uint8, int8, uint16, int16, int32, "
     "int64, complex64, complex128}",
     graph::kCommutative, graph::BroadcastShape},
    {"Sub", "x: T; y: T", "z: T",
     "T: {bfloat16, half, float, double, uint8, int8, uint16, int16, int32, "
     "int64, complex64, complex128}",
     graph::kPure, graph::BroadcastShape},
};

}  // namespace

std::span<const graph::OpSpec> MathOps() { return kMathOps; }

}  // namespace tensorbundle::ops
