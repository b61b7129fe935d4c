// Variable scopes: a name that is opened again keeps its prefix, a default name
// is made unique among what its parent has opened, and re-entering a scope
// leaves no trace in those counts (TensorFlow 1.15's variable_scope.py).
#include "engine/graph/variable_scopes.h"

#include <gtest/gtest.h>

namespace tensorbundle::graph {
namespace {

TEST(VariableScopes, PrefixNames) {
  VariableScopes scopes;
  EXPECT_EQ(scopes.FullName("w"), "w");
  scopes.Open("a");
  scopes.Open("b/c");
  EXPECT_EQ(scopes.name(), "a/b/c");
  EXPECT_EQ(scopes.FullName("w"), "a/b/c/w");
  scopes.Close();
  EXPECT_EQ(scopes.name(), "a");
  scopes.Close();
  EXPECT_EQ(scopes.name(), "");
}

TEST(VariableScopes, ADefaultNameIsUniqueInItsParent) {
  VariableScopes scopes;
  const auto open = [&] {
    scopes.Open(scopes.Unique("x"));
    const std::string name = scopes.name();
    scopes.Close();
    return name;
  };
  EXPECT_EQ(open(), "x");
  EXPECT_EQ(open(), "x_1");
  EXPECT_EQ(open(), "x_2");
  scopes.Open("a");
  EXPECT_EQ(open(), "a/x");
  EXPECT_EQ(open(), "a/x_1");
  scopes.Close();
  EXPECT_EQ(open(), "x_3");
}

TEST(VariableScopes, ANameThatWasOpenedExplicitlyIsSkipped) {
  VariableScopes scopes;
  scopes.Open("x_1");
  scopes.Close();
  scopes.Open("x");
  scopes.Close();
  EXPECT_EQ(scopes.Unique("x"), "x_2");
}

TEST(VariableScopes, ClosingForgetsTheSubScopes) {
  VariableScopes scopes;
  for (int i = 0; i < 2; ++i) {
    scopes.Open("a");
    EXPECT_EQ(scopes.Unique("x"), "x");
    scopes.Open("x");
    scopes.Close();
    EXPECT_EQ(scopes.Unique("x"), "x_1");
    scopes.Close();
  }
  // "a" is no prefix of "ab", as names go.
  scopes.Open("ab");
  scopes.Open("x");
  scopes.Close();
  scopes.Close();
  scopes.Open("ab/x");
  scopes.Close();
  scopes.Open("a");
  scopes.Close();
  EXPECT_EQ(scopes.Unique("ab/x"), "ab/x_1");
}

TEST(VariableScopes, ReopeningGoesToThatScopeAndRestoresTheCounts) {
  VariableScopes scopes;
  scopes.Open("other");
  scopes.Reopen("a/b");
  EXPECT_EQ(scopes.name(), "a/b");
  scopes.Open("x");
  scopes.Close();
  EXPECT_EQ(scopes.Unique("x"), "x_1");
  scopes.Close();
  EXPECT_EQ(scopes.name(), "other");
  scopes.Close();
  scopes.Reopen("a/b");
  EXPECT_EQ(scopes.Unique("x"), "x");
  scopes.Close();
  // The scope itself counts as opened, once each time.
  EXPECT_EQ(scopes.Unique("a/b"), "a/b_1");
}

}  // namespace
}  // namespace tensorbundle::graph
