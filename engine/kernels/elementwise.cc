// An operand that is broadcast along a dimension has stride 0 there. Dimensions
// that both operands walk evenly are merged, which leaves one loop for equal
// shapes and for scalars, and few for everything else.
#include "engine/kernels/elementwise.h"

#include <algorithm>
#include <cassert>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/kernels/binary_loops.h"
#include "engine/util/float16.h"

namespace tensorbundle::kernels {

namespace {

struct Add {
  template <typename T>
  T operator()(T a, T b) const {
    return a + b;
  }
};
struct Sub {
  template <typename T>
  T operator()(T a, T b) const {
    return a - b;
  }
};
struct Mul {
  template <typename T>
  T operator()(T a, T b) const {
    return a * b;
  }
};

// A signed and an unsigned integer of one size have the same sums, differences
// and products; 32 bits keep small ones from being promoted to int.
template <typename T>
struct Integer {
  T bits;
  using Wide = std::conditional_t<sizeof(T) == 8, uint64_t, uint32_t>;

  template <typename Op>
  static Integer Apply(Op op, Integer a, Integer b) {
    return {static_cast<T>(
        op(static_cast<Wide>(a.bits), static_cast<Wide>(b.bits)))};
  }
};

template <typename T>
struct Real {
  // Of the common dtypes, equal shapes and scalars have loops of their own,
  // which the compiler vectorises.
  static constexpr bool kCommon = true;
  T value;

  template <typename Op>
  static Real Apply(Op op, Real a, Real b) {
    return {op(a.value, b.value)};
  }
};

struct Half {
  uint16_t bits;

  template <typename Op>
  static Half Apply(Op op, Half a, Half b) {
    return {FloatToHalf(op(HalfToFloat(a.bits), HalfToFloat(b.bits)))};
  }
};

struct Bfloat16 {
  uint16_t bits;

  template <typename Op>
  static Bfloat16 Apply(Op op, Bfloat16 a, Bfloat16 b) {
    return {
        FloatToBfloat16(op(Bfloat16ToFloat(a.bits), Bfloat16ToFloat(b.bits)))};
  }
};

template <typename T>
struct Complex {
  T re, im;

