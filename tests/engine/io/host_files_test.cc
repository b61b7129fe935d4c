// What is not here is recorded as a need; what the host supplies joins up,
// whatever its pieces (engine/docs/decisions/0001-replayed-operations.md).
#include "engine/io/host_files.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>

namespace tensorbundle::io {
namespace {

constexpr std::string_view kContents = "abcdefghijklmnopqrstuvwxyz";

void Supply(HostFiles* files, size_t offset, size_t length) {
  Result<uint8_t*> memory = files->Reserve("f", offset, length);
  ASSERT_TRUE(memory.ok());
  std::memcpy(*memory, kContents.data() + offset, length);
  ASSERT_TRUE(files->Commit("f", offset, length).ok());
}

TEST(HostFiles, AsksForTheFileFirst) {
  HostFiles files;
  EXPECT_EQ(files.Open("f").status().code(), Code::kNeedBytes);
  EXPECT_EQ(files.need().kind, Need::Kind::kFile);
  EXPECT_EQ(files.need().file, "f");
  files.AddFile("f", kContents.size());
  Result<ByteSource*> file = files.Open("f");
  ASSERT_TRUE(file.ok());
  EXPECT_EQ((*file)->name(), "f");
  EXPECT_EQ((*file)->size(), kContents.size());
}

TEST(HostFiles, GivesTheHostsErrorBack) {
  HostFiles files;
  files.AddError("f", NotFoundError("f; No such file or directory"));
  const Status status = files.Open("f").status();
  EXPECT_EQ(status.code(), Code::kNotFound);
  EXPECT_EQ(status.message(), "f; No such file or directory");
  files.AddFile("f", 1);
  EXPECT_TRUE(files.Open("f").ok());
}

TEST(HostFiles, AsksForTheRangeAndGivesItOnceSupplied) {
  HostFiles files;
  files.AddFile("f", kContents.size());
  ByteSource* file = files.Open("f").value();
  EXPECT_EQ(file->Peek(3, 5).status().code(), Code::kNeedBytes);
  EXPECT_EQ(files.need().kind, Need::Kind::kBytes);
  EXPECT_EQ(files.need().offset, 3u);
  EXPECT_EQ(files.need().length, 5u);
  Supply(&files, 3, 5);
  EXPECT_EQ(AsString(file->Peek(3, 5).value()), "defgh");
  EXPECT_EQ(AsString(file->Peek(4, 2).value()), "ef");
  EXPECT_EQ(files.resident_bytes(), 5u);
}

TEST(HostFiles, AsksOnlyForTheHole) {
  HostFiles files;
  files.AddFile("f", kContents.size());
  ByteSource* file = files.Open("f").value();
  Supply(&files, 0, 5);
  Supply(&files, 9, 5);
  EXPECT_EQ(file->Peek(2, 20).status().code(), Code::kNeedBytes);
  EXPECT_EQ(files.need().offset, 5u);
  EXPECT_EQ(files.need().length, 4u);
  Supply(&files, 5, 4);
  EXPECT_EQ(file->Peek(2, 20).status().code(), Code::kNeedBytes);
  EXPECT_EQ(files.need().offset, 14u);
  EXPECT_EQ(files.need().length, 8u);
}

TEST(HostFiles, WhatWasHandedOutStaysValid) {
  HostFiles files;
  files.AddFile("f", kContents.size());
  ByteSource* file = files.Open("f").value();
  Supply(&files, 0, 5);
  const Bytes early = file->Peek(0, 5).value();
  Supply(&files, 5, 5);
  const Bytes joined = file->Peek(2, 6).value();
  for (size_t at = 10; at < 26; at += 2) Supply(&files, at, 2);
  EXPECT_EQ(AsString(file->Peek(0, 26).value()), kContents);
  EXPECT_EQ(AsString(early), "abcde");
  EXPECT_EQ(AsString(joined), "cdefgh");
}

TEST(HostFiles, AnyPiecesMakeTheFile) {
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    HostFiles files;
    files.AddFile("f", kContents.size());
    ByteSource* file = files.Open("f").value();
    for (int step = 0; step < 20; ++step) {
      const size_t offset = random() % kContents.size();
      const size_t length = random() % (kContents.size() - offset + 1);
      Result<Bytes> bytes = file->Peek(offset, length);
      while (!bytes.ok()) {
        ASSERT_EQ(bytes.status().code(), Code::kNeedBytes);
        const Need need = files.need();
        ASSERT_GT(need.length, 0u);
        // A little more than asked for, on both sides.
        const size_t at = static_cast<size_t>(need.offset);
        const size_t begin = at - std::min<size_t>(at, 1);
        const size_t end =
            std::min(at + static_cast<size_t>(need.length) + random() % 3,
                     kContents.size());
        Supply(&files, begin, end - begin);
        bytes = file->Peek(offset, length);
      }
      ASSERT_EQ(AsString(*bytes), kContents.substr(offset, length));
    }
  }
}

TEST(HostFiles, RefusesWhatTheFileDoesNotHave) {
  HostFiles files;
  files.AddFile("f", 10);
  ByteSource* file = files.Open("f").value();
  EXPECT_EQ(file->Peek(5, 6).status().code(), Code::kOutOfRange);
  EXPECT_EQ(file->Peek(UINT64_MAX, 1).status().code(), Code::kOutOfRange);
  EXPECT_TRUE(file->Peek(10, 0).ok());
  EXPECT_EQ(files.Reserve("f", 5, 6).status().code(), Code::kOutOfRange);
  EXPECT_EQ(files.Reserve("g", 0, 1).status().code(), Code::kNotFound);
}

TEST(HostFiles, OnlyWhatWasReservedCanBeCommitted) {
  HostFiles files;
  files.AddFile("f", 10);
  EXPECT_EQ(files.Commit("f", 0, 1).code(), Code::kFailedPrecondition);
  EXPECT_EQ(files.Commit("g", 0, 1).code(), Code::kFailedPrecondition);
  ASSERT_TRUE(files.Reserve("f", 0, 4).ok());
  EXPECT_EQ(files.Commit("f", 0, 3).code(), Code::kFailedPrecondition);
  EXPECT_TRUE(files.Commit("f", 0, 4).ok());
  EXPECT_EQ(files.Commit("f", 0, 4).code(), Code::kFailedPrecondition);
}

TEST(HostFiles, ForgetsOnRequest) {
  HostFiles files;
  files.AddFile("f", kContents.size());
  Supply(&files, 0, 5);
  files.Forget("f");
  files.Forget("g");
  EXPECT_EQ(files.resident_bytes(), 0u);
  EXPECT_EQ(files.Open("f").status().code(), Code::kNeedBytes);
}

}  // namespace
}  // namespace tensorbundle::io
