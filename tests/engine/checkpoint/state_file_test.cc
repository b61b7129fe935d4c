// The `checkpoint` file is protobuf text (engine/docs/checkpoint-files.md).
#include "engine/checkpoint/state_file.h"

#include <gtest/gtest.h>

#include <cmath>

namespace tensorbundle::checkpoint {
namespace {

using Paths = std::vector<std::string>;

CheckpointState Parsed(std::string_view text) {
  Result<CheckpointState> state = ParseCheckpointState(text);
  EXPECT_TRUE(state.ok()) << text << state.status().ToString();
  return state.ok() ? *state : CheckpointState();
}

std::string Path(std::string_view text) {
  return Parsed(text).model_checkpoint_path;
}

std::string ErrorOf(std::string_view text) {
  const Status status = ParseCheckpointState(text).status();
  EXPECT_EQ(status.code(), Code::kInvalidArgument) << text;
  return status.message();
}

TEST(CheckpointState, PrintsAsTensorFlowDoes) {
  CheckpointState state;
  state.model_checkpoint_path = "model.ckpt-1000";
  state.all_model_checkpoint_paths = {"model.ckpt-500", "model.ckpt-1000"};
  EXPECT_EQ(PrintCheckpointState(state),
            "model_checkpoint_path: \"model.ckpt-1000\"\n"
            "all_model_checkpoint_paths: \"model.ckpt-500\"\n"
            "all_model_checkpoint_paths: \"model.ckpt-1000\"\n");
  state.all_model_checkpoint_timestamps = {1571165245.1539788, 1571165245};
  state.last_preserved_timestamp = 1e16;
  EXPECT_EQ(PrintCheckpointState(state),
            "model_checkpoint_path: \"model.ckpt-1000\"\n"
            "all_model_checkpoint_paths: \"model.ckpt-500\"\n"
            "all_model_checkpoint_paths: \"model.ckpt-1000\"\n"
            "all_model_checkpoint_timestamps: 1571165245.1539788\n"
            "all_model_checkpoint_timestamps: 1571165245.0\n"
            "last_preserved_timestamp: 1e+16\n");
  EXPECT_EQ(PrintCheckpointState({}), "");
}

TEST(CheckpointState, EscapesWhatIsNotPrintableAscii) {
  CheckpointState state;
  state.model_checkpoint_path =
      std::string("\n\r\t\"'\\\x01\x7f ~", 10) + "\xe6\x97\xa5" + '\0';
  EXPECT_EQ(PrintCheckpointState(state),
            "model_checkpoint_path: "
            "\"\\n\\r\\t\\\"\\'\\\\\\001\\177 ~\\346\\227\\245\\000\"\n");
  EXPECT_EQ(Parsed(PrintCheckpointState(state)), state);
}

TEST(CheckpointState, ReadsWhatItPrints) {
  CheckpointState state;
  state.model_checkpoint_path = "c";
  state.all_model_checkpoint_paths = {"a", "", "c"};
  state.all_model_checkpoint_timestamps = {0.1, -3.0, 5e-324};
  state.last_preserved_timestamp = 1571165245.1539788;
  EXPECT_EQ(Parsed(PrintCheckpointState(state)), state);
}

TEST(CheckpointState, ToleratesWhatTheTextFormatAllows) {
  EXPECT_EQ(Path("model_checkpoint_path:\"a\""), "a");
  EXPECT_EQ(Path("model_checkpoint_path : 'a'\r\n"), "a");
  EXPECT_EQ(Path("\xef\xbb\xbf# note\nmodel_checkpoint_path: \"a\" # end"),
            "a");
  EXPECT_EQ(Path("model_checkpoint_path: \"a\" 'b'\n \"c\""), "abc");
  EXPECT_EQ(Path("model_checkpoint_path: \"a\", model_checkpoint_path: 'b';"),
            "b");
  EXPECT_EQ(Path("model_checkpoint_path: \"it's\""), "it's");
  EXPECT_EQ(Path(""), "");
  EXPECT_EQ(Path("# nothing"), "");
  EXPECT_EQ(Path("model_checkpoint_path: \"\xe6\x97\xa5\""), "\xe6\x97\xa5");
  EXPECT_EQ(Parsed("all_model_checkpoint_paths: [\"a\", 'b' \"c\"]\n"
                   "model_checkpoint_path: \"z\"\n"
                   "all_model_checkpoint_paths: []\n"
                   "all_model_checkpoint_paths: \"d\"")
                .all_model_checkpoint_paths,
            (Paths{"a", "bc", "d"}));
}

TEST(CheckpointState, ReadsEscapes) {
  EXPECT_EQ(Path(R"(model_checkpoint_path: "\a\b\f\n\r\t\v\?\"\'\\")"),
            "\a\b\f\n\r\t\v?\"'\\");
  EXPECT_EQ(Path(R"(model_checkpoint_path: "\346\227\245\0\1018")"),
            std::string("\xe6\x97\xa5\0A8", 6));
  EXPECT_EQ(Path(R"(model_checkpoint_path: "\x41\X42\xag")"), "AB\ng");
}

TEST(CheckpointState, ReadsNumbersInEveryForm) {
  const std::vector<double> read =
      Parsed(
          "all_model_checkpoint_timestamps: [1, -2.5, 1e3, .5, 7f, 1.5F, "
          "inf, -Infinity]")
          .all_model_checkpoint_timestamps;
  EXPECT_EQ(read, (std::vector<double>{1, -2.5, 1000, 0.5, 7, 1.5, INFINITY,
                                       -INFINITY}));
  EXPECT_TRUE(std::isnan(
      Parsed("last_preserved_timestamp: nan").last_preserved_timestamp));
}

TEST(CheckpointState, AnUnknownFieldIsAnError) {
  EXPECT_EQ(ErrorOf("model_checkpoint_path: \"a\"\n  foo: 1"),
            "2:3 : Message type \"tensorflow.CheckpointState\" has no field "
            "named \"foo\".");
}

TEST(CheckpointState, OtherTextIsAnErrorWithItsPlace) {
  EXPECT_EQ(ErrorOf("model_checkpoint_path \"a\"").substr(0, 5), "1:23 ");
  EXPECT_EQ(ErrorOf("\n\nmodel_checkpoint_path: a").substr(0, 5), "3:24 ");
  for (const char* text :
       {"model_checkpoint_path: \"a", "model_checkpoint_path: \"a\nb\"",
        "model_checkpoint_path: 'a\"", "model_checkpoint_path:",
        "model_checkpoint_path", ":", "{", "\"a\"", "[a]: 1",
        "model_checkpoint_path: [\"a\"]", "model_checkpoint_path: \"\\q\"",
        "model_checkpoint_path: \"\\x\"", "model_checkpoint_path: \"\\777\"",
        "model_checkpoint_path: \"\\", "all_model_checkpoint_paths: [\"a\"",
        "all_model_checkpoint_paths: [\"a\",]", "last_preserved_timestamp: 1x",
        "last_preserved_timestamp: \"1\"", "last_preserved_timestamp: "}) {
    ErrorOf(text);
  }
}

TEST(CheckpointState, NoTextCrashesTheParser) {
  const std::string text =
      "model_checkpoint_path: \"a\\346\\x41\"\r\n"
      "all_model_checkpoint_timestamps: [1.5e3, inf] # note\n";
  for (size_t size = 0; size <= text.size(); ++size) {
    static_cast<void>(ParseCheckpointState(text.substr(0, size)).ok());
  }
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string bad = text;
    bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
    const Result<CheckpointState> state = ParseCheckpointState(bad);
    if (!state.ok()) {
      ASSERT_EQ(state.status().code(), Code::kInvalidArgument);
    }
  }
}

CheckpointState Made(const CheckpointStateRequest& request) {
  Result<CheckpointState> state = MakeCheckpointState(request);
  EXPECT_TRUE(state.ok());
  return *state;
}

TEST(MakeCheckpointState, ThePathIsTheLastOfTheList) {
  CheckpointState state =
      Made({.save_dir = "/d", .model_checkpoint_path = "/d/b"});
  EXPECT_EQ(state.all_model_checkpoint_paths, Paths{"/d/b"});
  state = Made({.save_dir = "/d",
                .model_checkpoint_path = "/d/b",
                .all_model_checkpoint_paths = {"/d/a", "/d/b"}});
  EXPECT_EQ(state.all_model_checkpoint_paths, (Paths{"/d/a", "/d/b"}));
  state = Made({.save_dir = "/d",
                .model_checkpoint_path = "/d/a",
                .all_model_checkpoint_paths = {"/d/a", "/d/b"}});
  EXPECT_EQ(state.all_model_checkpoint_paths, (Paths{"/d/a", "/d/b", "/d/a"}));
}

TEST(MakeCheckpointState, RelativePathsAreRelativeToTheFolder) {
  CheckpointState state =
      Made({.save_dir = ".", .model_checkpoint_path = "./model.ckpt"});
  EXPECT_EQ(state.model_checkpoint_path, "model.ckpt");
  state = Made({.save_dir = "dir",
                .model_checkpoint_path = "dir/b",
                .all_model_checkpoint_paths = {"/abs/a", "dir/a", "dir/b"}});
  EXPECT_EQ(state.model_checkpoint_path, "b");
  EXPECT_EQ(state.all_model_checkpoint_paths, (Paths{"/abs/a", "a", "b"}));
  // The folder of "model.ckpt" is "".
  state = Made({.save_dir = "", .model_checkpoint_path = "model.ckpt"});
  EXPECT_EQ(state.model_checkpoint_path, "model.ckpt");
}

TEST(MakeCheckpointState, AbsolutePathsStayUnlessAskedOtherwise) {
  CheckpointStateRequest request = {.save_dir = "/tmp/m",
                                    .model_checkpoint_path = "/tmp/m/b",
                                    .all_model_checkpoint_paths = {"/tmp/a"}};
  EXPECT_EQ(Made(request).model_checkpoint_path, "/tmp/m/b");
  request.save_relative_paths = true;
  EXPECT_EQ(Made(request).model_checkpoint_path, "b");
  EXPECT_EQ(Made(request).all_model_checkpoint_paths, (Paths{"../a", "b"}));
}

TEST(MakeCheckpointState, TimestampsMatchThePaths) {
  const Status status =
      MakeCheckpointState({.save_dir = "/d",
                           .model_checkpoint_path = "/d/b",
                           .all_model_checkpoint_paths = {"/d/a"},
                           .all_model_checkpoint_timestamps = {1.5}})
          .status();
  EXPECT_EQ(status.code(), Code::kPyValueError);
  EXPECT_EQ(status.message(),
            "Checkpoint timestamps, if provided, must match checkpoint paths "
            "(got paths ['/d/a', '/d/b'] and timestamps [1.5])");
}

TEST(ResolveCheckpointState, JoinsRelativePathsWithTheFolder) {
  CheckpointState state;
  state.model_checkpoint_path = "model.ckpt-2";
  state.all_model_checkpoint_paths = {"/abs/model.ckpt-1", "model.ckpt-2"};
  const CheckpointState resolved = ResolveCheckpointState(state, ".").value();
  EXPECT_EQ(resolved.model_checkpoint_path, "./model.ckpt-2");
  EXPECT_EQ(resolved.all_model_checkpoint_paths,
            (Paths{"/abs/model.ckpt-1", "./model.ckpt-2"}));
  const Status status = ResolveCheckpointState({}, "d").status();
  EXPECT_EQ(status.code(), Code::kPyValueError);
  EXPECT_EQ(status.message(), "Invalid checkpoint state loaded from d");
}

TEST(CheckSavePath, MayNotBeTheStateFile) {
  EXPECT_TRUE(CheckSavePath("d/model.ckpt", "d/checkpoint").ok());
  const Status status = CheckSavePath("d/checkpoint", "d/checkpoint");
  EXPECT_EQ(status.code(), Code::kPyRuntimeError);
  EXPECT_EQ(status.message(),
            "Save path 'd/checkpoint' conflicts with path used for checkpoint "
            "state.  Please use a different save path.");
}

}  // namespace
}  // namespace tensorbundle::checkpoint
