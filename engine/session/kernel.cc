#include "engine/session/kernel.h"

#include <string>

namespace tensorbundle::session {

Result<Tensor*> KernelContext::AllocateOutput(int i, const Shape& shape) {
  TB_ASSIGN_OR_RETURN(Tensor tensor,
                      Tensor::Create(node_.output(i).dtype(), shape));
  output(i) = Value{std::move(tensor)};
  return &output(i).tensor;
}

Result<std::unique_ptr<Kernel>> MakeKernel(const graph::Node& node,
                                           Resources& resources) {
  const std::span<const KernelEntry> tables[] = {ArrayKernels(), IoKernels(),
                                                 MathKernels(), RandomKernels(),
                                                 StateKernels()};
  for (std::span<const KernelEntry> table : tables) {
    for (const KernelEntry& entry : table) {
      if (entry.op == node.op()) return entry.make(node, resources);
    }
  }
  return InvalidArgumentError("No OpKernel was registered to support Op '" +
                              node.op() + "'");
}

Status AtNode(const Status& status, std::string_view node_name) {
  return Status(status).WithMessage(status.message() + "\n\t [[{{node " +
                                    std::string(node_name) + "}}]]");
}

}  // namespace tensorbundle::session
