// SaveV2 and RestoreV2 in a run: the runtime touches no files. It gives the
// value that the graph has for a node, or says who does what the op names.
#include "engine/graph/graph.h"
#include "engine/session/kernel.h"

namespace tensorbundle::session {

namespace {

class SaveKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node&, Resources&) {
    return std::unique_ptr<Kernel>(std::make_unique<SaveKernel>());
  }

  Status Compute(KernelContext&) override {
    return UnimplementedError(
        "Session.run() does not write files. Use tf.train.Saver.save(), which "
        "saves what this op names.");
  }
};

class RestoreKernel : public Kernel {
 public:
  static Result<std::unique_ptr<Kernel>> Make(const graph::Node&, Resources&) {
    return std::unique_ptr<Kernel>(std::make_unique<RestoreKernel>());
  }

  Status Compute(KernelContext& context) override {
    const graph::Node& node = context.node();
    if (const Tensor* value = node.graph().FindRestored(node)) {
      context.set_output(0, *value);
      return OkStatus();
    }
    return UnimplementedError(
        "Session.run() does not read files. Use tf.train.Saver.restore(), "
        "which restores what this op names.");
  }
};

constexpr KernelEntry kIoKernels[] = {
    {"MergeV2Checkpoints", SaveKernel::Make},
    {"RestoreV2", RestoreKernel::Make},
    {"SaveSlices", SaveKernel::Make},
    {"SaveV2", SaveKernel::Make},
    {"ShardedFilename", SaveKernel::Make},
    {"ShardedFilespec", SaveKernel::Make},
    {"StringJoin", SaveKernel::Make},
};

}  // namespace

std::span<const KernelEntry> IoKernels() { return kIoKernels; }

}  // namespace tensorbundle::session
