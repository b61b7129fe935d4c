#include "engine/session/executor.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/session/pruner.h"

namespace tensorbundle::session {

namespace {

using graph::Node;
using graph::Output;

// What is cheaper to compute again than to keep.
constexpr size_t kMaxConstantBytes = 1 << 20;

Status Uninitialized(const std::string& variable) {
  return FailedPreconditionError("Attempting to use uninitialized value " +
                                 variable);
}

}  // namespace

Result<Kernel*> KernelCache::Get(const Node& node, Resources& resources) {
  const size_t index = static_cast<size_t>(node.id() - 1);
  if (kernels_.size() <= index) kernels_.resize(index + 1);
  if (kernels_[index] == nullptr) {
    Result<std::unique_ptr<Kernel>> kernel = MakeKernel(node, resources);
    if (!kernel.ok()) return AtNode(kernel.status(), node.name());
    kernels_[index] = std::move(kernel).value();
  }
  return kernels_[index].get();
}

Result<std::unique_ptr<Plan>> Plan::Compile(
    std::span<const Output> feeds, std::span<const Output> fetches,
    std::span<const Node* const> targets, KernelCache* kernels,
    Resources* resources) {
  Pruner pruner(feeds);
  for (const Output& fetch : fetches) pruner.Need(fetch);
  for (const Node* target : targets) pruner.Need(target);

  std::unique_ptr<Plan> plan(new Plan(&kernels->pool()));
  int num_slots = 0;
  for (size_t i = 0; i < feeds.size(); ++i) {
    plan->feed_slots_.push_back(num_slots++);
  }
  std::unordered_map<const Node*, int> first_slot;
  const auto slot_of = [&](const Output& output) {
    const auto feed = std::find(feeds.begin(), feeds.end(), output);
    if (feed != feeds.end()) return static_cast<int>(feed - feeds.begin());
    return first_slot.at(output.node) + output.index;
  };
  for (const Node* node : pruner.Nodes()) {
    Step step;
    step.node = node;
    TB_ASSIGN_OR_RETURN(step.kernel, kernels->Get(*node, *resources));
    for (const Output& input : node->inputs()) {
      step.inputs.push_back(slot_of(input));
    }
    step.first_output = num_slots;
    first_slot[node] = num_slots;
    num_slots += node->num_outputs();
    plan->steps_.push_back(std::move(step));
  }
  for (const Output& fetch : fetches) {
    plan->fetches_.push_back({slot_of(fetch), fetch});
  }
  plan->slots_.resize(static_cast<size_t>(num_slots));
  plan->MarkConstants();
  plan->MarkLastUses();
  plan->BindInputs();
  return plan;
}

// A step is constant if nothing but constants goes into it and nobody can tell
// whether it runs again.
void Plan::MarkConstants() {
  std::vector<bool> constant(slots_.size(), false);
  for (Step& step : steps_) {
    step.is_constant =
        IsFreeOfEffects(*step.node) && step.node->control_inputs().empty() &&
        (step.node->op() == "Const" || !step.inputs.empty()) &&
        std::all_of(step.inputs.begin(), step.inputs.end(), [&](int input) {
          return constant[static_cast<size_t>(input)];
        });
    for (int i = 0; step.is_constant && i < step.node->num_outputs(); ++i) {
      constant[static_cast<size_t>(step.first_output + i)] = true;
    }
  }
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (!constant[i]) released_slots_.push_back(static_cast<int>(i));
  }
}

void Plan::MarkLastUses() {
  std::vector<bool> live(slots_.size(), false);
  for (const Fetch& fetch : fetches_)
    live[static_cast<size_t>(fetch.slot)] = true;
  for (const Step& step : steps_) {
    for (int i = 0; step.is_constant && i < step.node->num_outputs(); ++i) {
      live[static_cast<size_t>(step.first_output + i)] = true;
    }
  }
  for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
    const auto mark = [&](int slot) {
      if (live[static_cast<size_t>(slot)]) return;
      live[static_cast<size_t>(slot)] = true;
      step->last_uses.push_back(slot);
    };
    for (int slot : step->inputs) mark(slot);
    for (int i = 0; i < step->node->num_outputs(); ++i) {
      mark(step->first_output + i);
    }
  }
}

void Plan::BindInputs() {
  for (Step& step : steps_) {
    for (int input : step.inputs) {
      const bool is_last_use =
          std::find(step.last_uses.begin(), step.last_uses.end(), input) !=
          step.last_uses.end();
      step.values.push_back({&slot(input), is_last_use});
    }
  }
}

Result<std::vector<Tensor>> Plan::Run(std::span<const Tensor> feeds) {
  for (size_t i = 0; i < feeds.size(); ++i) {
    slot(feed_slots_[i]).tensor = feeds[i];
  }
  Status status;
  for (Step& step : steps_) {
    if (step.is_done) continue;
    status = RunStep(step);
    if (!status.ok()) break;
  }
  Result<std::vector<Tensor>> results =
      status.ok() ? TakeFetches() : Result<std::vector<Tensor>>(status);
  for (int released : released_slots_) Release(slot(released));
  for (const Step& step : steps_) {
    if (!step.is_constant || step.is_done) continue;
    for (int i = 0; i < step.node->num_outputs(); ++i) {
      Release(slot(step.first_output + i));
    }
  }
  pool_->EndRun();
  return results;
}

Status Plan::RunStep(Step& step) {
  const Node& node = *step.node;
  const bool may_be_uninitialized =
      node.def() != nullptr && node.def()->allows_uninitialized_input;
  for (size_t i = 0; i < step.values.size(); ++i) {
    const VariableState* variable = step.values[i].value->variable;
    if (variable != nullptr && !variable->initialized() &&
        !may_be_uninitialized &&
        node.input(static_cast<int>(i)).dtype() != DType::kResource) {
      return AtNode(Uninitialized(node.InputName(static_cast<int>(i))),
                    node.name());
    }
  }
  KernelContext context(
      node, step.values,
      std::span(slots_).subspan(static_cast<size_t>(step.first_output),
                                static_cast<size_t>(node.num_outputs())),
      pool_);
  const Status status = step.kernel->Compute(context);
  if (!status.ok()) return AtNode(status, node.name());
  for (int last : step.last_uses) Release(slot(last));
  step.is_done = step.is_constant && OutputBytes(step) <= kMaxConstantBytes;
  return OkStatus();
}

size_t Plan::OutputBytes(const Step& step) {
  size_t bytes = 0;
  for (int i = 0; i < step.node->num_outputs(); ++i) {
    bytes += slot(step.first_output + i).tensor.capacity();
  }
  return bytes;
}

void Plan::Release(Value& value) {
  value.variable = nullptr;
  if (value.tensor.initialized()) pool_->Give(std::exchange(value.tensor, {}));
}

Result<std::vector<Tensor>> Plan::TakeFetches() {
  std::vector<Tensor> results;
  for (size_t i = 0; i < fetches_.size(); ++i) {
    const Fetch& fetch = fetches_[i];
    const Value& value = slots_[static_cast<size_t>(fetch.slot)];
    if (!value.get().initialized()) {
      // TensorFlow fetches through a node of its own, which it names.
      const Node& node = *fetch.output.node;
      const std::string index = std::to_string(fetch.output.index);
      return AtNode(
          Uninitialized(fetch.output.index == 0 ? node.name()
                                                : fetch.output.name()),
          "_retval_" + node.name() + "_" + index + "_" + std::to_string(i));
    }
    results.push_back(value.get());
  }
  return results;
}

}  // namespace tensorbundle::session
