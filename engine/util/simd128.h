// Vectors of 128 bits, from one source for WebAssembly SIMD, SSE2 and NEON.
//
// They are the vector extensions that GCC and Clang share, so + - * / & | and
// comparisons work on them as they are (engine/docs/decisions/0020). Here is
// what the extensions lack. For the kernels of engine/random and engine/kernels
// alone.
#ifndef TB_UTIL_SIMD128_H_
#define TB_UTIL_SIMD128_H_

#include <cmath>
#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace tensorbundle::simd {

using F32x4 = float __attribute__((vector_size(16)));
using F64x2 = double __attribute__((vector_size(16)));
using I32x4 = int32_t __attribute__((vector_size(16)));
using U32x4 = uint32_t __attribute__((vector_size(16)));
using U64x2 = uint64_t __attribute__((vector_size(16)));

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
inline U64x2 Splat(uint64_t x) { return U64x2{x, x}; }

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

inline F32x4 Abs(F32x4 x) {
  return FromBits(Bits(x) & Splat(int32_t{0x7FFFFFFF}));
}

inline I32x4 LessThan(F32x4 a, F32x4 b) { return a < b; }

// Bit i says whether lane i, all ones or zero, is ones.
inline unsigned BitMask(I32x4 mask) {
#if defined(__wasm_simd128__)
  return static_cast<unsigned>(
      wasm_i32x4_bitmask(reinterpret_cast<v128_t>(mask)));
#elif defined(__SSE2__)
  return static_cast<unsigned>(_mm_movemask_ps(reinterpret_cast<__m128>(mask)));
#else
  const I32x4 bits = mask & I32x4{1, 2, 4, 8};
  return static_cast<unsigned>(bits[0] | bits[1] | bits[2] | bits[3]);
#endif
}

// Lanes 0 and 1, or 2 and 3, as doubles.
inline F64x2 WidenLow(F32x4 v) {
#if defined(__wasm_simd128__)
  return reinterpret_cast<F64x2>(
      wasm_f64x2_promote_low_f32x4(reinterpret_cast<v128_t>(v)));
#elif defined(__SSE2__)
  return reinterpret_cast<F64x2>(_mm_cvtps_pd(reinterpret_cast<__m128>(v)));
#else
  return F64x2{v[0], v[1]};
#endif
}
inline F64x2 WidenHigh(F32x4 v) {
  return WidenLow(__builtin_shufflevector(v, v, 2, 3, 2, 3));
}

// Four doubles, each rounded to float.
inline F32x4 Narrow(F64x2 low, F64x2 high) {
#if defined(__wasm_simd128__)
  v128_t a = wasm_f32x4_demote_f64x2_zero(reinterpret_cast<v128_t>(low));
  v128_t b = wasm_f32x4_demote_f64x2_zero(reinterpret_cast<v128_t>(high));
  // LLVM would join the two, and then round lane by lane.
  asm("" : "+r"(a), "+r"(b));
  return __builtin_shufflevector(reinterpret_cast<F32x4>(a),
                                 reinterpret_cast<F32x4>(b), 0, 1, 4, 5);
#elif defined(__SSE2__)
  return reinterpret_cast<F32x4>(
      _mm_movelh_ps(_mm_cvtpd_ps(reinterpret_cast<__m128d>(low)),
                    _mm_cvtpd_ps(reinterpret_cast<__m128d>(high))));
#else
  return F32x4{static_cast<float>(low[0]), static_cast<float>(low[1]),
               static_cast<float>(high[0]), static_cast<float>(high[1])};
#endif
}

// Four 64-bit numbers.
struct U64x4 {
  U64x2 low;
  U64x2 high;
};
inline U32x4 LowWords(const U64x4& v) {
  return __builtin_shufflevector(reinterpret_cast<U32x4>(v.low),
                                 reinterpret_cast<U32x4>(v.high), 0, 2, 4, 6);
}
inline U32x4 HighWords(const U64x4& v) {
  return __builtin_shufflevector(reinterpret_cast<U32x4>(v.low),
                                 reinterpret_cast<U32x4>(v.high), 1, 3, 5, 7);
}
// Each with its two words exchanged.
inline U64x2 SwapWords(U64x2 v) {
  const U32x4 words = reinterpret_cast<U32x4>(v);
  return reinterpret_cast<U64x2>(
      __builtin_shufflevector(words, words, 1, 0, 3, 2));
}
// (v[i] >> 32) * b.
inline U64x4 MulHighWords(const U64x4& v, uint32_t b) {
#if defined(__wasm_simd128__)
  const v128_t left = reinterpret_cast<v128_t>(HighWords(v));
  v128_t right = wasm_i32x4_splat(static_cast<int32_t>(b));
  // LLVM would widen the constant beforehand, and then miss the instruction
  // that multiplies 32 bits by 32.
  asm volatile("" : "+r"(right));
  return {reinterpret_cast<U64x2>(wasm_u64x2_extmul_low_u32x4(left, right)),
          reinterpret_cast<U64x2>(wasm_u64x2_extmul_high_u32x4(left, right))};
#elif defined(__SSE2__)
  const __m128i right = _mm_set1_epi32(static_cast<int>(b));
  const auto times = [&](U64x2 x) {
    return reinterpret_cast<U64x2>(
        _mm_mul_epu32(reinterpret_cast<__m128i>(x >> 32), right));
  };
  return {times(v.low), times(v.high)};
#else
  const uint64_t wide = b;
  return {(v.low >> 32) * wide, (v.high >> 32) * wide};
#endif
}

// Four vectors as the rows of a square, turned about its diagonal.
struct Square {
  F32x4 row[4];
};
inline Square Transpose(F32x4 a, F32x4 b, F32x4 c, F32x4 d) {
  const F32x4 ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const F32x4 ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const F32x4 cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const F32x4 cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return {{__builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5),
           __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
           __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
           __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7)}};
}

}  // namespace tensorbundle::simd

#endif  // TB_UTIL_SIMD128_H_
