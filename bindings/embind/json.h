// Json: writes one JSON text, for descriptions that cross to JavaScript.
#ifndef TB_EMBIND_JSON_H_
#define TB_EMBIND_JSON_H_

#include <string>
#include <string_view>
#include <vector>

namespace tensorbundle::embind {

// Calls follow the text from left to right; commas are put in by the writer.
class Json {
 public:
  void Object() { Open('{', '}'); }
  void Array() { Open('[', ']'); }
  // Closes the innermost object or array.
  void End();
  Json& Key(std::string_view key);

  // `text` is UTF-8; what JSON cannot hold in a string is escaped.
  void String(std::string_view text);
  // Not a finite number: null. Integers up to 2^53 are written as such.
  void Number(double number);
  void Bool(bool value);
  void Null();

  std::string Take() { return std::move(text_); }

 private:
  void Open(char opening, char closing);
  void Separate();
  void Quote(std::string_view text);

  std::string text_;
  std::vector<char> closing_;
  bool needs_comma_ = false;
};

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_JSON_H_
