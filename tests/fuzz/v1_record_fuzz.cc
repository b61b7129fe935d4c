// Any bytes as a V1 record of any dtype, beside what protobuf makes of them.
//
//   u8 dtype | u16 number of elements | record
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

#include "engine/bundle/messages.h"
#include "engine/bundle/v1_record.h"
#include "engine/proto/saved_tensor_slice.pb.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::bundle {
namespace {

using fuzz::Require;

// The values of the record as numbers, the way TensorFlow reads them.
template <typename T, typename Field>
bool SameValues(const Tensor& tensor, const Field& field) {
  const auto elements = tensor.as<T>();
  for (size_t i = 0; i < elements.size(); ++i) {
    const T value = static_cast<T>(field.Get(static_cast<int>(i)));
    if (std::memcmp(&value, &elements[i], sizeof(T)) != 0) return false;
  }
  return true;
}

bool Agrees(const Tensor& tensor, const proto::TensorProto& values) {
  switch (tensor.dtype()) {
    case DType::kFloat:
      return SameValues<float>(tensor, values.float_val());
    case DType::kDouble:
      return SameValues<double>(tensor, values.double_val());
    case DType::kInt32:
      return SameValues<int32_t>(tensor, values.int_val());
    case DType::kInt8:
      return SameValues<int8_t>(tensor, values.int_val());
    case DType::kUint8:
      return SameValues<uint8_t>(tensor, values.int_val());
    case DType::kInt64:
      return SameValues<int64_t>(tensor, values.int64_val());
    case DType::kHalf:
      return SameValues<uint16_t>(tensor, values.half_val());
    case DType::kString: {
      int i = 0;
      for (const std::string& s : tensor.strings()) {
        if (s != values.string_val(i++)) return false;
      }
      return true;
    }
    default:
      return true;
  }
}

}  // namespace
}  // namespace tensorbundle::bundle

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tensorbundle;  // NOLINT
  if (size < 3) return 0;
  const DType dtype = static_cast<DType>(data[0] % (kNumDTypes + 1));
  const Shape shape = Shape::Of({data[1] | int64_t{data[2]} << 8});
  const Bytes record(data + 3, size - 3);
  const Result<Tensor> tensor = bundle::DecodeV1Record(record, dtype, shape);
  if (!tensor.ok()) return 0;
  proto::SavedTensorSlices message;
  // What protobuf refuses only where the values do not stand is read here.
  if (bundle::ParseMessage(record, &message)) {
    fuzz::Require(bundle::Agrees(*tensor, message.data().data()));
  }
  return 0;
}
