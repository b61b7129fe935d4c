#include "engine/tensor/tensor.h"

#include <cstdlib>
#include <cstring>

#include "engine/util/allocation.h"
#include "engine/util/checked.h"

namespace tensorbundle {

struct Tensor::Buffer {
  Buffer() = default;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  ~Buffer() { std::free(data); }

  // In debug builds, values that whoever forgets to fill the memory notices.
  void Scribble() {
#if !defined(NDEBUG)
    std::memset(data, 0xDB, size);
#endif
  }

  uint8_t* data = nullptr;
  size_t size = 0;
  size_t capacity = 0;
  std::vector<std::string> strings;
};

Result<Tensor> Tensor::Create(DType dtype, const Shape& shape) {
  TB_ASSIGN_OR_RETURN(Tensor tensor, CreateUninitialized(dtype, shape));
  if (dtype != DType::kString) {
    std::memset(tensor.buffer_->data, 0, tensor.buffer_->size);
  }
  return tensor;
}

Result<Tensor> Tensor::CreateUninitialized(DType dtype, const Shape& shape) {
  const uint64_t count = static_cast<uint64_t>(shape.num_elements());
  Tensor tensor;
  tensor.dtype_ = dtype;
  tensor.shape_ = shape;
  tensor.buffer_ = std::make_shared<Buffer>();
  if (dtype == DType::kString) {
    const auto n = CheckedCast<size_t>(count);
    const auto memory = CheckedMul(count, sizeof(std::string));
    if (!n || !memory || !CanAllocate(*memory)) {
      return ResourceExhaustedError("OOM when allocating " +
                                    std::to_string(count) + " strings");
    }
    tensor.buffer_->strings.resize(*n);
    return tensor;
  }
  const size_t element = DTypeSize(dtype);
  if (element == 0) {
    return UnimplementedError("No tensors of dtype " + DTypeString(dtype) +
                              " can be held in memory");
  }
  const auto size = CheckedMul(count, element);
  const auto padded = size ? CheckedAdd(*size, kAlignment) : std::nullopt;
  const auto bytes = padded ? CheckedCast<size_t>(*padded) : std::nullopt;
  if (bytes) {
    // aligned_alloc wants a multiple of the alignment.
    const size_t rounded = *bytes / kAlignment * kAlignment;
    tensor.buffer_->data =
        static_cast<uint8_t*>(std::aligned_alloc(kAlignment, rounded));
    tensor.buffer_->capacity = rounded;
  }
  if (tensor.buffer_->data == nullptr) {
    return ResourceExhaustedError("OOM when allocating tensor with shape" +
                                  shape.ToString() + " and type " +
                                  DTypeString(dtype));
  }
  tensor.buffer_->size = static_cast<size_t>(*size);
  tensor.buffer_->Scribble();
  return tensor;
}

Result<Tensor> Tensor::FromBytes(DType dtype, const Shape& shape, Bytes bytes) {
  TB_ASSIGN_OR_RETURN(Tensor tensor, CreateUninitialized(dtype, shape));
  assert(bytes.size() == tensor.buffer_->size);
  if (!bytes.empty()) {
    std::memcpy(tensor.buffer_->data, bytes.data(), bytes.size());
  }
  return tensor;
}

Tensor Tensor::FromStrings(const Shape& shape,
                           std::vector<std::string> values) {
  assert(static_cast<int64_t>(values.size()) == shape.num_elements());
  Tensor tensor;
  tensor.dtype_ = DType::kString;
  tensor.shape_ = shape;
  tensor.buffer_ = std::make_shared<Buffer>();
  tensor.buffer_->strings = std::move(values);
  return tensor;
}

size_t Tensor::capacity() const { return buffer_ ? buffer_->capacity : 0; }

void Tensor::Become(DType dtype, const Shape& shape) {
  const size_t size =
      static_cast<size_t>(shape.num_elements()) * DTypeSize(dtype);
  assert(unique() && size <= capacity());
  dtype_ = dtype;
  shape_ = shape;
  buffer_->size = size;
  buffer_->Scribble();
}

Bytes Tensor::bytes() const {
  return buffer_ ? Bytes(buffer_->data, buffer_->size) : Bytes();
}

MutableBytes Tensor::mutable_bytes() {
  return buffer_ ? MutableBytes(buffer_->data, buffer_->size) : MutableBytes();
}

std::span<const std::string> Tensor::strings() const {
  if (!buffer_) return {};
  return buffer_->strings;
}

std::span<std::string> Tensor::mutable_strings() {
  if (!buffer_) return {};
  return buffer_->strings;
}

Tensor Tensor::Reshaped(const Shape& shape) const {
  assert(shape.num_elements() == num_elements());
  Tensor tensor = *this;
  tensor.shape_ = shape;
  return tensor;
}

Result<Tensor> Tensor::Clone() const {
  if (dtype_ == DType::kString) {
    return FromStrings(
        shape_, std::vector<std::string>(strings().begin(), strings().end()));
  }
  return FromBytes(dtype_, shape_, bytes());
}

}  // namespace tensorbundle
