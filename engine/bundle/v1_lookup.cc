// Two walks over the stored slices that the query meets. In the first nothing
// is allocated: it finds the records and makes sure that they can hold as many
// values as the metadata promises. The second decodes and copies. A query that
// is stored as it is needs the second alone, and no copy.
#include <utility>

#include "engine/bundle/slice_key.h"
#include "engine/bundle/v1_reader.h"
#include "engine/bundle/v1_record.h"
#include "engine/table/table_iterator.h"
#include "engine/tensor/slice_copy.h"

namespace tensorbundle::bundle {

template <typename Use>
Status V1Lookup::WithRecord(const Part& part, Use use) {
  table::TableReader& table = reader_->tables_[part.file];
  table::TableIterator it(&table);
  const Result<bool> found =
      it.Find(EncodeSliceKey(tensor_->first, part.slice));
  Status status = found.status();
  if (status.ok()) {
    status = *found ? use(it.value())
                    : NotFoundError(
                          "A slice that the metadata lists is "
                          "missing");
  }
  switch (status.code()) {
    case Code::kOk:
    case Code::kNeedBytes:
    case Code::kResourceExhausted:
      return status;
    default:
      // TensorFlow says no more; the location does.
      ErrorLocation location = status.location();
      location.file = table.source()->name();
      location.tensor = tensor_->first;
      return InvalidArgumentError("Error copying slice data")
          .At(std::move(location));
  }
}

Status V1Lookup::CheckPart(const Part& part, Bytes record) const {
  const V1Reader::StoredTensor& tensor = tensor_->second;
  TB_ASSIGN_OR_RETURN(const Shape shape, SliceShape(part.slice, tensor.shape));
  const auto values = CountV1Values(record, tensor.dtype);
  if (!values || static_cast<uint64_t>(shape.num_elements()) > *values) {
    return DataLossError("A record has too few values");
  }
  return OkStatus();
}

Status V1Lookup::CopyPart(const Part& part, Bytes record) {
  const V1Reader::StoredTensor& tensor = tensor_->second;
  TB_ASSIGN_OR_RETURN(const Shape shape, SliceShape(part.slice, tensor.shape));
  TB_ASSIGN_OR_RETURN(Tensor stored,
                      DecodeV1Record(record, tensor.dtype, shape));
  if (part.slice == query_) {
    result_ = std::move(stored);
    return OkStatus();
  }
  TB_ASSIGN_OR_RETURN(const SliceCopy copy,
                      PlanSliceCopy(tensor.shape, part.slice, query_));
  if (tensor.dtype == DType::kString) {
    CopyElements(copy, stored.strings(), result_.mutable_strings());
  } else {
    CopyElements(copy, DTypeSize(tensor.dtype), stored.bytes(),
                 result_.mutable_bytes());
  }
  return OkStatus();
}

Status V1Lookup::Continue() {
  const bool stored_so = parts_.size() == 1 && parts_[0].slice == query_;
  if (!stored_so && !result_.initialized()) {
    for (; checked_ < parts_.size(); ++checked_) {
      const Part& part = parts_[checked_];
      TB_RETURN_IF_ERROR(WithRecord(
          part, [&](Bytes record) { return CheckPart(part, record); }));
    }
    const V1Reader::StoredTensor& tensor = tensor_->second;
    TB_ASSIGN_OR_RETURN(const Shape shape, SliceShape(query_, tensor.shape));
    TB_ASSIGN_OR_RETURN(result_, Tensor::Create(tensor.dtype, shape));
  }
  for (; copied_ < parts_.size(); ++copied_) {
    const Part& part = parts_[copied_];
    TB_RETURN_IF_ERROR(
        WithRecord(part, [&](Bytes record) { return CopyPart(part, record); }));
  }
  return OkStatus();
}

}  // namespace tensorbundle::bundle
