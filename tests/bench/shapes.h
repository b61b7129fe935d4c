// The products of one training step of the lessons' networks, batch 128, and
// the shapes by which matmuls are usually compared.
#ifndef TB_TESTS_BENCH_SHAPES_H_
#define TB_TESTS_BENCH_SHAPES_H_

#include "engine/kernels/matmul.h"

namespace tensorbundle::bench {

struct NamedShape {
  const char* name;
  kernels::MatMulShape shape;  // rows, columns, depth, transposes
};

inline constexpr NamedShape kMatMulShapes[] = {
    {"512^3", {512, 512, 512}},
    {"x W, 128x784 x 784x128", {128, 128, 784}},
    {"x^T dy, 784x128 x 128x128", {784, 128, 128, true, false}},
    {"dy W^T, 128x128 x 128x784", {128, 784, 128, false, true}},
    {"x W, 128x784 x 784x10", {128, 10, 784}},
    {"x W, 128x128 x 128x10", {128, 10, 128}},
    {"x^T dy, 784x128 x 128x10", {784, 10, 128, true, false}},
    {"x^T dy, 128x128 x 128x10", {128, 10, 128, true, false}},
    {"dy W^T, 128x10 x 10x128", {128, 128, 10, false, true}},
    {"x W, 1x784 x 784x128", {1, 128, 784}},
    {"patches 3136x800 x 800x64", {3136, 64, 800}},
};

}  // namespace tensorbundle::bench

#endif  // TB_TESTS_BENCH_SHAPES_H_
