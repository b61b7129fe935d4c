// Dimensions of size 1 are dropped and neighbours that are both kept or both
// reduced are merged, which leaves two cases:
//
//   [..., kept, reduced]   each result is a sum over runs of neighbours,
//                          four partial sums to a run
//   [..., reduced, kept]   a block of neighbouring results takes up row after
//                          row, one partial sum to a result
#include "engine/kernels/reduce.h"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace tensorbundle::kernels {
namespace {

// The merged dimensions, those of the innermost run set apart.
struct Plan {
  Dims kept, reduced;
  Strides kept_strides{}, reduced_strides{};
  size_t run = 1;
  bool run_is_reduced = false;
  size_t count = 1;  // elements of x for each of y
};

Plan MakePlan(const Dims& dims, AxisMask axes) {
  assert(axes >> dims.rank == 0);
  Dims merged;
  AxisMask mask = 0;
  for (size_t i = 0; i < dims.rank; ++i) {
    if (dims[i] == 1) continue;
    const AxisMask bit = (axes >> i) & 1;
    if (merged.rank > 0 && ((mask >> (merged.rank - 1)) & 1) == bit) {
      merged.size[merged.rank - 1] *= dims[i];
    } else {
      mask |= bit << merged.rank;
      merged.push_back(dims[i]);
    }
  }
  Plan plan;
  const Strides strides = RowMajor(merged);
  for (size_t i = 0; i < merged.rank; ++i) {
    const bool reduced = (mask >> i) & 1;
    if (reduced) plan.count *= merged[i];
    if (i + 1 == merged.rank) {
      plan.run = merged[i];
      plan.run_is_reduced = reduced;
      break;
    }
    Dims& list = reduced ? plan.reduced : plan.kept;
    (reduced ? plan.reduced_strides : plan.kept_strides)[list.rank] =
        strides[i];
    list.push_back(merged[i]);
  }
  return plan;
}

// A Reducer has Sum (the type of a partial result), kInitial, Add(Sum&, T) for
// an element, and Finish(Sum, count) -> T; Merge(Sum&, Sum) for partial ones.
template <typename Reducer, typename T>
T ReduceRuns(const Plan& plan, const T* x) {
  using Sum = typename Reducer::Sum;
  Sum lanes[4];
  std::fill(lanes, lanes + 4, Reducer::Initial());
  for (Walk walk(plan.reduced, plan.reduced_strides); !walk.done();
       walk.Next()) {
    const T* run = x + walk.offset();
    size_t i = 0;
    for (; i + 4 <= plan.run; i += 4) {
      for (size_t lane = 0; lane < 4; ++lane) {
        Reducer::Add(lanes[lane], run[i + lane]);
      }
    }
    for (; i < plan.run; ++i) Reducer::Add(lanes[i % 4], run[i]);
  }
  Reducer::Merge(lanes[0], lanes[2]);
  Reducer::Merge(lanes[1], lanes[3]);
  Reducer::Merge(lanes[0], lanes[1]);
  return Reducer::Finish(lanes[0], plan.count);
}

template <typename Reducer, typename T>
void ReduceRows(const Plan& plan, const T* x, T* y) {
  using Sum = typename Reducer::Sum;
  constexpr size_t kBlock = 64;
  Sum sums[kBlock];
  for (size_t begin = 0; begin < plan.run; begin += kBlock) {
    const size_t size = std::min(kBlock, plan.run - begin);
    std::fill(sums, sums + size, Reducer::Initial());
    for (Walk walk(plan.reduced, plan.reduced_strides); !walk.done();
         walk.Next()) {
      const T* row = x + walk.offset() + begin;
      for (size_t i = 0; i < size; ++i) Reducer::Add(sums[i], row[i]);
    }
    for (size_t i = 0; i < size; ++i) {
      y[begin + i] = Reducer::Finish(sums[i], plan.count);
    }
  }
}

template <typename Reducer, typename T>
void Reduce(const Dims& dims, AxisMask axes, const T* x, T* y) {
  const Plan plan = MakePlan(dims, axes);
  for (Walk walk(plan.kept, plan.kept_strides); !walk.done(); walk.Next()) {
    if (plan.run_is_reduced) {
      *y++ = ReduceRuns<Reducer>(plan, x + walk.offset());
    } else {
      ReduceRows<Reducer>(plan, x + walk.offset(), y);
      y += plan.run;
    }
  }
}

// Integers wrap around, which only unsigned ones may do in C++.
template <typename T, bool = std::is_integral_v<T>>
struct WideOf {
  using Type = double;
};
template <typename T>
struct WideOf<T, true> {
  using Type = std::make_unsigned_t<T>;
};
template <typename T>
using Wide = typename WideOf<T>::Type;

template <typename T>
struct SumReducer {
  using Sum = Wide<T>;
  static Sum Initial() { return 0; }
  static void Add(Sum& sum, T x) { sum += static_cast<Sum>(x); }
  static void Merge(Sum& sum, Sum x) { sum += x; }
  static T Finish(Sum sum, size_t) { return static_cast<T>(sum); }
};

template <typename T>
struct MeanReducer : SumReducer<T> {
  static T Finish(Wide<T> sum, size_t count) {
    if constexpr (std::is_integral_v<T>) {
      return count == 0 ? T(0)
                        : static_cast<T>(static_cast<T>(sum) /
                                         static_cast<int64_t>(count));
    } else {
      return static_cast<T>(sum / static_cast<double>(count));
    }
  }
};

template <typename T>
struct ProdReducer {
  using Sum = Wide<T>;
  static Sum Initial() { return 1; }
  static void Add(Sum& product, T x) { product *= static_cast<Sum>(x); }
  static void Merge(Sum& product, Sum x) { product *= x; }
  static T Finish(Sum product, size_t) { return static_cast<T>(product); }
};

template <typename T>
constexpr T Lowest() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_infinity ? -Limits::infinity() : Limits::lowest();
}
template <typename T>
constexpr T Highest() {
  using Limits = std::numeric_limits<T>;
  return Limits::has_infinity ? Limits::infinity() : Limits::max();
}

