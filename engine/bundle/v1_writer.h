// V1Writer: writes a file of TensorFlow's V1 format, as TensorSliceWriter does.
#ifndef TB_BUNDLE_V1_WRITER_H_
#define TB_BUNDLE_V1_WRITER_H_

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/io/byte_sink.h"
#include "engine/tensor/dtype.h"
#include "engine/tensor/shape.h"
#include "engine/tensor/slice_spec.h"
#include "engine/util/bytes.h"
#include "engine/util/status.h"

namespace tensorbundle::bundle {

// A table stores values by key, so all are held, in the form in which they are
// written, until Finish(). A sharded checkpoint is one writer a shard.
class V1Writer {
 public:
  // Adds `slice` of the tensor called `name`, whose shape as a whole is
  // `shape`; Slice::Full() is the whole of it. `elements` are the slice's,
  // row-major and little endian.
  // Returns Unimplemented "Saving data type D not yet supported"; Internal
  // when slice and shape do not go together, when the name was added with
  // another shape or dtype or the slice was added before;
  // InvalidArgument for elements of the wrong number and for more than about
  // 2 GiB of them; FailedPrecondition after Finish(). An error leaves the
  // writer as it was.
  Status Add(std::string_view name, const Shape& shape, const Slice& slice,
             DType dtype, Bytes elements);
  Status AddStrings(std::string_view name, const Shape& shape,
                    const Slice& slice, std::span<const std::string> elements);

  size_t num_tensors() const { return tensors_.size(); }

  // Appends the file to *sink. The writer takes nothing more afterwards.
  // Returns CheckSlices()'s errors for a tensor whose slices overlap.
  Status Finish(io::ByteSink* sink);

 private:
  struct Tensor {
    std::string name;
    Shape shape;
    DType dtype = DType::kInvalid;
    std::vector<Slice> slices;
  };

  // Whether the slice may be added; sets *count to its number of elements.
  Status Check(std::string_view name, const Shape& shape, const Slice& slice,
               DType dtype, uint64_t* count) const;
  void Insert(std::string_view name, const Shape& shape, const Slice& slice,
              DType dtype, std::string record);
  std::string Metadata() const;

  std::vector<Tensor> tensors_;  // in the order in which they were added
  std::map<std::string, size_t, std::less<>> by_name_;
  std::map<std::string, std::string> records_;
  bool finished_ = false;
};

}  // namespace tensorbundle::bundle

#endif  // TB_BUNDLE_V1_WRITER_H_
