// The tokens of protobuf's text format, as far as scalar fields need them.
#ifndef TB_CHECKPOINT_TEXT_FORMAT_H_
#define TB_CHECKPOINT_TEXT_FORMAT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "engine/util/result.h"

namespace tensorbundle::checkpoint {

// Stands before a token; blanks and comments are skipped on the way to it.
// Errors are InvalidArgument "LINE:COLUMN : MESSAGE", counted from 1.
class TextScanner {
 public:
  // `text` must outlive the scanner.
  explicit TextScanner(std::string_view text);

  bool AtEnd() const { return rest_.empty(); }

  // Skips the character if it comes next.
  bool Consume(char c);
  // As Consume(), or an error "Expected "C"."
  Status Expect(char c);

  // A field's name.
  Result<std::string> Identifier();
  // One string, or several next to one another, without quotes and escapes.
  Result<std::string> String();
  // A decimal number, inf or nan, with or without a trailing "f".
  Result<double> Double();
  // The characters of a name or a number, skipped; may be none.
  std::string_view Word();

  // An error that points at the token that comes next.
  Status Error(std::string_view message) const;

 private:
  Status StringPart(std::string* out);
  // What follows a backslash.
  Status Escape(std::string* out);
  void SkipBlanks();
  void Advance(size_t n);

  std::string_view rest_;
  size_t line_ = 1;
  size_t column_ = 1;
};

// `text` as the text format writes a string: in double quotes, everything but
// printable ASCII as an escape.
std::string QuoteForTextFormat(std::string_view text);

}  // namespace tensorbundle::checkpoint

#endif  // TB_CHECKPOINT_TEXT_FORMAT_H_
