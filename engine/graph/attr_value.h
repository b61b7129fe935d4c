// AttrValue: the value of a node's attribute, kind for kind as in
// tensorflow/core/framework/attr_value.proto.
#ifndef TB_GRAPH_ATTR_VALUE_H_
#define TB_GRAPH_ATTR_VALUE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/graph/partial_shape.h"
#include "engine/tensor/dtype.h"
#include "engine/tensor/tensor.h"

namespace tensorbundle::graph {

struct FunctionAttrs;

// A function and the attributes it is instantiated with (NameAttrList).
struct FunctionAttr {
  std::string name;
  std::shared_ptr<const FunctionAttrs> attrs;  // null: none
};

// ListValue. As in the message, at most one of the vectors has elements; an
// empty list has no element type.
struct AttrList {
  std::vector<std::string> s;
  std::vector<int64_t> i;
  std::vector<float> f;
  std::vector<bool> b;
  std::vector<DType> type;
  std::vector<PartialShape> shape;
  std::vector<Tensor> tensor;
  std::vector<FunctionAttr> func;
};

// A default-constructed value is the message without any field: "not set".
class AttrValue {
 public:
  enum class Kind {
    kNone,
    kString,
    kInt,
    kFloat,
    kBool,
    kType,
    kShape,
    kTensor,
    kList,
    kPlaceholder,
    kFunction,
  };

  AttrValue() = default;
  static AttrValue String(std::string s);
  static AttrValue Int(int64_t i);
  static AttrValue Float(float f);
  static AttrValue Bool(bool b);
  static AttrValue Type(DType type);
  static AttrValue Shape(PartialShape shape);
  static AttrValue Tensor(tensorbundle::Tensor tensor);
  static AttrValue List(AttrList list);
  static AttrValue Strings(std::vector<std::string> s);
  static AttrValue Types(std::vector<DType> types);
  static AttrValue Ints(std::vector<int64_t> i);
  static AttrValue Placeholder(std::string name);
  static AttrValue Function(FunctionAttr function);

  Kind kind() const { return static_cast<Kind>(value_.index()); }

  // The value, or null when the kind is another.
  const std::string* string() const;
  const int64_t* integer() const;
  const float* real() const;
  const bool* boolean() const;
  const DType* type() const;
  const PartialShape* shape() const;
  const tensorbundle::Tensor* tensor() const;
  const AttrList* list() const;
  const std::string* placeholder() const;
  const FunctionAttr* function() const;

  // The message that the value was read from, for one that would otherwise be
  // written in other bytes; null for all others. Of a message that this engine
  // cannot represent the kind is kNone, and this all there is.
  const std::string* encoding() const { return encoding_.get(); }
  void set_encoding(std::string encoding) {
    encoding_ = std::make_shared<const std::string>(std::move(encoding));
  }

  // Same kind and value, in whatever encoding; floats and tensors are compared
  // bit for bit.
  friend bool operator==(const AttrValue& a, const AttrValue& b);

 private:
  struct Name {
    std::string name;
  };
  using Value = std::variant<std::monostate, std::string, int64_t, float, bool,
                             DType, PartialShape, tensorbundle::Tensor,
                             AttrList, Name, FunctionAttr>;

  explicit AttrValue(Value value) : value_(std::move(value)) {}

  Value value_;  // its index is Kind
  std::shared_ptr<const std::string> encoding_;
};

// Attributes by name; iteration is in byte order of the names, which is also
// the order in which a graph is written to a file.
using AttrMap = std::map<std::string, AttrValue, std::less<>>;

struct FunctionAttrs {
  AttrMap map;
};

}  // namespace tensorbundle::graph

#endif  // TB_GRAPH_ATTR_VALUE_H_
