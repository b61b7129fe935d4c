// SessionRun: feeds, fetches and targets of one Session.run, and its results.
#ifndef TB_EMBIND_SESSION_RUN_H_
#define TB_EMBIND_SESSION_RUN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/session/session.h"

namespace tensorbundle::embind {

using SessionPointer = std::shared_ptr<session::Session>;

class SessionRun {
 public:
  explicit SessionRun(SessionPointer session) : session_(std::move(session)) {}

  // Feeds output `output` of node `node` with an array; "2,3" are its dims.
  // Returns a code; JavaScript then fills data_address(), or adds the strings.
  int AddFeed(int node, int output, int dtype, const std::string& dims);
  void AddString(const std::string& element);
  uintptr_t data_address() const;

  void AddFetch(int node, int output);
  void AddTarget(int node);

  // Returns a code. The results below are valid until the next Run().
  int Run();

  // The address of numbers about the i-th result, valid until the next call:
  // dtype, address and size of its bytes, rank, dims. Strings are a
  // little-endian u32 length and the bytes of each element in turn. One call
  // for all, since calls across the boundary cost more than a small result.
  uintptr_t result(int i);
  // Drops feeds, fetches and results, so that the object can be used again.
  void Clear();

 private:
  SessionPointer session_;
  std::vector<session::Feed> feeds_;
  std::vector<graph::Output> fetches_;
  std::vector<const graph::Node*> targets_;
  std::vector<Tensor> results_;
  size_t next_string_ = 0;
  std::vector<std::vector<uint8_t>> packed_strings_;  // one a result
  std::vector<double> result_;
};

}  // namespace tensorbundle::embind

#endif  // TB_EMBIND_SESSION_RUN_H_
