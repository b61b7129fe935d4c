// Vectors of 128 bits, from one source for WebAssembly SIMD, SSE2 and NEON.
//
// They are the vector extensions that GCC and Clang share, so + - * / & | and
// comparisons work on them as they are (engine/docs/decisions/0020). Here is
// what the extensions lack. For engine/kernels/*__simd128.cc and no one else.
#ifndef TB_KERNELS_SIMD128_H_
#define TB_KERNELS_SIMD128_H_

#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tensorbundle::kernels::simd {

using F32x4 = float __attribute__((vector_size(16)));
using F64x2 = double __attribute__((vector_size(16)));
using I32x4 = int32_t __attribute__((vector_size(16)));
using U32x4 = uint32_t __attribute__((vector_size(16)));

template <typename T>
struct VectorOf;
template <>
struct VectorOf<float> {
  using Type = F32x4;
};
template <>
struct VectorOf<double> {
  using Type = F64x2;
};
// The vector whose lanes are T.
template <typename T>
using Vector = typename VectorOf<T>::Type;
template <typename T>
inline constexpr int kLanes = static_cast<int>(16 / sizeof(T));

// Addresses need no alignment beyond T's.
template <typename T>
inline Vector<T> Load(const T* p) {
  Vector<T> v;
  std::memcpy(&v, p, sizeof(v));
  return v;
}
template <typename T>
inline void Store(T* p, Vector<T> v) {
  std::memcpy(p, &v, sizeof(v));
}

inline F32x4 Splat(float x) { return F32x4{x, x, x, x}; }
inline F64x2 Splat(double x) { return F64x2{x, x}; }
inline I32x4 Splat(int32_t x) { return I32x4{x, x, x, x}; }

// The same 128 bits under another type.
inline I32x4 Bits(F32x4 v) { return reinterpret_cast<I32x4>(v); }
inline F32x4 FromBits(I32x4 v) { return reinterpret_cast<F32x4>(v); }

// Lanes of `a` where `mask` is all ones, of `b` where it is zero.
inline F32x4 Select(I32x4 mask, F32x4 a, F32x4 b) {
  return FromBits((Bits(a) & mask) | (Bits(b) & ~mask));
}

// a < b ? a : b, lane by lane: `b` when either is NaN.
inline F32x4 Min(F32x4 a, F32x4 b) {
#if defined(__wasm_simd128__)
  return reinterpret_cast<F32x4>(wasm_f32x4_pmin(reinterpret_cast<v128_t>(b),
                                                 reinterpret_cast<v128_t>(a)));
#elif defined(__SSE2__)
  return reinterpret_cast<F32x4>(
      _mm_min_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));
#else
  return Select(a < b, a, b);
#endif
}

// a > b ? a : b, lane by lane: `b` when either is NaN.
inline F32x4 Max(F32x4 a, F32x4 b) {
#if defined(__wasm_simd128__)
  return reinterpret_cast<F32x4>(wasm_f32x4_pmax(reinterpret_cast<v128_t>(b),
                                                 reinterpret_cast<v128_t>(a)));
#elif defined(__SSE2__)
  return reinterpret_cast<F32x4>(
      _mm_max_ps(reinterpret_cast<__m128>(a), reinterpret_cast<__m128>(b)));
#else
  return Select(a > b, a, b);
#endif
}

inline F32x4 Sqrt(F32x4 v) {
#if defined(__wasm_simd128__)
  return reinterpret_cast<F32x4>(wasm_f32x4_sqrt(reinterpret_cast<v128_t>(v)));
#elif defined(__SSE2__)
  return reinterpret_cast<F32x4>(_mm_sqrt_ps(reinterpret_cast<__m128>(v)));
#else
  return F32x4{std::sqrt(v[0]), std::sqrt(v[1]), std::sqrt(v[2]),
               std::sqrt(v[3])};
#endif
}

inline F64x2 Sqrt(F64x2 v) {
#if defined(__wasm_simd128__)
  return reinterpret_cast<F64x2>(wasm_f64x2_sqrt(reinterpret_cast<v128_t>(v)));
#elif defined(__SSE2__)
  return reinterpret_cast<F64x2>(_mm_sqrt_pd(reinterpret_cast<__m128d>(v)));
#else
  return F64x2{std::sqrt(v[0]), std::sqrt(v[1])};
#endif
}

// Lanes as integers. REQUIRES: each fits an int32 (truncates towards zero).
inline I32x4 ToInt(F32x4 v) { return __builtin_convertvector(v, I32x4); }
inline F32x4 ToFloat(I32x4 v) { return __builtin_convertvector(v, F32x4); }

}  // namespace tensorbundle::kernels::simd

#endif  // TB_KERNELS_SIMD128_H_
