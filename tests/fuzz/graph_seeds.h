// MetaGraphDefs for fuzzers to begin with.
#ifndef TB_TESTS_FUZZ_GRAPH_SEEDS_H_
#define TB_TESTS_FUZZ_GRAPH_SEEDS_H_

#include <string>
#include <vector>

namespace tensorbundle::fuzz {

// Messages of this engine's own writer: variables and a saver.
std::vector<std::string> WrittenMetaGraphs();

// Texts: a node of every op that this engine knows, fed by what its inputs may
// be, and graphs of ops that it does not know.
std::vector<std::string> MetaGraphTexts();

}  // namespace tensorbundle::fuzz

#endif  // TB_TESTS_FUZZ_GRAPH_SEEDS_H_
