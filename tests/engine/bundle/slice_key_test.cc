// The keys of slices (engine/docs/slices.md, "Slice keys").
#include "engine/bundle/slice_key.h"

#include <gtest/gtest.h>

#include <limits>

namespace tensorbundle::bundle {
namespace {

template <size_t n>
std::string Raw(const char (&literal)[n]) {
  return std::string(literal, n - 1);
}

std::string Encode(std::string_view name, std::string_view slice) {
  return EncodeSliceKey(name, *ParseSlice(slice));
}

std::string DecodeError(std::string_view key) {
  const Result<SliceKey> decoded = DecodeSliceKey(key);
  return decoded.ok() ? "ok" : decoded.status().ToString();
}

TEST(SliceKey, HasTensorFlowsBytes) {
  EXPECT_EQ(Encode("w", "0,2:0,2"), Raw("\0w\0\x01\x01\x02\x80\x82\x80\x82"));
  EXPECT_EQ(Encode("w", "2,2:0,2"), Raw("\0w\0\x01\x01\x02\x82\x82\x80\x82"));
  EXPECT_EQ(Encode("w", "-:-"), Raw("\0w\0\x01\x01\x02\x80\x7f\x80\x7f"));
  EXPECT_EQ(Encode("rows", "0,4:-"),
            Raw("\0rows\0\x01\x01\x02\x80\x84\x80\x7f"));
  EXPECT_EQ(Encode("x", "150,150"), Raw("\0x\0\x01\x01\x01\xc0\x96\xc0\x96"));
  // A scalar, in V1 tables.
  EXPECT_EQ(EncodeSliceKey("s", Slice()), Raw("\0s\0\x01\0"));
  EXPECT_EQ(EncodeSliceKey(Raw("a\0\xff"), Slice()),
            Raw("\0a\0\xff\xff\0\0\x01\0"));
}

TEST(SliceKey, ReadsBack) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  const Slice far = {{{kMax, kMax}, {}, {0, 0}}};
  for (const std::string& name : {std::string(), Raw("\0\0"), Raw("a/b:0\xff"),
                                  std::string(1 << 20, '\xff')}) {
    for (const Slice& slice : {far, Slice::Full(1), Slice::Full(254)}) {
      const Result<SliceKey> decoded =
          DecodeSliceKey(EncodeSliceKey(name, slice));
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(decoded->name, name);
      EXPECT_EQ(decoded->slice, slice);
    }
  }
}

TEST(SliceKey, ANegativeLengthIsTheWholeDimension) {
  const Slice odd = {{{7, -5}}};
  EXPECT_EQ(DecodeSliceKey(EncodeSliceKey("w", odd))->slice, Slice::Full(1));
}

TEST(SliceKey, WrongKeysHaveTensorFlowsSentences) {
  EXPECT_EQ(DecodeError(""),
            "Internal: Failed to parse the leading number: src = ");
  EXPECT_EQ(DecodeError("w"),
            "Internal: Failed to parse the leading number: src = w");
  EXPECT_EQ(DecodeError(Raw("\x01\x01w")),
            "Internal: The leading number should always be 0 for any valid "
            "key: src = w");
  EXPECT_EQ(DecodeError(Raw("\0w\0")),
            Raw("Internal: Failed to parse the tensor name: src = w\0"));
  EXPECT_EQ(DecodeError(Raw("\0w\0\x01")),
            "Internal: Failed to parse the tensor rank: src = ");
  EXPECT_EQ(DecodeError(Raw("\0w\0\x01\0z")),
            "Internal: Expecting positive rank of the tensor, got 0, src = z");
  EXPECT_EQ(DecodeError(Raw("\0w\0\x01\x04\x7f\xff\xff\xff")),
            "Internal: Too many elements 2147483647");
  EXPECT_EQ(DecodeError(Raw("\0w\0\x01\x04\x7f\xff\xff\xfe\x80\x80")),
            "Internal: Failed to parse start: src = ");
  EXPECT_EQ(DecodeError(Raw("\0w\0\x01\x01\x01\xff")),
            "Internal: Failed to parse start: src = \xff");
  EXPECT_EQ(DecodeError(Raw("\0w\0\x01\x01\x01\x80\xc0")),
            "Internal: Failed to parse length: src = \xc0");
}

TEST(SliceKey, TruncationAtEveryByteIsRefused) {
  const std::string key = Encode("name", "100,200:-");
  for (size_t n = 0; n < key.size(); ++n) {
    EXPECT_EQ(DecodeSliceKey(key.substr(0, n)).status().code(),
              Code::kInternal);
  }
  EXPECT_EQ(DecodeSliceKey(key + "more")->slice.ToString(), "100,200:-");
}

}  // namespace
}  // namespace tensorbundle::bundle
