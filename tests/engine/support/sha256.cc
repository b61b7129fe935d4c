// FIPS 180-4.
#include "tests/engine/support/sha256.h"

#include <array>
#include <cmath>

#include "tests/engine/support/hex.h"

namespace tensorbundle::testing {

namespace {

uint32_t RotateRight(uint32_t v, int n) { return v >> n | v << (32 - n); }

std::array<unsigned, 64> FirstPrimes() {
  std::array<unsigned, 64> primes{};
  size_t count = 0;
  for (unsigned n = 2; count < primes.size(); ++n) {
    bool prime = true;
    for (size_t i = 0; i < count && prime; ++i) prime = n % primes[i] != 0;
    if (prime) primes[count++] = n;
  }
  return primes;
}

// The first 32 bits of the fraction of x.
uint32_t FractionBits(long double x) {
  return static_cast<uint32_t>((x - std::floor(x)) * 4294967296.0L);
}

struct Constants {
  std::array<uint32_t, 64> rounds;
  std::array<uint32_t, 8> state;
};

Constants MakeConstants() {
  Constants constants{};
  const std::array<unsigned, 64> primes = FirstPrimes();
  for (size_t i = 0; i < primes.size(); ++i) {
    const long double prime = primes[i];
    constants.rounds[i] = FractionBits(std::cbrt(prime));
    if (i < 8) constants.state[i] = FractionBits(std::sqrt(prime));
  }
  return constants;
}

void Compress(const Constants& constants, const uint8_t* block,
              std::array<uint32_t, 8>* state) {
  std::array<uint32_t, 64> w;
  for (size_t i = 0; i < 16; ++i) {
    const uint8_t* p = block + 4 * i;
    w[i] = static_cast<uint32_t>(p[0]) << 24 |
           static_cast<uint32_t>(p[1]) << 16 |
           static_cast<uint32_t>(p[2]) << 8 | p[3];
  }
  for (size_t i = 16; i < 64; ++i) {
    const uint32_t a = w[i - 15];
    const uint32_t b = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] +
           (RotateRight(a, 7) ^ RotateRight(a, 18) ^ a >> 3) +
           (RotateRight(b, 17) ^ RotateRight(b, 19) ^ b >> 10);
  }
  std::array<uint32_t, 8> s = *state;
  for (size_t i = 0; i < 64; ++i) {
    const uint32_t t1 =
        s[7] +
        (RotateRight(s[4], 6) ^ RotateRight(s[4], 11) ^ RotateRight(s[4], 25)) +
        ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants.rounds[i] + w[i];
    const uint32_t t2 =
        (RotateRight(s[0], 2) ^ RotateRight(s[0], 13) ^ RotateRight(s[0], 22)) +
        ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
    s = {t1 + t2, s[0], s[1], s[2], s[3] + t1, s[4], s[5], s[6]};
  }
  for (size_t i = 0; i < 8; ++i) (*state)[i] += s[i];
}

}  // namespace

std::string Sha256(Bytes bytes) {
  static const Constants constants = MakeConstants();
  std::array<uint32_t, 8> state = constants.state;
  std::string message(AsString(bytes));
  message += '\x80';
  while (message.size() % 64 != 56) message += '\0';
  const uint64_t bits = uint64_t{bytes.size()} * 8;
  for (int shift = 56; shift >= 0; shift -= 8) {
    message += static_cast<char>(bits >> shift & 0xff);
  }
  for (size_t at = 0; at < message.size(); at += 64) {
    Compress(constants, AsBytes(message).data() + at, &state);
  }
  std::string digest;
  for (uint32_t word : state) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      digest += static_cast<char>(word >> shift & 0xff);
    }
  }
  return ToHex(digest);
}

}  // namespace tensorbundle::testing
