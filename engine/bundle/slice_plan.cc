#include "engine/bundle/slice_plan.h"

#include <utility>

#include "engine/bundle/slice_key.h"
#include "engine/tensor/slice_cover.h"

namespace tensorbundle::bundle {

namespace {

// The entry behind a slice must be of the tensor's dtype and the slice's shape:
// the copy is planned with both.
Status CheckPart(const SlicePart& part, const Entry& tensor) {
  TB_ASSIGN_OR_RETURN(const Shape shape, SliceShape(part.slice, tensor.shape));
  if (part.entry.dtype == tensor.dtype && part.entry.shape == shape &&
      part.entry.slices.empty()) {
    return OkStatus();
  }
  return DataLossError("The entry of slice " + part.slice.ToString() +
                       " is a " + DTypeString(part.entry.dtype) + " " +
                       part.entry.shape.ToString() + ", not a " +
                       DTypeString(tensor.dtype) + " " + shape.ToString());
}

}  // namespace

Result<SlicePlan> PlanSlices(BundleReader* reader, std::string_view name,
                             const Entry& entry, const Slice& query) {
  const auto at_tensor = [&](Status status) {
    ErrorLocation location = status.location();
    location.tensor = std::string(name);
    return std::move(status).At(std::move(location));
  };

  SlicePlan plan;
  Result<Shape> shape = SliceShape(query, entry.shape);
  if (!shape.ok()) return at_tensor(shape.status());
  plan.shape = std::move(shape).value();

  std::vector<Slice> stored = entry.slices;
  if (stored.empty()) stored.push_back(Slice::Full(entry.shape.rank()));
  TB_RETURN_IF_ERROR(at_tensor(CheckSlices(entry.shape, stored)));
  const auto cover = FindCover(entry.shape, stored, query);
  if (!cover) {
    return at_tensor(InvalidArgumentError(
        "Does not have sufficient slices for partitioned tensor " +
        std::string(name) + " to restore in slice_spec: " + query.ToString()));
  }
  for (const size_t i : *cover) {
    SlicePart part;
    part.slice = stored[i];
    if (part.slice.is_full()) {
      part.key = std::string(name);
      part.entry = entry;
      part.entry.slices.clear();
    } else {
      part.key = EncodeSliceKey(name, part.slice);
      TB_ASSIGN_OR_RETURN(part.entry, reader->Find(part.key));
    }
    TB_RETURN_IF_ERROR(at_tensor(CheckPart(part, entry)));
    TB_ASSIGN_OR_RETURN(part.copy,
                        PlanSliceCopy(entry.shape, part.slice, query));
    plan.parts.push_back(std::move(part));
  }
  return plan;
}

}  // namespace tensorbundle::bundle
