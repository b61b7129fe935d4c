#include "engine/graph/attr_value.h"

#include <cstring>
#include <utility>

#include "engine/util/bytes.h"

namespace tensorbundle::graph {

AttrValue AttrValue::String(std::string s) {
  return AttrValue(Value(std::move(s)));
}
AttrValue AttrValue::Int(int64_t i) { return AttrValue(Value(i)); }
AttrValue AttrValue::Float(float f) { return AttrValue(Value(f)); }
AttrValue AttrValue::Bool(bool b) { return AttrValue(Value(b)); }
AttrValue AttrValue::Type(DType type) { return AttrValue(Value(type)); }
AttrValue AttrValue::Shape(PartialShape shape) {
  return AttrValue(Value(std::move(shape)));
}
AttrValue AttrValue::Tensor(tensorbundle::Tensor tensor) {
  return AttrValue(Value(std::move(tensor)));
}
AttrValue AttrValue::List(AttrList list) {
  return AttrValue(Value(std::move(list)));
}
AttrValue AttrValue::Strings(std::vector<std::string> s) {
  AttrList list;
  list.s = std::move(s);
  return List(std::move(list));
}
AttrValue AttrValue::Types(std::vector<DType> types) {
  AttrList list;
  list.type = std::move(types);
  return List(std::move(list));
}
AttrValue AttrValue::Ints(std::vector<int64_t> i) {
  AttrList list;
  list.i = std::move(i);
  return List(std::move(list));
}
AttrValue AttrValue::Placeholder(std::string name) {
  return AttrValue(Value(Name{std::move(name)}));
}
AttrValue AttrValue::Function(FunctionAttr function) {
  return AttrValue(Value(std::move(function)));
}

const std::string* AttrValue::string() const {
  return std::get_if<std::string>(&value_);
}
const int64_t* AttrValue::integer() const {
  return std::get_if<int64_t>(&value_);
}
const float* AttrValue::real() const { return std::get_if<float>(&value_); }
const bool* AttrValue::boolean() const { return std::get_if<bool>(&value_); }
const DType* AttrValue::type() const { return std::get_if<DType>(&value_); }
const PartialShape* AttrValue::shape() const {
  return std::get_if<PartialShape>(&value_);
}
const tensorbundle::Tensor* AttrValue::tensor() const {
  return std::get_if<tensorbundle::Tensor>(&value_);
}
const AttrList* AttrValue::list() const {
  return std::get_if<AttrList>(&value_);
}
const std::string* AttrValue::placeholder() const {
  const Name* name = std::get_if<Name>(&value_);
  return name ? &name->name : nullptr;
}
const FunctionAttr* AttrValue::function() const {
  return std::get_if<FunctionAttr>(&value_);
}

namespace {

bool Same(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || !(a.shape() == b.shape())) return false;
  if (a.dtype() == DType::kString) {
    for (size_t i = 0; i < a.strings().size(); ++i) {
      if (a.strings()[i] != b.strings()[i]) return false;
    }
    return true;
  }
  return AsString(a.bytes()) == AsString(b.bytes());
}

bool Same(float a, float b) {
  return BitCast<uint32_t>(a) == BitCast<uint32_t>(b);
}

bool Same(const FunctionAttr& a, const FunctionAttr& b) {
  if (a.name != b.name) return false;
  const AttrMap none;
  return (a.attrs ? a.attrs->map : none) == (b.attrs ? b.attrs->map : none);
}

template <typename T>
bool Same(const std::vector<T>& a, const std::vector<T>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!Same(a[i], b[i])) return false;
  }
  return true;
}

bool Same(const AttrList& a, const AttrList& b) {
  return a.s == b.s && a.i == b.i && Same(a.f, b.f) && a.b == b.b &&
         a.type == b.type && a.shape == b.shape && Same(a.tensor, b.tensor) &&
         Same(a.func, b.func);
}

}  // namespace

bool operator==(const AttrValue& a, const AttrValue& b) {
  if (a.kind() != b.kind()) return false;
  switch (a.kind()) {
    case AttrValue::Kind::kNone:
      return true;
    case AttrValue::Kind::kString:
      return *a.string() == *b.string();
    case AttrValue::Kind::kInt:
      return *a.integer() == *b.integer();
    case AttrValue::Kind::kFloat:
      return Same(*a.real(), *b.real());
    case AttrValue::Kind::kBool:
      return *a.boolean() == *b.boolean();
    case AttrValue::Kind::kType:
      return *a.type() == *b.type();
    case AttrValue::Kind::kShape:
      return *a.shape() == *b.shape();
    case AttrValue::Kind::kTensor:
      return Same(*a.tensor(), *b.tensor());
    case AttrValue::Kind::kList:
      return Same(*a.list(), *b.list());
    case AttrValue::Kind::kPlaceholder:
      return *a.placeholder() == *b.placeholder();
    case AttrValue::Kind::kFunction:
      return Same(*a.function(), *b.function());
  }
  return false;
}

}  // namespace tensorbundle::graph
