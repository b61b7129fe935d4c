// Shapes and slices out of and into the messages that carry them.
#ifndef TB_BUNDLE_MESSAGES_H_
#define TB_BUNDLE_MESSAGES_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/proto/tensor_bundle.pb.h"
#include "engine/tensor/shape.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/bytes.h"
#include "engine/util/checked.h"
#include "engine/util/result.h"
#include "engine/util/wire.h"

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

// Messages of which a file may have millions are read field by field instead of
// into protobuf's objects, which cost ten times as much as the bytes they come
// from. What is accepted is what protobuf accepts: a field of an unexpected
// type is skipped like an unknown one, and of a message that occurs twice the
// parts add up.

// Calls take(field) with every field of the message; false when it is malformed
// or take() says so.
template <typename Take>
bool ForEachField(Bytes message, Take take) {
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field) || !take(field)) return false;
  }
  return true;
}

inline bool Is(const WireField& field, uint32_t number, WireType type) {
  return field.number == number && field.type == type;
}

// The sizes in a TensorShapeProto; one more than a shape may have, at most.
struct Dims {
  std::array<int64_t, Shape::kMaxRank + 1> sizes;
  size_t count = 0;

  // Returns Shape::Create()'s errors.
  Result<Shape> ToShape() const;
};

// Each adds what the message says to its second argument; false when it is
// malformed. Of a slice as many extents are kept as of a shape sizes.
bool ReadDims(Bytes message, Dims* dims);
bool ReadSlice(Bytes message, Slice* slice);

// Returns Shape::Create()'s errors.
Result<Shape> ShapeFrom(const proto::TensorShapeProto& message);
void SetShape(const Shape& shape, proto::TensorShapeProto* message);

// The numbers as they are; see Slice.
Slice SliceFrom(const proto::TensorSliceProto& message);
void SetSlice(const Slice& slice, proto::TensorSliceProto* message);

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_MESSAGES_H_
