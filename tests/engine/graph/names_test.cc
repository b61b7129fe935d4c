// Names are given away as TensorFlow 1.15's Graph.unique_name and name_scope
// give them (engine/docs/runtime.md, "Names").
#include "engine/graph/names.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace tensorbundle::graph {
namespace {

TEST(Names, CountUpWhenAskedForAgain) {
  const std::vector<std::vector<std::pair<const char*, const char*>>>
      sequences = {
          {{"Variable", "Variable"},
           {"Variable", "Variable_1"},
           {"Variable", "Variable_2"}},
          // A name that somebody chose is respected.
          {{"a", "a"}, {"a_1", "a_1"}, {"a", "a_2"}, {"a", "a_3"}},
          {{"a_1", "a_1"}, {"a", "a"}, {"a", "a_2"}},
          {{"a", "a"}, {"a", "a_1"}, {"a_1", "a_1_1"}, {"a_1", "a_1_2"}},
          {{"a_2", "a_2"}, {"a", "a"}, {"a", "a_1"}, {"a", "a_3"}},
          // Letters' case does not tell names apart, but is kept.
          {{"Abc", "Abc"}, {"abc", "abc_1"}, {"ABC", "ABC_2"}},
          {{"abc", "abc"}, {"Abc_1", "Abc_1"}, {"abc", "abc_2"}},
          // Each full name has a count of its own.
          {{"x", "x"}, {"y/x", "y/x"}, {"y/x", "y/x_1"}, {"x", "x_1"}},
      };
  for (const auto& sequence : sequences) {
    Names names;
    for (const auto& [asked, given] : sequence) {
      EXPECT_EQ(names.Unique(asked), given);
    }
  }
}

// Enters the scope that `name` leads to.
void Enter(Names* names, const char* name) {
  Result<std::string> scope = names->ScopeName(name);
  ASSERT_TRUE(scope.ok()) << scope.status().message();
  names->SetScope(*scope);
}

TEST(Names, ScopesNestAndCountUp) {
  Names names;
  Enter(&names, "a");
  EXPECT_EQ(*names.NodeName("x"), "a/x");
  Enter(&names, "b");
  EXPECT_EQ(names.scope(), "a/b");
  EXPECT_EQ(*names.NodeName("x"), "a/b/x");
  EXPECT_EQ(*names.NodeName("x"), "a/b/x_1");
  names.SetScope("");
  Enter(&names, "a");
  EXPECT_EQ(names.scope(), "a_1");
  EXPECT_EQ(*names.NodeName("x"), "a_1/x");
  names.SetScope("a");
  Enter(&names, "b");
  EXPECT_EQ(names.scope(), "a/b_1");
}

TEST(Names, ASlashAtTheEndMeansExactlyThisName) {
  Names names;
  Enter(&names, "a");
  Enter(&names, "b");
  Enter(&names, "a/");
  EXPECT_EQ(names.scope(), "a");
  EXPECT_EQ(*names.NodeName("a/"), "a");
  EXPECT_EQ(*names.NodeName("x"), "a/x");
  Enter(&names, "");
  EXPECT_EQ(names.scope(), "");
  // The scope's name was taken when it was opened.
  EXPECT_EQ(*names.NodeName("a"), "a_1");
}

TEST(Names, RefusesWhatIsNoName) {
  Names names;
  EXPECT_EQ(names.NodeName("a b").status().message(),
            "'a b' is not a valid node name");
  EXPECT_EQ(names.NodeName("").status().message(),
            "'' is not a valid node name");
  EXPECT_EQ(names.NodeName("_a").status().code(), Code::kPyValueError);
  EXPECT_EQ(names.ScopeName("_a").status().message(),
            "'_a' is not a valid scope name");
  EXPECT_EQ(names.ScopeName("a:0").status().message(),
            "'a:0' is not a valid scope name");
  EXPECT_EQ(names.NodeName("\xc3\xa9").status().code(), Code::kPyValueError);
  names.SetScope("a");
  EXPECT_EQ(*names.ScopeName("_b"), "a/_b");  // inside another scope it may
  EXPECT_TRUE(IsValidNodeName(".a-b/c_d.0"));
  EXPECT_FALSE(IsValidNodeName("-a"));
}

}  // namespace
}  // namespace tensorbundle::graph
