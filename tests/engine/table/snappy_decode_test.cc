// The raw Snappy format: literals, copies of three widths, and the bound on
// what a stream may claim (engine/docs/table-format.md, "Compression").
#include "engine/table/snappy_decode.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "tests/engine/table/snappy_encode.h"

namespace tensorbundle::table {
namespace {

std::optional<std::string> Uncompress(std::string_view compressed) {
  const auto length = SnappyUncompressedLength(AsBytes(compressed));
  if (!length) return std::nullopt;
  // Allocated on the heap at its exact size, so that AddressSanitizer sees a
  // byte written behind it.
  std::vector<uint8_t> output(*length);
  const std::vector<uint8_t> input(compressed.begin(), compressed.end());
  if (!SnappyUncompress(input, output)) return std::nullopt;
  return std::string(output.begin(), output.end());
}

template <size_t n>
std::string Raw(const char (&literal)[n]) {
  return std::string(literal, n - 1);
}

TEST(SnappyDecode, LiteralsOfEveryLengthForm) {
  EXPECT_EQ(Uncompress(Raw("\x00")), "");
  EXPECT_EQ(Uncompress(Raw("\x01\x00"
                           "a")),
            "a");
  for (const size_t n : {59u, 60u, 61u, 255u, 256u, 257u, 65535u, 65536u,
                         65537u, 1u << 24, (1u << 24) + 1}) {
    std::string text(n, 'x');
    for (size_t i = 0; i < n; ++i) text[i] = static_cast<char>(i * 7 % 251);
    std::string stream;
    AppendVarint32(&stream, static_cast<uint32_t>(n));
    AppendSnappyLiteral(&stream, text);
    EXPECT_EQ(Uncompress(stream), text) << n;
  }
  // The same byte with its length in 1, 2, 3 and 4 bytes more.
  EXPECT_EQ(Uncompress(Raw("\x01\xf0\x00"
                           "a")),
            "a");
  EXPECT_EQ(Uncompress(Raw("\x01\xf4\x00\x00"
                           "a")),
            "a");
  EXPECT_EQ(Uncompress(Raw("\x01\xf8\x00\x00\x00"
                           "a")),
            "a");
  EXPECT_EQ(Uncompress(Raw("\x01\xfc\x00\x00\x00\x00"
                           "a")),
            "a");
}

TEST(SnappyDecode, CopiesOfEveryForm) {
  const std::string abcd = Raw("\x0c") + "abcd";
  // 4 bytes from 4 back: tag 000 000 01.
  EXPECT_EQ(Uncompress("\x08" + abcd + Raw("\x01\x04")), "abcdabcd");
  // 2 bytes from 3 back with a two-byte and a four-byte offset.
  EXPECT_EQ(Uncompress("\x06" + abcd + Raw("\x06\x03\x00")), "abcdbc");
  EXPECT_EQ(Uncompress("\x06" + abcd + Raw("\x07\x03\x00\x00\x00")), "abcdbc");
  // Overlapping: 6 bytes from 1 back, 7 from 2 back.
  EXPECT_EQ(Uncompress("\x0a" + abcd + Raw("\x09\x01")), "abcddddddd");
  EXPECT_EQ(Uncompress("\x0b" + abcd + Raw("\x0d\x02")), "abcdcdcdcdc");
  // 2047 back, the farthest of the short form: 111 000 01.
  std::string text(2047, '.');
  text.replace(0, 4, "head");
  std::string stream;
  AppendVarint32(&stream, 2051);
  AppendSnappyLiteral(&stream, text);
  EXPECT_EQ(Uncompress(stream + Raw("\xe1\xff")), text + "head");
}

TEST(SnappyDecode, OverlapsOfEveryOffsetAndLengthRepeat) {
  for (uint32_t offset = 1; offset <= 70; ++offset) {
    for (uint32_t length = 1; length <= 64; ++length) {
      for (const size_t tail : {0u, 1u, 6u, 7u, 8u}) {
        std::string text;
        for (uint32_t i = 0; i < offset; ++i) text += static_cast<char>(i + 33);
        std::string stream;
        AppendVarint32(&stream, static_cast<uint32_t>(offset + length + tail));
        AppendSnappyLiteral(&stream, text);
        AppendSnappyCopy(&stream, offset, length);
        AppendSnappyLiteral(&stream, std::string(tail, '~'));
        for (uint32_t i = 0; i < length; ++i) text += text[i];
        ASSERT_EQ(Uncompress(stream), text + std::string(tail, '~'))
            << offset << ' ' << length;
      }
    }
  }
}

TEST(SnappyDecode, WrongStreamsAreRefused) {
  EXPECT_EQ(Uncompress(""), std::nullopt);
  EXPECT_EQ(Uncompress("\x80"), std::nullopt);  // an unfinished length
  // Six bytes of length, and five that need more than 32 bits.
  EXPECT_EQ(Uncompress(Raw("\x81\x80\x80\x80\x80\x00\x00"
                           "a")),
            std::nullopt);
  EXPECT_EQ(Uncompress(Raw("\xff\xff\xff\xff\x7f\x00"
                           "a")),
            std::nullopt);
  const std::string abcd = Raw("\x0c") + "abcd";
  EXPECT_EQ(Uncompress("\x05" + abcd), std::nullopt);  // too little
  EXPECT_EQ(Uncompress("\x03" + abcd), std::nullopt);  // too much
  EXPECT_EQ(Uncompress("\x08" + abcd + Raw("\x01\x00")), std::nullopt);
  EXPECT_EQ(Uncompress("\x08" + abcd + Raw("\x01\x05")), std::nullopt);
  EXPECT_EQ(Uncompress(Raw("\x04\x01\x01")), std::nullopt);
  EXPECT_EQ(Uncompress("\x07" + abcd + Raw("\x01\x04")), std::nullopt);
  // A literal that claims 4 GiB.
  EXPECT_EQ(Uncompress(Raw("\x05\xfc\xff\xff\xff\xff") + "abcde"),
            std::nullopt);
}

TEST(SnappyDecode, NoClaimAboveTheBoundIsBelieved) {
  // From two bytes on, the best stream of each length: a literal, then copies
  // of 64 bytes, then whatever fits into what is left.
  for (uint32_t n = 2; n < 300; ++n) {
    const uint32_t rest = (n - 2) % 3;
    std::string elements;
    AppendSnappyLiteral(&elements, rest == 1 ? "aa" : "a");
    for (uint32_t i = 0; i < (n - 2) / 3; ++i) {
      AppendSnappyCopy(&elements, 1, 64);
    }
    if (rest == 2) AppendSnappyCopy(&elements, 1, 11);
    ASSERT_EQ(elements.size(), n);
    const uint32_t most = static_cast<uint32_t>(SnappyMaxExpansion(n));
    std::string stream;
    AppendVarint32(&stream, most);
    EXPECT_EQ(Uncompress(stream + elements), std::string(most, 'a')) << n;
    stream.clear();
    AppendVarint32(&stream, most + 1);
    EXPECT_EQ(SnappyUncompressedLength(AsBytes(stream + elements)),
              std::nullopt);
  }
  EXPECT_EQ(SnappyMaxExpansion(0), 0u);
  EXPECT_EQ(SnappyMaxExpansion(1), 0u);
  EXPECT_EQ(SnappyMaxExpansion(2), 1u);
  EXPECT_EQ(SnappyMaxExpansion(3), 2u);
  EXPECT_EQ(SnappyMaxExpansion(4), 12u);
  EXPECT_EQ(SnappyMaxExpansion(5), 65u);
}

// Text of few letters, so that there is something to copy.
std::string RandomText(std::mt19937* random, size_t size) {
  std::string text;
  while (text.size() < size) {
    const auto r = (*random)();
    if (r % 4 == 0 && text.size() > 8) {
      const size_t from = (*random)() % text.size();
      text += std::string(text, from, (*random)() % 100);
    } else {
      text += static_cast<char>('a' + r % 5);
    }
  }
  text.resize(size);
  return text;
}

TEST(SnappyDecode, WhatIsCompressedComesBack) {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const std::string text = RandomText(&random, random() % 3000);
    ASSERT_EQ(Uncompress(SnappyCompress(text)), text);
  }
  // Far enough for offsets of four bytes.
  const std::string text = RandomText(&random, 200000);
  const std::string twice = text + text;
  EXPECT_EQ(Uncompress(SnappyCompress(twice)), twice);
}

TEST(SnappyDecode, TruncationAtEveryByteIsRefused) {
  std::mt19937 random(8);
  const std::string stream = SnappyCompress(RandomText(&random, 500));
  for (size_t n = 0; n < stream.size(); ++n) {
    EXPECT_EQ(Uncompress(stream.substr(0, n)), std::nullopt) << n;
  }
}

TEST(SnappyDecode, AnyFlippedBitGivesARefusalOrTheClaimedNumberOfBytes) {
  std::mt19937 random(9);
  const std::string stream = SnappyCompress(RandomText(&random, 500));
  int refused = 0;
  for (size_t bit = 0; bit < 8 * stream.size(); ++bit) {
    std::string flipped = stream;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ 1 << bit % 8);
    const auto length = SnappyUncompressedLength(AsBytes(flipped));
    const auto text = Uncompress(flipped);
    if (text) {
      EXPECT_EQ(text->size(), *length);
    } else {
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

TEST(SnappyDecode, RandomBytesDoNoHarm) {
  std::mt19937 random(10);
  for (int round = 0; round < 20000; ++round) {
    std::string stream;
    AppendVarint32(&stream, static_cast<uint32_t>(random() % 200));
    const size_t size = random() % 40;
    for (size_t i = 0; i < size; ++i) stream += static_cast<char>(random());
    const auto text = Uncompress(stream);
    if (text) EXPECT_LE(text->size(), SnappyMaxExpansion(size));
  }
}

}  // namespace
}  // namespace tensorbundle::table