  template <typename Op>
  static Complex Apply(Op op, Complex a, Complex b) {
    if constexpr (std::is_same_v<Op, Mul>) {
      return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    } else {
      return {op(a.re, b.re), op(a.im, b.im)};
    }
  }
};

using Loop = BinaryLoop;

template <typename T, typename Op>
void Run(const void* a, size_t a_step, const void* b, size_t b_step, void* out,
         size_t count) {
  const T* x = static_cast<const T*>(a);
  const T* y = static_cast<const T*>(b);
  T* z = static_cast<T*>(out);
  if constexpr (requires { T::kCommon; }) {
    if (a_step == 1 && b_step == 1) {
      for (size_t i = 0; i < count; ++i) z[i] = T::Apply(Op(), x[i], y[i]);
      return;
    }
    if (a_step == 1) {
      const T right = *y;
      for (size_t i = 0; i < count; ++i) z[i] = T::Apply(Op(), x[i], right);
      return;
    }
    if (b_step == 1) {
      const T left = *x;
      for (size_t i = 0; i < count; ++i) z[i] = T::Apply(Op(), left, y[i]);
      return;
    }
  }
  for (size_t i = 0; i < count; ++i) {
    z[i] = T::Apply(Op(), x[i * a_step], y[i * b_step]);
  }
}

void Concatenate(const void* a, size_t a_step, const void* b, size_t b_step,
                 void* out, size_t count) {
  const auto* x = static_cast<const std::string*>(a);
  const auto* y = static_cast<const std::string*>(b);
  auto* z = static_cast<std::string*>(out);
  for (size_t i = 0; i < count; ++i) z[i] = x[i * a_step] + y[i * b_step];
}

template <typename Op>
Loop FindLoop(DType dtype) {
  switch (dtype) {
    case DType::kFloat:
      return Run<Real<float>, Op>;
    case DType::kDouble:
      return Run<Real<double>, Op>;
    case DType::kHalf:
      return Run<Half, Op>;
    case DType::kBfloat16:
      return Run<Bfloat16, Op>;
    case DType::kInt8:
    case DType::kUint8:
      return Run<Integer<uint8_t>, Op>;
    case DType::kInt16:
    case DType::kUint16:
      return Run<Integer<uint16_t>, Op>;
    case DType::kInt32:
    case DType::kUint32:
      return Run<Integer<uint32_t>, Op>;
    case DType::kInt64:
    case DType::kUint64:
      return Run<Integer<uint64_t>, Op>;
    case DType::kComplex64:
      return Run<Complex<float>, Op>;
    case DType::kComplex128:
      return Run<Complex<double>, Op>;
    case DType::kString:
      return std::is_same_v<Op, Add> ? Concatenate : nullptr;
    default:
      return nullptr;
  }
}

Loop FindLoop(BinaryOp op, DType dtype) {
  switch (op) {
    case BinaryOp::kAdd:
      return FindLoop<Add>(dtype);
    case BinaryOp::kSub:
      return FindLoop<Sub>(dtype);
    case BinaryOp::kMul:
      return FindLoop<Mul>(dtype);
    default:
      return FindOtherLoop(op, dtype);
  }
}

struct Dimension {
  size_t size;
  size_t a_stride;  // in elements
  size_t b_stride;
};

// The dimensions of the result, outermost first, none of size 1 and as few as
// possible. The strides of the last are 0 or 1.
std::vector<Dimension> Walk(const Shape& a, const Shape& b, const Shape& out) {
  std::vector<Dimension> reversed;
  size_t a_stride = 1;
  size_t b_stride = 1;
  for (int back = 1; back <= out.rank(); ++back) {
    const auto dim_of = [&](const Shape& shape) {
      return back <= shape.rank()
                 ? static_cast<size_t>(shape.dim(shape.rank() - back))
                 : size_t{1};
    };
    const size_t size = dim_of(out);
    const Dimension next{size, dim_of(a) == 1 ? 0 : a_stride,
                         dim_of(b) == 1 ? 0 : b_stride};
    a_stride *= dim_of(a);
    b_stride *= dim_of(b);
    if (size == 1) continue;
    if (!reversed.empty()) {
      Dimension& inner = reversed.back();
      if (next.a_stride == inner.a_stride * inner.size &&
          next.b_stride == inner.b_stride * inner.size) {
        inner.size *= size;
        continue;
      }
    }
    reversed.push_back(next);
  }
  if (reversed.empty()) reversed.push_back({1, 0, 0});
  std::reverse(reversed.begin(), reversed.end());
  return reversed;
}

struct Cursor {
  const uint8_t* data;
  size_t element;  // bytes
};

Cursor Read(const Tensor& tensor) {
  if (tensor.dtype() == DType::kString) {
    return {reinterpret_cast<const uint8_t*>(tensor.strings().data()),
            sizeof(std::string)};
  }
  return {tensor.bytes().data(), DTypeSize(tensor.dtype())};
}

}  // namespace

bool SupportsBinary(BinaryOp op, DType dtype) {
  return FindLoop(op, dtype) != nullptr;
}

Result<Shape> BroadcastShapes(const Shape& a, const Shape& b) {
  const int rank = std::max(a.rank(), b.rank());
  std::vector<int64_t> dims(static_cast<size_t>(rank), 1);
  for (int back = 1; back <= rank; ++back) {
    const int64_t x = back <= a.rank() ? a.dim(a.rank() - back) : 1;
    const int64_t y = back <= b.rank() ? b.dim(b.rank() - back) : 1;
    if (x != y && x != 1 && y != 1) {
      return InvalidArgumentError("Incompatible shapes: " + a.ToString() +
                                  " vs. " + b.ToString());
    }
    dims[static_cast<size_t>(rank - back)] = x == 1 ? y : x;
  }
  return Shape::Create(dims);
}

void Binary(BinaryOp op, const Tensor& a, const Tensor& b, Tensor* out) {
  const Loop loop = FindLoop(op, a.dtype());
  assert(loop != nullptr && b.dtype() == a.dtype());
  if (out->num_elements() == 0) return;
  const std::vector<Dimension> dims = Walk(a.shape(), b.shape(), out->shape());
  const Dimension inner = dims.back();
  const Cursor x = Read(a);
  const Cursor y = Read(b);
  // The tensor is ours to write; Read() is merely the same for all three.
  const Cursor result = Read(*out);
  uint8_t* z = const_cast<uint8_t*>(result.data);

  std::vector<size_t> index(dims.size() - 1, 0);
  size_t x_offset = 0;
  size_t y_offset = 0;
  while (true) {
    loop(x.data + x_offset * x.element, inner.a_stride,
         y.data + y_offset * y.element, inner.b_stride, z, inner.size);
    z += inner.size * result.element;
    // The next row: count up, the last outer dimension first.
    size_t d = index.size();
    while (d > 0) {
      --d;
      x_offset += dims[d].a_stride;
      y_offset += dims[d].b_stride;
      if (++index[d] < dims[d].size) break;
      x_offset -= dims[d].a_stride * dims[d].size;
      y_offset -= dims[d].b_stride * dims[d].size;
      index[d] = 0;
      if (d == 0) return;
    }
    if (index.empty()) return;
  }
}

}  // namespace tensorbundle::kernels
