// Python's os.path on POSIX (engine/docs/checkpoint-files.md, "Paths").
#include "engine/checkpoint/posix_path.h"

#include <gtest/gtest.h>

namespace tensorbundle::checkpoint {
namespace {

TEST(PosixPath, Join) {
  EXPECT_EQ(JoinPath("dir", "model.ckpt"), "dir/model.ckpt");
  EXPECT_EQ(JoinPath("dir/", "model.ckpt"), "dir/model.ckpt");
  EXPECT_EQ(JoinPath(".", "model.ckpt"), "./model.ckpt");
  EXPECT_EQ(JoinPath("", "model.ckpt"), "model.ckpt");
  EXPECT_EQ(JoinPath("dir", "/tmp/m"), "/tmp/m");
  EXPECT_EQ(JoinPath("dir", ""), "dir/");
}

TEST(PosixPath, Normalize) {
  EXPECT_EQ(NormalizePath(""), ".");
  EXPECT_EQ(NormalizePath("."), ".");
  EXPECT_EQ(NormalizePath("./a//b/./c/"), "a/b/c");
  EXPECT_EQ(NormalizePath("a/../.."), "..");
  EXPECT_EQ(NormalizePath("../../a"), "../../a");
  EXPECT_EQ(NormalizePath("/../a"), "/a");
  EXPECT_EQ(NormalizePath("//a"), "//a");
  EXPECT_EQ(NormalizePath("///a"), "/a");
  EXPECT_EQ(NormalizePath("//"), "//");
  EXPECT_EQ(NormalizePath("/"), "/");
}

TEST(PosixPath, Relative) {
  EXPECT_EQ(RelativePath("./model.ckpt", ".", "/home"), "model.ckpt");
  EXPECT_EQ(RelativePath("dir/model.ckpt", "dir", "/home"), "model.ckpt");
  EXPECT_EQ(RelativePath("model.ckpt", "dir", "/home"), "../model.ckpt");
  EXPECT_EQ(RelativePath("/home/dir/m", "dir", "/home"), "m");
  EXPECT_EQ(RelativePath("/tmp/m", "/home/x", "/"), "../../tmp/m");
  EXPECT_EQ(RelativePath("dir", "dir", "/home"), ".");
  EXPECT_EQ(RelativePath("../m", "dir", "/home/user"), "../../m");
  EXPECT_EQ(RelativePath("m", "", "/home"), "m");
  EXPECT_EQ(RelativePath("/ab", "/a", "/"), "../ab");
}

}  // namespace
}  // namespace tensorbundle::checkpoint