// The comparisons are false for NaN: `x != x` lets it in, and nothing is
// larger than it afterwards.
template <typename T>
struct MaxReducer {
  using Sum = T;
  static Sum Initial() { return Lowest<T>(); }
  static void Add(Sum& largest, T x) {
    largest = x > largest || x != x ? x : largest;
  }
  static void Merge(Sum& largest, Sum x) { Add(largest, x); }
  static T Finish(Sum largest, size_t) { return largest; }
};

template <typename T>
struct MinReducer {
  using Sum = T;
  static Sum Initial() { return Highest<T>(); }
  static void Add(Sum& smallest, T x) {
    smallest = x < smallest || x != x ? x : smallest;
  }
  static void Merge(Sum& smallest, Sum x) { Add(smallest, x); }
  static T Finish(Sum smallest, size_t) { return smallest; }
};

struct AllReducer : MinReducer<uint8_t> {
  static Sum Initial() { return 1; }
};
struct AnyReducer : MaxReducer<uint8_t> {};

template <typename T, typename Index, typename Better>
void ArgBest(size_t outer, size_t size, size_t inner, const T* x, Index* y,
             T initial, Better better) {
  assert(size > 0);
  for (size_t o = 0; o < outer; ++o) {
    for (size_t i = 0; i < inner; ++i) {
      T best = initial;
      size_t at = 0;
      for (size_t k = 0; k < size; ++k) {
        const T candidate = x[k * inner + i];
        if (better(candidate, best)) {
          best = candidate;
          at = k;
        }
      }
      *y++ = static_cast<Index>(at);
    }
    x += size * inner;
  }
}

}  // namespace

template <typename T>
void ReduceSum(const Dims& dims, AxisMask axes, const T* x, T* y) {
  Reduce<SumReducer<T>>(dims, axes, x, y);
}
template <typename T>
void ReduceProd(const Dims& dims, AxisMask axes, const T* x, T* y) {
  Reduce<ProdReducer<T>>(dims, axes, x, y);
}
template <typename T>
void ReduceMean(const Dims& dims, AxisMask axes, const T* x, T* y) {
  Reduce<MeanReducer<T>>(dims, axes, x, y);
}
template <typename T>
void ReduceMax(const Dims& dims, AxisMask axes, const T* x, T* y) {
  Reduce<MaxReducer<T>>(dims, axes, x, y);
}
template <typename T>
void ReduceMin(const Dims& dims, AxisMask axes, const T* x, T* y) {
  Reduce<MinReducer<T>>(dims, axes, x, y);
}

void ReduceAll(const Dims& dims, AxisMask axes, const uint8_t* x, uint8_t* y) {
  Reduce<AllReducer>(dims, axes, x, y);
}
void ReduceAny(const Dims& dims, AxisMask axes, const uint8_t* x, uint8_t* y) {
  Reduce<AnyReducer>(dims, axes, x, y);
}

template <typename T, typename Index>
void ArgMax(size_t outer, size_t size, size_t inner, const T* x, Index* y) {
  ArgBest(outer, size, inner, x, y, Lowest<T>(),
          [](T a, T b) { return a > b; });
}
template <typename T, typename Index>
void ArgMin(size_t outer, size_t size, size_t inner, const T* x, Index* y) {
  ArgBest(outer, size, inner, x, y, Highest<T>(),
          [](T a, T b) { return a < b; });
}

#define TB_INSTANTIATE(T)                                           \
  template void ReduceSum(const Dims&, AxisMask, const T*, T*);     \
  template void ReduceProd(const Dims&, AxisMask, const T*, T*);    \
  template void ReduceMean(const Dims&, AxisMask, const T*, T*);    \
  template void ReduceMax(const Dims&, AxisMask, const T*, T*);     \
  template void ReduceMin(const Dims&, AxisMask, const T*, T*);     \
  template void ArgMax(size_t, size_t, size_t, const T*, int32_t*); \
  template void ArgMax(size_t, size_t, size_t, const T*, int64_t*); \
  template void ArgMin(size_t, size_t, size_t, const T*, int32_t*); \
  template void ArgMin(size_t, size_t, size_t, const T*, int64_t*);
TB_INSTANTIATE(float)
TB_INSTANTIATE(double)
TB_INSTANTIATE(int32_t)
TB_INSTANTIATE(int64_t)
#undef TB_INSTANTIATE

}  // namespace tensorbundle::kernels
