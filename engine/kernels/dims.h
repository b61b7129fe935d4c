// Dims: the sizes of a buffer of up to kMaxDims dimensions, row-major.
#ifndef TB_KERNELS_DIMS_H_
#define TB_KERNELS_DIMS_H_

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace tensorbundle::kernels {

// What TensorFlow's own kernels cope with at most.
inline constexpr size_t kMaxDims = 8;

struct Dims {
  size_t rank = 0;
  std::array<size_t, kMaxDims> size{};

  Dims() = default;
  Dims(std::initializer_list<size_t> sizes) {
    for (const size_t s : sizes) push_back(s);
  }

  void push_back(size_t s) {
    assert(rank < kMaxDims);
    size[rank++] = s;
  }
  size_t operator[](size_t i) const {
    assert(i < rank);
    return size[i];
  }
  size_t Elements() const {
    size_t product = 1;
    for (size_t i = 0; i < rank; ++i) product *= size[i];
    return product;
  }
};

// Distances between neighbours along each dimension, in elements.
using Strides = std::array<ptrdiff_t, kMaxDims>;

// The strides of a row-major buffer without gaps.
inline Strides RowMajor(const Dims& dims) {
  Strides strides{};
  ptrdiff_t step = 1;
  for (size_t i = dims.rank; i-- > 0;) {
    strides[i] = step;
    step *= static_cast<ptrdiff_t>(dims.size[i]);
  }
  return strides;
}

// Visits all positions of `dims`, the last dimension fastest, and keeps the
// offset that `strides` give each of them.
class Walk {
 public:
  Walk(const Dims& dims, const Strides& strides)
      : dims_(dims), strides_(strides), done_(dims.Elements() == 0) {}

  bool done() const { return done_; }
  ptrdiff_t offset() const { return offset_; }
  void Next() {
    for (size_t i = dims_.rank; i-- > 0;) {
      offset_ += strides_[i];
      if (++at_[i] < dims_.size[i]) return;
      offset_ -= strides_[i] * static_cast<ptrdiff_t>(dims_.size[i]);
      at_[i] = 0;
    }
    done_ = true;
  }

 private:
  Dims dims_;
  Strides strides_;
  std::array<size_t, kMaxDims> at_{};
  ptrdiff_t offset_ = 0;
  bool done_;
};

}  // namespace tensorbundle::kernels

#endif  // TB_KERNELS_DIMS_H_
