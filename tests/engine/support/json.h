// A reader of JSON, for the descriptions that lie beside test data.
#ifndef TB_TESTS_SUPPORT_JSON_H_
#define TB_TESTS_SUPPORT_JSON_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tensorbundle::testing {

// A value; absent members and elements read as null, so that tests may walk
// down without asking at every step.
class Json {
 public:
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

  // Nothing for text that is no JSON.
  static std::optional<Json> Parse(std::string_view text);

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::kNull; }
  bool boolean() const { return boolean_; }
  // Of a number as written, or of a string.
  const std::string& text() const { return text_; }
  int64_t integer() const;
  const std::vector<Json>& items() const { return items_; }
  const std::map<std::string, Json>& members() const { return members_; }
  const Json& operator[](std::string_view name) const;

 private:
  class Parser;

  Kind kind_ = Kind::kNull;
  bool boolean_ = false;
  std::string text_;
  std::vector<Json> items_;
  std::map<std::string, Json> members_;
};

}  // namespace tensorbundle::testing

#endif  // TB_TESTS_SUPPORT_JSON_H_
