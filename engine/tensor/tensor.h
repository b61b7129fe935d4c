// Tensor: a dtype, a shape and a shared buffer of elements. No arithmetic.
#ifndef TB_TENSOR_TENSOR_H_
#define TB_TENSOR_TENSOR_H_

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/tensor/dtype.h"
#include "engine/tensor/shape.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle {

// Copies of a Tensor share one buffer, as TensorFlow's do; whoever writes into
// it through mutable_bytes() makes sure that no one else reads it, or calls
// Clone() first. Elements lie in row-major order, little endian, on an address
// divisible by kAlignment. Strings (DT_STRING) are a vector of std::string.
class Tensor {
 public:
  static constexpr size_t kAlignment = 64;

  Tensor() = default;  // dtype kInvalid, no elements

  // Zeros, or empty strings. Returns ResourceExhausted, naming the size, when
  // the memory is not to be had (a wasm heap has 4 GiB at most), Unimplemented
  // for dtypes that have no in-memory form (resource, variant, unknown).
  static Result<Tensor> Create(DType dtype, const Shape& shape);

  // The same with elements that may be anything, for memory that is about to be
  // filled. Strings are empty all the same.
  static Result<Tensor> CreateUninitialized(DType dtype, const Shape& shape);

  // A copy of `bytes`. REQUIRES: their number fits dtype and shape.
  static Result<Tensor> FromBytes(DType dtype, const Shape& shape, Bytes bytes);

  // REQUIRES: values.size() == shape.num_elements().
  static Tensor FromStrings(const Shape& shape,
                            std::vector<std::string> values);
  template <typename T>
  static Tensor Scalar(DType dtype, T value);

  bool initialized() const { return buffer_ != nullptr; }
  DType dtype() const { return dtype_; }
  const Shape& shape() const { return shape_; }
  int64_t num_elements() const { return shape_.num_elements(); }

  // The elements' bytes; empty for strings. Valid while any copy lives.
  Bytes bytes() const;
  MutableBytes mutable_bytes();
  std::span<const std::string> strings() const;
  std::span<std::string> mutable_strings();

  // The elements as T. REQUIRES: sizeof(T) == DTypeSize(dtype()).
  template <typename T>
  std::span<const T> as() const {
    assert(sizeof(T) == DTypeSize(dtype_));
    return {reinterpret_cast<const T*>(bytes().data()),
            static_cast<size_t>(num_elements())};
  }
  template <typename T>
  std::span<T> mutable_as() {
    assert(sizeof(T) == DTypeSize(dtype_));
    return {reinterpret_cast<T*>(mutable_bytes().data()),
            static_cast<size_t>(num_elements())};
  }

  // The same buffer under another shape. REQUIRES: equal element counts.
  Tensor Reshaped(const Shape& shape) const;

  // A Tensor with a buffer of its own.
  Result<Tensor> Clone() const;

  // How many bytes of elements the memory has room for; 0 for strings.
  size_t capacity() const;

  // Gives the memory to elements of another dtype and shape, which may be
  // anything. REQUIRES: unique(); they fit in capacity(); not of strings.
  void Become(DType dtype, const Shape& shape);

  // True iff no other Tensor shares the buffer.
  bool unique() const { return buffer_.use_count() == 1; }

 private:
  struct Buffer;

  DType dtype_ = DType::kInvalid;
  Shape shape_;
  std::shared_ptr<Buffer> buffer_;
};

template <typename T>
Tensor Tensor::Scalar(DType dtype, T value) {
  Result<Tensor> tensor =
      FromBytes(dtype, Shape(),
                Bytes(reinterpret_cast<const uint8_t*>(&value), sizeof(T)));
  assert(tensor.ok());
  return std::move(tensor).value();
}

}  // namespace tensorbundle

#endif  // TB_TENSOR_TENSOR_H_
