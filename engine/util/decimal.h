// Doubles as decimal text, exactly: the standard library of the oldest
// supported toolchain has no to_chars for them, and strtod asks the locale.
#ifndef TB_UTIL_DECIMAL_H_
#define TB_UTIL_DECIMAL_H_

#include <optional>
#include <string>
#include <string_view>

namespace tensorbundle {

// The shortest decimal that reads back as `value`, the closest one of these,
// in the form of Python's repr(): "0.5", "1571165245.0", "1e+16", "1e-05",
// "-0.0", "inf", "nan".
std::string ShortestDecimal(double value);

// The same for the decimals that read back as a float: 0.1f is "0.1".
std::string ShortestDecimalOfFloat(float value);

// The double nearest to a decimal number, ties to even: digits with at most
// one point among, before or after them, and an optional exponent; a sign
// before. Too large is infinite, too small is zero. Nothing for other text.
std::optional<double> ParseDecimal(std::string_view text);

}  // namespace tensorbundle

#endif  // TB_UTIL_DECIMAL_H_
