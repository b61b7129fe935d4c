// Doubles as Python's repr() prints them and as any decimal reads back.
#include "engine/util/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "engine/util/bytes.h"

namespace tensorbundle {
namespace {

TEST(ShortestDecimal, OfAFloatIsShorterThanOfItsDouble) {
  EXPECT_EQ(ShortestDecimalOfFloat(0.1f), "0.1");
  EXPECT_EQ(ShortestDecimal(static_cast<double>(0.1f)), "0.10000000149011612");
  EXPECT_EQ(ShortestDecimalOfFloat(10000.0f), "10000.0");
  EXPECT_EQ(ShortestDecimalOfFloat(-3.4028235e38f), "-3.4028235e+38");
  EXPECT_EQ(ShortestDecimalOfFloat(1e-45f), "1e-45");
  EXPECT_EQ(ShortestDecimalOfFloat(1.1754944e-38f), "1.1754944e-38");
  EXPECT_EQ(ShortestDecimalOfFloat(16777216.0f), "16777216.0");
}

TEST(ShortestDecimal, PrintsAsPythonDoes) {
  EXPECT_EQ(ShortestDecimal(0), "0.0");
  EXPECT_EQ(ShortestDecimal(-0.0), "-0.0");
  EXPECT_EQ(ShortestDecimal(1571165245), "1571165245.0");
  EXPECT_EQ(ShortestDecimal(1571165245.1539788), "1571165245.1539788");
  EXPECT_EQ(ShortestDecimal(0.1), "0.1");
  EXPECT_EQ(ShortestDecimal(-2.5), "-2.5");
  EXPECT_EQ(ShortestDecimal(1e15), "1000000000000000.0");
  EXPECT_EQ(ShortestDecimal(1e16), "1e+16");
  EXPECT_EQ(ShortestDecimal(123456789012345680.0), "1.2345678901234568e+17");
  EXPECT_EQ(ShortestDecimal(0.0001), "0.0001");
  EXPECT_EQ(ShortestDecimal(0.00001), "1e-05");
  EXPECT_EQ(ShortestDecimal(5e-324), "5e-324");
  EXPECT_EQ(ShortestDecimal(std::numeric_limits<double>::max()),
            "1.7976931348623157e+308");
  EXPECT_EQ(ShortestDecimal(9007199254740993.0), "9007199254740992.0");
  EXPECT_EQ(ShortestDecimal(INFINITY), "inf");
  EXPECT_EQ(ShortestDecimal(-INFINITY), "-inf");
  EXPECT_EQ(ShortestDecimal(NAN), "nan");
}

TEST(ShortestDecimal, ReadsBackAndNothingShorterDoes) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 3000; ++i) {
    const double value = BitCast<double>(uint64_t{random()});
    if (!std::isfinite(value)) continue;
    const std::string text = ShortestDecimal(value);
    ASSERT_EQ(ParseDecimal(text), value) << text;
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
    // The C library at one digit less cannot hit it.
    size_t digits = 0;
    for (char c : text.substr(0, text.find('e'))) {
      if (c >= '0' && c <= '9') ++digits;
    }
    if (digits < 2 || text.find('e') == std::string::npos) continue;
    char shorter[64];
    std::snprintf(shorter, sizeof(shorter), "%.*e",
                  static_cast<int>(digits) - 2, value);
    ASSERT_NE(std::strtod(shorter, nullptr), value) << text;
  }
}

TEST(ShortestDecimal, PowersOfTwoHaveUnevenNeighbours) {
  for (int exponent = -1074; exponent < 1024; ++exponent) {
    const double value = std::ldexp(1.0, exponent);
    ASSERT_EQ(ParseDecimal(ShortestDecimal(value)), value) << exponent;
  }
}

TEST(ParseDecimal, AcceptsEveryForm) {
  EXPECT_EQ(ParseDecimal("5"), 5.0);
  EXPECT_EQ(ParseDecimal("+5."), 5.0);
  EXPECT_EQ(ParseDecimal(".5"), 0.5);
  EXPECT_EQ(ParseDecimal("-1.25E+2"), -125.0);
  EXPECT_EQ(ParseDecimal("00000.0000001e7"), 1.0);
  EXPECT_EQ(ParseDecimal("1e400"), INFINITY);
  EXPECT_EQ(ParseDecimal("1e-400"), 0.0);
  EXPECT_EQ(ParseDecimal("1e99999999999999999999"), INFINITY);
  EXPECT_EQ(ParseDecimal("0e99999999999999999999"), 0.0);
}

TEST(ParseDecimal, RefusesEverythingElse) {
  for (const char* text : {"", "-", ".", "e5", "1e", "1e+", "1.2.3", "0x10",
                           "1 ", " 1", "1,5", "inf", "--1"}) {
    EXPECT_EQ(ParseDecimal(text), std::nullopt) << text;
  }
}

TEST(ParseDecimal, RoundsAsTheCLibraryDoes) {
  const char* const hard[] = {
      "9007199254740993",                // a tie, to even
      "9007199254740993.0000000000001",  // just above it
      "2.2250738585072011e-308",         // the largest subnormal, nearly
      "2.4703282292062327e-324",         // just below half the least
      "2.4703282292062328e-324",         // just above it
      "1.7976931348623158e308",
      "1.7976931348623159e308",
      "0.500000000000000166533453693773481063544750213623046875",
  };
  for (const char* text : hard) {
    EXPECT_EQ(ParseDecimal(text), std::strtod(text, nullptr)) << text;
  }
  const std::string tie = "9007199254740993." + std::string(900, '0');
  EXPECT_EQ(ParseDecimal(tie), 9007199254740992.0);
  EXPECT_EQ(ParseDecimal(tie + "1"), 9007199254740994.0);
  std::mt19937_64 random(2);
  for (int i = 0; i < 3000; ++i) {
    const std::string text =
        std::to_string(random()) + "." + std::to_string(random()) + "e" +
        std::to_string(static_cast<int>(random() % 660) - 350);
    ASSERT_EQ(ParseDecimal(text), std::strtod(text.c_str(), nullptr)) << text;
  }
}

}  // namespace
}  // namespace tensorbundle
