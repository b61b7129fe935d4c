// What a tf.train.Saver saves under which names.
#ifndef TB_TRAIN_SAVEABLES_H_
#define TB_TRAIN_SAVEABLES_H_

#include <span>
#include <string>
#include <vector>

#include "engine/graph/graph.h"
#include "engine/util/result.h"

namespace tensorbundle::train {

// What is saved under one key: a variable, or all the parts that a partitioned
// variable was given with.
struct Saveable {
  std::string key;
  std::vector<const graph::Variable*> variables;
  bool is_sliced = false;  // the variables are slices of `key`
};

// From a list: the keys are the variables' names (parts of one variable come
// together under its full name). Sorted by key. Returns ValueError "No
// variables to save" for an empty list, "At least two variables have the same
// name: v", "Mixing slices and non-slices with the same name: v".
Result<std::vector<Saveable>> SaveablesFromList(
    std::span<const graph::Variable* const> variables);

// From a map: the keys are the caller's, a list of variables stands for slices
// of one. Sorted by key. Returns ValueError "No variables to save", "Slices
// must all be slices: v", "Slices must all be from the same tensor: a != b",
// "The same saveable will be restored with two names: v".
struct SaveablesMapEntry {
  std::string key;
  std::vector<const graph::Variable*> variables;
  bool is_list = false;
};
Result<std::vector<Saveable>> SaveablesFromMap(
    std::span<const SaveablesMapEntry> entries);

}  // namespace tensorbundle::train

#endif  // TB_TRAIN_SAVEABLES_H_
