// UTF-8 without overlong forms, surrogates and numbers above U+10FFFF.
#include "engine/util/utf8.h"

#include <gtest/gtest.h>

#include "tests/engine/support/hex.h"

namespace tensorbundle {
namespace {

using testing::FromHex;

TEST(Utf8, AcceptsTheEndsOfEveryRange) {
  for (const char* hex :
       {"", "00", "7f", "c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "efbfbf",
        "f0908080", "f48fbfbf", "e697a5e69cac"}) {
    EXPECT_TRUE(IsValidUtf8(FromHex(hex))) << hex;
  }
}

TEST(Utf8, RefusesWhatLiesOutside) {
  for (const char* hex :
       {"80", "bf", "c080", "c1bf", "c2", "c27f", "c2c0", "e09fbf", "eda080",
        "edbfbf", "e0a0", "e0a07f", "f08fbfbf", "f4908080", "f5808080", "ff",
        "fe", "61ff", "f09080"}) {
    EXPECT_FALSE(IsValidUtf8(FromHex(hex))) << hex;
  }
}

TEST(Utf8, DisplayKeepsTextAndEscapesTheRest) {
  EXPECT_EQ(EscapeForDisplay("a/b"), "a/b");
  EXPECT_EQ(EscapeForDisplay("\xe6\x97\xa5"), "\xe6\x97\xa5");
  EXPECT_EQ(EscapeForDisplay(std::string("\0w\n\xff\\", 5)),
            "\\x00w\\x0a\\xff\\x5c");
}

}  // namespace
}  // namespace tensorbundle
