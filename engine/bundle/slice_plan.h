// Slice plans: which entries of a bundle hold a tensor, or a slice of one, and
// where their elements go.
#ifndef TB_BUNDLE_SLICE_PLAN_H_
#define TB_BUNDLE_SLICE_PLAN_H_

#include <string>
#include <string_view>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/entry.h"
#include "engine/tensor/shape.h"
#include "engine/tensor/slice_copy.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

// One stored slice. Its bytes are fetched and pass a decoder as those of any
// other entry; then CopyElements(copy, ...) moves what is wanted of them.
struct SlicePart {
  std::string key;
  Slice slice;
  Entry entry;  // without slices: it has bytes of its own
  SliceCopy copy;
};

struct SlicePlan {
  Shape shape;  // of the result
  // Every element of the result is in exactly one part. One part whose
  // copy.run is the whole of it needs no copy: its elements are the result.
  std::vector<SlicePart> parts;
};

// Plans to read `query` of the tensor `name`, whose entry is `entry`, be it
// stored whole or in slices; Slice::Full() is the whole tensor.
// Returns SliceShape()'s errors for a query that the tensor does not have;
// Internal "Overlapping slices: ..."; InvalidArgument "Does not have
// sufficient slices for partitioned tensor N to restore in slice_spec: Q";
// NotFound for a slice that the index does not have; DataLoss for one whose
// dtype or shape is not what it should be; Find()'s errors; kNeedBytes.
Result<SlicePlan> PlanSlices(BundleReader* reader, std::string_view name,
                             const Entry& entry, const Slice& query);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_SLICE_PLAN_H_
