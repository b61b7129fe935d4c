#include "engine/util/decimal.h"

#include <cmath>
#include <cstdint>
#include <limits>

#include "engine/util/big_uint.h"
#include "engine/util/bytes.h"

namespace tensorbundle {

namespace {

constexpr int kFractionBits = 52;
constexpr int kMinExponent = -1074;

// value = 0.DIGITS * 10^exponent
struct Decimal {
  std::string digits;
  int exponent = 0;
};

// Steele and White's free-format algorithm: digits of value / scale are
// produced until what is left is nearer than half the gap to a neighbour.
// The value is mantissa * 2^exponent. Below a power of two the gap to its
// neighbour is half as wide as above: `uneven_gaps`.
Decimal ShortestDigits(uint64_t mantissa, int exponent, bool uneven_gaps) {
  // Ends of the interval that reads back as `value` belong to it if even.
  const bool even = mantissa % 2 == 0;

  BigUint rest(mantissa);
  BigUint scale(1);
  BigUint gap_above(1);
  BigUint gap_below(1);
  const size_t extra = uneven_gaps ? 2 : 1;
  if (exponent >= 0) {
    const size_t shift = static_cast<size_t>(exponent);
    rest.ShiftLeft(shift + extra);
    scale.ShiftLeft(extra);
    gap_above.ShiftLeft(shift + extra - 1);
    gap_below.ShiftLeft(shift);
  } else {
    rest.ShiftLeft(extra);
    scale.ShiftLeft(static_cast<size_t>(-exponent) + extra);
    gap_above.ShiftLeft(extra - 1);
  }

  // One below the number of digits before the point, or right.
  constexpr double kLog10Of2 = 0.30102999566398119521;
  const int top_bit = static_cast<int>(BigUint(mantissa).BitLength()) - 1;
  int point =
      static_cast<int>(std::ceil((exponent + top_bit) * kLog10Of2 - 1e-10));
  if (point >= 0) {
    scale.MultiplyByPowerOfTen(static_cast<unsigned>(point));
  } else {
    const unsigned up = static_cast<unsigned>(-point);
    rest.MultiplyByPowerOfTen(up);
    gap_above.MultiplyByPowerOfTen(up);
    gap_below.MultiplyByPowerOfTen(up);
  }
  const auto reaches_above = [&] {
    BigUint sum = rest;
    sum.Add(gap_above);
    const int order = BigUint::Compare(sum, scale);
    return even ? order >= 0 : order > 0;
  };
  if (reaches_above()) {
    ++point;
  } else {
    rest.MultiplyAdd(10, 0);
    gap_above.MultiplyAdd(10, 0);
    gap_below.MultiplyAdd(10, 0);
  }

  Decimal decimal;
  decimal.exponent = point;
  for (;;) {
    char digit = '0';
    while (BigUint::Compare(rest, scale) >= 0) {
      rest.Subtract(scale);
      ++digit;
    }
    const int order = BigUint::Compare(rest, gap_below);
    const bool low = even ? order <= 0 : order < 0;
    const bool high = reaches_above();
    if (!low && !high) {
      decimal.digits += digit;
      rest.MultiplyAdd(10, 0);
      gap_above.MultiplyAdd(10, 0);
      gap_below.MultiplyAdd(10, 0);
      continue;
    }
    bool up = high;
    if (low && high) {
      rest.ShiftLeft(1);
      up = BigUint::Compare(rest, scale) >= 0;
    }
    decimal.digits += static_cast<char>(digit + (up ? 1 : 0));
    return decimal;
  }
}

// float_repr_style "short" of Python: an exponent below 10^-4 and from 10^16.
std::string PythonForm(const Decimal& decimal) {
  const std::string& digits = decimal.digits;
  const int count = static_cast<int>(digits.size());
  const int point = decimal.exponent;
  if (point > 16 || point < -3) {
    std::string text = digits.substr(0, 1);
    if (count > 1) text += "." + digits.substr(1);
    const int exponent = point - 1;
    text += exponent < 0 ? "e-" : "e+";
    const std::string number = std::to_string(std::abs(exponent));
    return text + (number.size() < 2 ? "0" : "") + number;
  }
  if (point <= 0) {
    std::string text = "0.";
    text.append(static_cast<size_t>(-point), '0');
    return text + digits;
  }
  if (point >= count) {
    return digits + std::string(static_cast<size_t>(point - count), '0') + ".0";
  }
  const size_t before = static_cast<size_t>(point);
  return digits.substr(0, before) + "." + digits.substr(before);
}

// numerator / denominator to the nearest double. REQUIRES: neither is zero.
double Divide(BigUint numerator, BigUint denominator) {
  // Shift until 1 <= quotient < 2; value = quotient * 2^exponent.
  int exponent = static_cast<int>(numerator.BitLength()) -
                 static_cast<int>(denominator.BitLength());
  if (exponent >= 0) {
    denominator.ShiftLeft(static_cast<size_t>(exponent));
  } else {
    numerator.ShiftLeft(static_cast<size_t>(-exponent));
  }
  if (BigUint::Compare(numerator, denominator) < 0) {
    numerator.ShiftLeft(1);
    --exponent;
  }
  // Subnormal numbers have fewer bits.
  const int missing = std::max(0, -1022 - exponent);
  const int wanted = kFractionBits + 1 - missing;
  if (wanted < 0) return 0;
  uint64_t mantissa = 0;
  for (int i = 0; i < wanted; ++i) {
    mantissa <<= 1;
    if (BigUint::Compare(numerator, denominator) >= 0) {
      numerator.Subtract(denominator);
      mantissa |= 1;
    }
    numerator.ShiftLeft(1);
  }
  // The remainder, doubled, against one unit in the last place.
  const int order = BigUint::Compare(numerator, denominator);
  if (order > 0 || (order == 0 && mantissa % 2 == 1)) ++mantissa;
  return std::ldexp(static_cast<double>(mantissa), exponent - wanted + 1);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

namespace {

// The shortest decimal of a binary format: `bits` are those of a value's size,
// `fraction_bits` of them the fraction, `min_exponent` that of a subnormal.
std::string Shortest(double value, uint64_t bits, int fraction_bits,
                     int min_exponent) {
  if (std::isnan(value)) return "nan";
  const std::string sign = std::signbit(value) ? "-" : "";
  if (std::isinf(value)) return sign + "inf";
  if (value == 0) return sign + "0.0";
  const uint64_t hidden_bit = uint64_t{1} << fraction_bits;
  const int biased = static_cast<int>(bits >> fraction_bits);
  const uint64_t fraction = bits & (hidden_bit - 1);
  const bool subnormal = biased == 0;
  return sign + PythonForm(ShortestDigits(
                    subnormal ? fraction : fraction | hidden_bit,
                    subnormal ? min_exponent : min_exponent + biased - 1,
                    fraction == 0 && biased > 1));
}

}  // namespace

std::string ShortestDecimal(double value) {
  return Shortest(value, BitCast<uint64_t>(std::fabs(value)), kFractionBits,
                  kMinExponent);
}

std::string ShortestDecimalOfFloat(float value) {
  return Shortest(static_cast<double>(value),
                  BitCast<uint32_t>(std::fabs(value)), 23, -149);
}

std::optional<double> ParseDecimal(std::string_view text) {
  size_t i = 0;
  const auto more = [&] { return i < text.size(); };
  bool negative = false;
  if (more() && (text[i] == '-' || text[i] == '+')) negative = text[i++] == '-';

  // No double needs more digits to be told from its neighbours; what follows
  // them counts as "a little more".
  constexpr size_t kMaxDigits = 800;
  BigUint digits;
  size_t used = 0;
  int64_t exponent = 0;
  bool any = false;
  bool point = false;
  for (; more() && (IsDigit(text[i]) || (text[i] == '.' && !point)); ++i) {
    if (text[i] == '.') {
      point = true;
      continue;
    }
    any = true;
    const uint32_t digit = static_cast<uint32_t>(text[i] - '0');
    if (used < kMaxDigits) {
      digits.MultiplyAdd(10, digit);
      if (!digits.is_zero()) ++used;
      if (point) --exponent;
    } else {
      if (digit != 0 && used == kMaxDigits) {
        digits.MultiplyAdd(10, 1);
        --exponent;
        ++used;
      }
      if (!point) ++exponent;
    }
  }
  if (!any) return std::nullopt;
  if (more() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    bool down = false;
    if (more() && (text[i] == '-' || text[i] == '+')) down = text[i++] == '-';
    if (!more()) return std::nullopt;
    constexpr int64_t kEnough = 1000000;
    int64_t written = 0;
    for (; more() && IsDigit(text[i]); ++i) {
      if (written < kEnough) written = written * 10 + (text[i] - '0');
    }
    exponent += down ? -written : written;
  }
  if (more()) return std::nullopt;

  const double sign = negative ? -1.0 : 1.0;
  if (digits.is_zero()) return sign * 0.0;
  const int64_t magnitude = exponent + static_cast<int64_t>(used);
  if (magnitude > 310) return sign * std::numeric_limits<double>::infinity();
  if (magnitude < -330) return sign * 0.0;
  BigUint denominator(1);
  if (exponent >= 0) {
    digits.MultiplyByPowerOfTen(static_cast<unsigned>(exponent));
  } else {
    denominator.MultiplyByPowerOfTen(static_cast<unsigned>(-exponent));
  }
  return sign * Divide(std::move(digits), std::move(denominator));
}

}  // namespace tensorbundle
