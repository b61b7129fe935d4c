// Every op that a graph can hold has a kernel, or says why not.
#include "engine/ops/standard_ops.h"
#include "engine/session/kernel.h"
#include "tests/engine/session/session_fixture.h"

namespace tensorbundle::session {
namespace {

TEST(Kernels, ThereIsOneForEveryOp) {
  std::vector<std::string_view> names;
  for (std::span<const KernelEntry> table :
       {ArrangeKernels(), ArrayKernels(), ConvKernels(), IoKernels(),
        BatchNormKernels(), LinalgKernels(), MathKernels(), MatMulKernels(),
        NnKernels(), RandomKernels(), ReductionKernels(), SliceKernels(),
        StateKernels(), TrainingKernels()}) {
    for (const KernelEntry& entry : table) names.push_back(entry.op);
  }
  for (const graph::OpDef* def : ops::StandardOps().All()) {
    EXPECT_EQ(std::count(names.begin(), names.end(), def->name), 1)
        << def->name;
  }
  EXPECT_EQ(names.size(), ops::StandardOps().All().size());
}

TEST_F(SessionTest, QuantizedVariablesCannotBeAddedTo) {
  const graph::Variable* v =
      Variable(*Tensor::Create(DType::kQint8, Shape::Of({2})));
  Initialize();
  const graph::Output added =
      Must(ops::AssignAdd(graph_.get(), v->variable,
                          *Tensor::Create(DType::kQint8, Shape::Of({2})), {}));
  EXPECT_EQ(Error(added).message(),
            "No OpKernel was registered to support Op 'AssignAdd' with "
            "T=DT_QINT8\n\t [[{{node AssignAdd}}]]");
}

}  // namespace
}  // namespace tensorbundle::session
