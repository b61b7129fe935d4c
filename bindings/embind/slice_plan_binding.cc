// Slice plans for JavaScript, which fetches the parts and copies their runs.

#include <emscripten/bind.h>

#include <cstdint>
#include <string>
#include <vector>

#include "bindings/embind/convert.h"
#include "bindings/embind/reader_handle.h"
#include "engine/bundle/entry_records.h"
#include "engine/bundle/slice_plan.h"

namespace tensorbundle::embind {
namespace {

// A plan comes out as the entry records of its parts, keys included, and one
// run of doubles:
//   rank, dims of the result; then for each part
//   from, to, run, number of loops, and of each loop count, from and to stride
class SlicePlanHandle {
 public:
  // The slice `spec` ("0,2:-") of the tensor `key`, or the whole of it.
  // Returns a code; 100 as in ReaderHandle.
  int Make(ReaderHandle& reader, const std::string& key,
           const std::string& spec, bool whole) {
    records_.clear();
    numbers_.clear();
    return Report(MakePlan(reader.reader(), key, spec, whole));
  }

  uintptr_t records_address() const {
    return reinterpret_cast<uintptr_t>(records_.data());
  }
  double records_size() const { return static_cast<double>(records_.size()); }
  uintptr_t address() const {
    return reinterpret_cast<uintptr_t>(numbers_.data());
  }
  double size() const {
    return static_cast<double>(numbers_.size() * sizeof(double));
  }

 private:
  Status MakePlan(bundle::BundleReader* reader, const std::string& key,
                  const std::string& spec, bool whole) {
    TB_ASSIGN_OR_RETURN(const bundle::Entry entry, reader->Find(key));
    Slice query = Slice::Full(entry.shape.rank());
    if (!whole) {
      TB_ASSIGN_OR_RETURN(query, ParseSlice(spec));
    }
    TB_ASSIGN_OR_RETURN(const bundle::SlicePlan plan,
                        bundle::PlanSlices(reader, key, entry, query));
    Put(static_cast<uint64_t>(plan.shape.rank()));
    for (int d = 0; d < plan.shape.rank(); ++d) {
      Put(static_cast<uint64_t>(plan.shape.dim(d)));
    }
    for (const bundle::SlicePart& part : plan.parts) {
      bundle::AppendEntryRecord(part.key, part.entry, OkStatus(), &records_);
      Put(part.copy.from);
      Put(part.copy.to);
      Put(part.copy.run);
      Put(part.copy.loops.size());
      for (const SliceCopy::Loop& loop : part.copy.loops) {
        Put(loop.count);
        Put(loop.from_stride);
        Put(loop.to_stride);
      }
    }
    return OkStatus();
  }

  void Put(uint64_t number) { numbers_.push_back(static_cast<double>(number)); }

  std::string records_;
  std::vector<double> numbers_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_slice_plan) {
  emscripten::class_<SlicePlanHandle>("SlicePlan")
      .constructor()
      .function("make", &SlicePlanHandle::Make)
      .function("recordsAddress", &SlicePlanHandle::records_address)
      .function("recordsSize", &SlicePlanHandle::records_size)
      .function("address", &SlicePlanHandle::address)
      .function("size", &SlicePlanHandle::size);
}

}  // namespace tensorbundle::embind
