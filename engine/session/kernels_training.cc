// Kernels of what optimizers do to variables, in the variables' own memory.
#include <algorithm>
#include <array>
#include <string>

#include "engine/kernels/adadelta.h"
#include "engine/kernels/adagrad.h"
#include "engine/kernels/adam.h"
#include "engine/kernels/ftrl.h"
#include "engine/kernels/gradient_descent.h"
#include "engine/kernels/momentum.h"
#include "engine/kernels/rms_prop.h"
#include "engine/session/kernel.h"
#include "engine/session/state_update.h"

namespace tensorbundle::session {

namespace {

// The inputs of an update, sorted: refs in order, numbers in order, and the
// gradient among them.
template <typename T>
struct Update {
  size_t count;
  std::array<T*, 4> state;
  std::array<T, 6> number;
  const T* gradient;
  bool nesterov;
  bool update_slots;
};

template <typename T>
void RunGradientDescent(const Update<T>& u) {
  kernels::ApplyGradientDescent<T>(u.count, u.number[0], u.gradient,
                                   u.state[0]);
}

template <typename T>
void RunMomentum(const Update<T>& u) {
  kernels::ApplyMomentum<T>(u.count, {u.number[0], u.number[1], u.nesterov},
                            u.gradient, u.state[0], u.state[1]);
}

template <typename T>
void RunAdam(const Update<T>& u) {
  kernels::AdamOptions<T> options;
  options.beta1_power = u.number[0];
  options.beta2_power = u.number[1];
  options.learning_rate = u.number[2];
  options.beta1 = u.number[3];
  options.beta2 = u.number[4];
  options.epsilon = u.number[5];
  options.use_nesterov = u.nesterov;
  kernels::ApplyAdam<T>(u.count, options, u.gradient, u.state[0], u.state[1],
                        u.state[2]);
}

template <typename T>
void RunAdagrad(const Update<T>& u) {
  kernels::ApplyAdagrad<T>(u.count, u.number[0], u.update_slots, u.gradient,
                           u.state[0], u.state[1]);
}

template <typename T>
void RunAdadelta(const Update<T>& u) {
  kernels::ApplyAdadelta<T>(u.count, {u.number[0], u.number[1], u.number[2]},
                            u.gradient, u.state[0], u.state[1], u.state[2]);
}

template <typename T>
void RunRmsProp(const Update<T>& u) {
  kernels::ApplyRmsProp<T>(u.count,
                           {u.number[0], u.number[1], u.number[2], u.number[3]},
                           u.gradient, u.state[0], u.state[1], u.state[2]);
}

template <typename T>
void RunCenteredRmsProp(const Update<T>& u) {
  kernels::ApplyCenteredRmsProp<T>(
      u.count, {u.number[0], u.number[1], u.number[2], u.number[3]}, u.gradient,
      u.state[0], u.state[1], u.state[2], u.state[3]);
}

template <typename T, bool kShrinks>
void RunFtrl(const Update<T>& u) {
  kernels::FtrlOptions<T> options;
  options.learning_rate = u.number[0];
  options.l1 = u.number[1];
  options.l2 = u.number[2];
  options.l2_shrinkage = kShrinks ? u.number[3] : T(0);
  options.learning_rate_power = u.number[kShrinks ? 4 : 3];
  kernels::ApplyFtrl<T>(u.count, options, u.gradient, u.state[0], u.state[1],
                        u.state[2]);
}

template <typename T>
using RunFunction = void (*)(const Update<T>&);

template <typename T>
class TrainingKernel : public Kernel {
 public:
  TrainingKernel(const graph::Node& node, RunFunction<T> run) : run_(run) {
    const graph::AttrValue* nesterov = node.attr("use_nesterov");
    const graph::AttrValue* update_slots = node.attr("update_slots");
    nesterov_ = nesterov != nullptr && *nesterov->boolean();
    update_slots_ = update_slots == nullptr || *update_slots->boolean();
  }

  Status Compute(KernelContext& context) override {
    Update<T> update = {};
    update.nesterov = nesterov_;
    update.update_slots = update_slots_;
    size_t refs = 0;
    size_t numbers = 0;
    for (int i = 0; i < context.num_inputs(); ++i) {
      const graph::ArgDef& arg =
          context.node().def()->inputs[static_cast<size_t>(i)];
      if (arg.is_ref) {
        TB_RETURN_IF_ERROR(CheckRef(context, i));
        TB_RETURN_IF_ERROR(CheckAlike(context, i, arg.name));
        Tensor& value = context.variable(i)->value;
        if (!value.unique()) {
          TB_ASSIGN_OR_RETURN(value, value.Clone());
        }
        update.state[refs++] = value.mutable_as<T>().data();
        continue;
      }
      const Tensor& value = context.input(i);
      if (arg.name == "grad" || arg.name == "delta") {
        TB_RETURN_IF_ERROR(CheckAlike(context, i, arg.name));
        update.gradient = value.as<T>().data();
        continue;
      }
      if (value.shape().rank() != 0) {
        return InvalidArgumentError(
            arg.name + " is not a scalar: " + value.shape().ToString());
      }
      update.number[numbers++] = value.as<T>()[0];
    }
    update.count = static_cast<size_t>(context.input(0).num_elements());
    run_(update);
    context.set_output_ref(0, context.variable(0));
    return OkStatus();
  }

 private:
  static Status CheckAlike(const KernelContext& context, int i,
                           const std::string& name) {
    const Shape& var = context.input(0).shape();
    const Shape& other = context.input(i).shape();
    if (var == other) return OkStatus();
    return InvalidArgumentError("var and " + name +
                                " do not have the same shape" + var.ToString() +
                                " " + other.ToString());
  }

  const RunFunction<T> run_;
  bool nesterov_;
  bool update_slots_;
};

template <RunFunction<float> kFloat, RunFunction<double> kDouble>
Result<std::unique_ptr<Kernel>> Make(const graph::Node& node, Resources&) {
  const DType dtype = node.type_attr("T");
  if (dtype == DType::kFloat) {
    return std::unique_ptr<Kernel>(
        std::make_unique<TrainingKernel<float>>(node, kFloat));
  }
  if (dtype == DType::kDouble) {
    return std::unique_ptr<Kernel>(
        std::make_unique<TrainingKernel<double>>(node, kDouble));
  }
  return InvalidArgumentError("No OpKernel was registered to support Op '" +
                              node.op() + "' with T=" + DTypeProtoName(dtype));
}

constexpr KernelEntry kTrainingKernels[] = {
    {"ApplyAdadelta", Make<RunAdadelta<float>, RunAdadelta<double>>},
    {"ApplyAdagrad", Make<RunAdagrad<float>, RunAdagrad<double>>},
    {"ApplyAdam", Make<RunAdam<float>, RunAdam<double>>},
    {"ApplyCenteredRMSProp",
     Make<RunCenteredRmsProp<float>, RunCenteredRmsProp<double>>},
    {"ApplyFtrl", Make<RunFtrl<float, false>, RunFtrl<double, false>>},
    {"ApplyFtrlV2", Make<RunFtrl<float, true>, RunFtrl<double, true>>},
    {"ApplyGradientDescent",
     Make<RunGradientDescent<float>, RunGradientDescent<double>>},
    {"ApplyMomentum", Make<RunMomentum<float>, RunMomentum<double>>},
    {"ApplyRMSProp", Make<RunRmsProp<float>, RunRmsProp<double>>},
};

}  // namespace

std::span<const KernelEntry> TrainingKernels() { return kTrainingKernels; }

}  // namespace tensorbundle::session
