// Vectors of the compiler's own, which become v128 in WASM and SSE2 or NEON
// natively: the tests of any host cover the code of all.
#include <algorithm>
#include <cstring>

#include "engine/util/crc32c.h"

namespace tensorbundle::crc32c {

namespace {

typedef uint64_t Vector __attribute__((vector_size(16)));

// How far from a cleared byte its copies land; crc32c.h derives them.
constexpr size_t kOffset1 = 1747;
constexpr size_t kOffset2 = 2830;
constexpr size_t kOffset3 = 5321;

// Bytes a step; every offset is longer, so that a step needs no result of its
// own.
constexpr size_t kStep = 64;

// The ring holds w[j] at j mod kRingSize, and its first step once more behind
// the end, so that a load may run over it.
constexpr size_t kRingSize = 8192;
constexpr size_t kRingMask = kRingSize - 1;

// What is left of a message: kOffset3 bytes, rounded up to whole steps.
constexpr size_t kRestSize = (kOffset3 + kStep - 1) / kStep * kStep;

// Below, the tables are as quick; the rest alone goes through them anyway.
constexpr size_t kMinFolding = 16 << 10;

// Engines compile a WASM function better once it has been called a few times,
// not while it runs: long inputs are many calls.
constexpr size_t kMaxFolding = 1 << 20;

static_assert(kOffset3 + kStep <= kRingSize);
static_assert(kRestSize + kStep <= kMinFolding);

inline Vector Load(const uint8_t* p) {
  Vector v;
  std::memcpy(&v, p, sizeof(v));
  return v;
}

inline void Store(uint8_t* p, Vector v) { std::memcpy(p, &v, sizeof(v)); }

// REQUIRES: kMinFolding <= n.
__attribute__((noinline)) uint32_t FoldOnce(uint32_t crc, const uint8_t* p,
                                            size_t n) {
  alignas(16) uint8_t ring[kRingSize + kStep];
  alignas(16) uint8_t rest[kRestSize];
  // Before the message there is nothing to fold in.
  std::memset(ring, 0, sizeof(ring));

  // A checksum goes on when its state is added to the first four bytes.
  alignas(16) uint8_t first[kStep];
  std::memcpy(first, p, kStep);
  const uint32_t state = ~crc;
  for (size_t k = 0; k < 4; ++k) {
    first[k] ^= static_cast<uint8_t>(state >> 8 * k & 0xff);
  }

  const size_t folded = (n - kRestSize) / kStep * kStep;
  for (size_t j = 0; j < folded; j += kStep) {
    const uint8_t* in = j == 0 ? first : p + j;
    const uint8_t* a = ring + ((j - kOffset1) & kRingMask);
    const uint8_t* b = ring + ((j - kOffset2) & kRingMask);
    const uint8_t* c = ring + ((j - kOffset3) & kRingMask);
    uint8_t* out = ring + (j & kRingMask);
    Vector w[kStep / sizeof(Vector)];
    for (size_t k = 0; k < kStep / sizeof(Vector); ++k) {
      const size_t at = k * sizeof(Vector);
      w[k] = Load(in + at) ^ Load(a + at) ^ Load(b + at) ^ Load(c + at);
    }
    for (size_t k = 0; k < kStep / sizeof(Vector); ++k) {
      Store(out + k * sizeof(Vector), w[k]);
    }
    if (out == ring) std::memcpy(ring + kRingSize, ring, kStep);
  }

  // The bytes behind the last cleared one keep what was folded into them and
  // pass nothing on.
  for (size_t at = 0; at < kRestSize; at += kStep) {
    const size_t j = folded + at;
    for (size_t k = 0; k < kStep; k += sizeof(Vector)) {
      Store(rest + at + k, Load(p + j + k) ^
                               Load(ring + ((j - kOffset1 + k) & kRingMask)) ^
                               Load(ring + ((j - kOffset2 + k) & kRingMask)) ^
                               Load(ring + ((j - kOffset3 + k) & kRingMask)));
    }
    std::memset(ring + (j & kRingMask), 0, kStep);
    if ((j & kRingMask) == 0) std::memset(ring + kRingSize, 0, kStep);
  }

  // ~0 is the checksum whose state is 0.
  uint32_t result = ExtendPortable(~0u, Bytes(rest, kRestSize));
  const size_t used = folded + kRestSize;
  return ExtendPortable(result, Bytes(p + used, n - used));
}

}  // namespace

uint32_t ExtendFolding(uint32_t crc, Bytes bytes) {
  while (bytes.size() >= kMinFolding) {
    const size_t n = std::min(bytes.size(), kMaxFolding);
    crc = FoldOnce(crc, bytes.data(), n);
    bytes = bytes.subspan(n);
  }
  return ExtendPortable(crc, bytes);
}

uint32_t Extend(uint32_t crc, Bytes bytes) { return ExtendFolding(crc, bytes); }

}  // namespace tensorbundle::crc32c
