// Philox4x32-10 gives the words that Random123 and TensorFlow 1.15 give.
#include "engine/random/philox.h"

#include <gtest/gtest.h>

#include "engine/random/generator.h"

namespace tensorbundle::random {
namespace {

using Block = Philox::Block;

struct Answer {
  uint64_t seed, seed2, skip;
  Block first, second;
};

TEST(Philox, GivesTheKnownAnswers) {
  const Answer answers[] = {
      {0,
       0,
       0,
       {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
       {0xf8e4cca4, 0x5cb200db, 0xb1a574eb, 0x097eff67}},
      {1,
       2,
       0,
       {0xe73404cf, 0x8cedc5d3, 0x3f071736, 0x0a0afddd},
       {0xb7b4c173, 0xdb04b052, 0x44541f91, 0x0e0b3cf3}},
      {1,
       2,
       64,
       {0x233d1a21, 0x6daf2e85, 0xda4a8ec8, 0xcd283fea},
       {0x6dcdf9ab, 0xa8435f14, 0xf31dd727, 0x769627a3}},
      {1,
       2,
       4294967295,
       {0x69ac70c5, 0x12c43243, 0x16c20789, 0x7b0f1e4a},
       {0x971c0b2f, 0x2c6bc63b, 0x11d5fd35, 0x1e5963e7}},
      {1,
       2,
       8589934595,
       {0x14d501ff, 0xc289d58f, 0xb137ac69, 0xc313a986},
       {0x708a2c24, 0xfca4ec97, 0x1ef4abdd, 0x73686bb4}},
      {87654321,
       0,
       0,
       {0x158ce911, 0x56fc2e6d, 0xe46ca44e, 0x4a862e15},
       {0x95863601, 0xa3e3844a, 0x8a6c1787, 0xdf3562b6}},
  };
  for (const Answer& answer : answers) {
    Philox generator(answer.seed, answer.seed2);
    generator.Skip(answer.skip);
    EXPECT_EQ(generator.Next(), answer.first) << answer.seed;
    EXPECT_EQ(generator.Next(), answer.second) << answer.seed;
  }
}

TEST(Philox, CountsOverEveryWordOfTheCounter) {
  EXPECT_EQ(Philox(0, 2147483647).Next(),
            (Block{0x05828766, 0xdb00e6c2, 0x20184dbb, 0x0c637d72}));
  const uint32_t ones = 0xffffffff;
  Philox last({ones, ones, ones, ones}, ones, ones);
  EXPECT_EQ(last.Next(),
            (Block{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  // The counter has wrapped around to zero.
  EXPECT_EQ(last.Next(), Philox({0, 0, 0, 0}, ones, ones).Next());
}

TEST(Philox, SkippingIsCalling) {
  for (uint64_t n : {0, 1, 2, 3, 255, 256, 257}) {
    Philox called(5, 6);
    for (uint64_t i = 0; i < n; ++i) called.Next();
    Philox skipped(5, 6);
    skipped.Skip(n);
    EXPECT_EQ(called.Next(), skipped.Next()) << n;
  }
}

TEST(Generator, MovesOnBy256BlocksAnElement) {
  Generator generator(1, 2);
  EXPECT_EQ(generator.Reserve(3).Next(), Philox(1, 2).Next());
  Philox expected(1, 2);
  expected.Skip(3 * 256);
  const Block first = expected.Next();
  EXPECT_EQ(generator.Reserve(0).Next(), first);  // nothing was set aside
  EXPECT_EQ(generator.Reserve(1).Next(), first);
  EXPECT_NE(generator.Reserve(1).Next(), first);
  EXPECT_TRUE(Generator::WantsFreshSeeds(0, 0));
  EXPECT_FALSE(Generator::WantsFreshSeeds(0, 1));
}

}  // namespace
}  // namespace tensorbundle::random
