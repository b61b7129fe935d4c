// Shapes and slices out of and into the messages that carry them.
#ifndef TB_BUNDLE_MESSAGES_H_
#define TB_BUNDLE_MESSAGES_H_

#include "engine/proto/tensor_bundle.pb.h"
#include "engine/tensor/shape.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/bytes.h"
#include "engine/util/checked.h"
#include "engine/util/result.h"

namespace tensorbundle::bundle {

// False when `bytes` are no such message.
template <typename Message>
bool ParseMessage(Bytes bytes, Message* message) {
  // protobuf hands even no bytes to memcpy, which wants them somewhere.
  if (bytes.empty()) {
    message->Clear();
    return true;
  }
  // protobuf counts in int.
  const auto size = CheckedCast<int>(bytes.size());
  return size && message->ParseFromArray(bytes.data(), *size);
}

// Returns Shape::Create()'s errors.
Result<Shape> ShapeFrom(const proto::TensorShapeProto& message);
void SetShape(const Shape& shape, proto::TensorShapeProto* message);

// The numbers as they are; see Slice.
Slice SliceFrom(const proto::TensorSliceProto& message);
void SetSlice(const Slice& slice, proto::TensorSliceProto* message);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_MESSAGES_H_
