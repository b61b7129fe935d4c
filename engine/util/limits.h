// The limits on what a file may make the engine do. engine/docs/limits.md says
// why they are what they are; no file that TensorFlow writes comes near them.
#ifndef TB_UTIL_LIMITS_H_
#define TB_UTIL_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace tensorbundle::limits {

// TensorShape::MaxDimensions, tensorflow/core/framework/tensor_shape.h.
inline constexpr int kMaxRank = 254;

// Messages and groups within one another: protobuf's own limit, coded_stream.h.
inline constexpr size_t kMaxMessageDepth = 100;

// Keys share their fronts in a table, so that a few bytes can stand for a key
// of megabytes. All keys of a walk together have at most so many bytes for each
// byte of the file, and these on top.
inline constexpr uint64_t kKeyBytesPerFileByte = 16;
inline constexpr uint64_t kKeyBytesOnTop = uint64_t{64} << 20;

// Ranges of a file that came in pieces are copied into one. All copies together
// have at most the file's size, and these on top.
inline constexpr uint64_t kJoinedBytesOnTop = uint64_t{32} << 20;

// A batch of entry records ends here whatever was asked for.
inline constexpr size_t kRecordBatchBytes = size_t{4} << 20;

// Slices of one tensor, and the dimensions of all of them together: each takes
// two bytes of a file and a multiple of that in memory.
inline constexpr size_t kMaxSlices = size_t{1} << 20;
inline constexpr size_t kMaxSliceExtents = size_t{1} << 22;

// The most pairs of slices that are compared for overlaps: about a second's
// work. A grid of a hundred thousand slices needs a tenth of it.
inline constexpr uint64_t kMaxSlicePairs = uint64_t{1} << 28;

// Tensors and slices that the metadata of V1 checkpoints may list: they are
// held, while the entries of a bundle are not.
inline constexpr size_t kMaxV1Slices = size_t{1} << 20;

// All outputs of the nodes of an imported graph: so many a node, and these on
// top. A few bytes can ask for a node of 65,536.
inline constexpr size_t kOutputsPerNode = 16;
inline constexpr size_t kNodeOutputsOnTop = size_t{1} << 18;

// The constants of an imported graph may leave out elements that repeat the
// last one. These take at most so much; larger constants stay as they lie in
// the file.
inline constexpr uint64_t kExpandedBytes = uint64_t{60} << 20;

// What an explanation shows of one key or value.
inline constexpr size_t kMaxShownBytes = 1024;

}  // namespace tensorbundle::limits

#endif  // TB_UTIL_LIMITS_H_
