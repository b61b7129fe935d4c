// Test data outside the repository, for those who have it.
#ifndef TB_TESTS_SUPPORT_CORPUS_H_
#define TB_TESTS_SUPPORT_CORPUS_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tensorbundle::testing {

// The folder `name` of the corpus: $TENSORBUNDLE_SHARED, or ../shared beside
// the repository. Nothing where there is none; such tests are not registered.
std::optional<std::string> CorpusFolder(std::string_view name);

// Nothing when the file cannot be read.
std::optional<std::string> ReadFile(const std::string& path);

// The names in a folder, sorted; folders as well.
std::vector<std::string> ListFolder(const std::string& path);

}  // namespace tensorbundle::testing

#endif  // TB_TESTS_SUPPORT_CORPUS_H_
