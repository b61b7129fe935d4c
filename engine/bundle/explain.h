// Explains the bytes of an index file, every one of them.
#ifndef TB_BUNDLE_EXPLAIN_H_
#define TB_BUNDLE_EXPLAIN_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/util/bytes.h"

namespace tensorbundle::bundle {

// A run of bytes and what it means. Labels are a closed set (see the sources),
// so that a page may translate them; values are data.
struct Span {
  uint64_t offset = 0;
  uint64_t length = 0;
  int depth = 0;
  std::string_view label;  // "data block", "shared", "key", "dtype", ...
  std::string value;       // "3", "Variable", "float", "[2,3]", ...; or empty
};

// Spans in the order of a walk through a tree: a span of depth d contains the
// following ones of depth d + 1, up to the next of depth d or less.
class SpanList {
 public:
  explicit SpanList(size_t enough) : enough_(enough) {}

  void Add(uint64_t offset, uint64_t length, int depth, std::string_view label,
           std::string value = {}) {
    spans_.push_back({offset, length, depth, label, std::move(value)});
  }
  // As Add(), unless `length` is 0.
  void AddIfAny(uint64_t offset, uint64_t length, int depth,
                std::string_view label) {
    if (length > 0) Add(offset, length, depth, label);
  }
  // True once the rest of a part is better left as a whole.
  bool full() const { return spans_.size() >= enough_; }

  std::vector<Span> Take() { return std::move(spans_); }

 private:
  size_t enough_;
  std::vector<Span> spans_;
};

inline constexpr std::string_view kUnreadable = "unreadable bytes";
inline constexpr std::string_view kMore = "more bytes";

// `text` as a value shows it: fit for people, and cut to
// limits::kMaxShownBytes.
std::string Shown(std::string_view text);

// The spans of depth 0 cover the whole file without gaps or overlaps, and so do
// the children of every span that has any. What cannot be read is a span
// "unreadable bytes": a damaged file is explained as far as it goes. Once there
// are `enough` spans, what is left of each part is one span "more bytes".
std::vector<Span> ExplainIndex(Bytes file, size_t enough = 20000);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_EXPLAIN_H_
