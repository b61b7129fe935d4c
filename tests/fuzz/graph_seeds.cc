#include "tests/fuzz/graph_seeds.h"

#include <algorithm>
#include <cstdint>

#include "engine/metagraph/meta_graph_writer.h"
#include "engine/ops/random.h"
#include "engine/ops/standard_ops.h"
#include "engine/ops/variable.h"
#include "engine/train/saver_graph.h"

namespace tensorbundle::fuzz {

namespace {

using graph::ArgDef;
using graph::AttrDef;
using graph::OpDef;

// How the inputs of a node are fed.
enum class Feed { kUnknown, kMatrices, kVectors };

std::string Attr(const std::string& key, const std::string& value) {
  return " attr { key: '" + key + "' value { " + value + " } }";
}

std::string Type(DType dtype) {
  return "type: " + std::to_string(static_cast<int>(dtype));
}

// What the type attribute `name` of the node is: float where it may be.
DType ChosenType(const OpDef& op, const std::string& name) {
  const AttrDef* attr = op.FindAttr(name);
  if (attr == nullptr || !attr->allowed_values) return DType::kFloat;
  const std::vector<DType>& allowed = attr->allowed_values->list()->type;
  const bool may =
      std::find(allowed.begin(), allowed.end(), DType::kFloat) != allowed.end();
  return may || allowed.empty() ? DType::kFloat : allowed.front();
}

// A value of the attribute's type.
std::string ValueOf(const OpDef& op, const AttrDef& attr) {
  if (attr.type == "type") return Type(ChosenType(op, attr.name));
  if (attr.type == "int") {
    return "i: " +
           std::to_string(std::max<int64_t>(2, attr.minimum.value_or(2)));
  }
  if (attr.type == "float") return "f: 0.5";
  if (attr.type == "bool") return "b: true";
  if (attr.type == "shape") return "shape { dim { size: 2 } dim { size: -1 } }";
  if (attr.type == "tensor") {
    return "tensor { dtype: 1 tensor_shape { dim { size: 3 } } float_val: 2 }";
  }
  if (attr.type == "list(type)") return "list { type: [1, 1] }";
  if (attr.type == "list(int)") return "list { i: [1, 2, 2, 1] }";
  if (attr.type == "list(shape)") return "list { shape { dim { size: 2 } } }";
  const bool limited = attr.allowed_values && attr.allowed_values->list() &&
                       !attr.allowed_values->list()->s.empty();
  if (attr.type != "string") return "list { }";
  return "s: '" + (limited ? attr.allowed_values->list()->s.front() : "text") +
         "'";
}

// A node `name` that gives what `arg` takes.
std::string Source(const OpDef& op, const ArgDef& arg, const std::string& name,
                   Feed feed) {
  const DType dtype =
      arg.type != DType::kInvalid ? arg.type : ChosenType(op, arg.type_attr);
  std::string dims;
  for (int i = 0; i < (feed == Feed::kMatrices ? 2 : 1); ++i) {
    dims += "dim { size: 2 } ";
  }
  if (arg.is_ref) {
    return "node { name: '" + name + "' op: 'VariableV2'" +
           Attr("dtype", Type(dtype)) + Attr("shape", "shape { " + dims + "}") +
           " }\n";
  }
  if (feed == Feed::kUnknown) {
    return "node { name: '" + name + "' op: 'Placeholder'" +
           Attr("dtype", Type(dtype)) + " }\n";
  }
  const bool is_text = dtype == DType::kString;
  const bool is_int = dtype == DType::kInt32 || dtype == DType::kInt64;
  return "node { name: '" + name + "' op: 'Const'" +
         Attr("dtype", Type(dtype)) +
         Attr("value",
              "tensor { dtype: " + std::to_string(static_cast<int>(dtype)) +
                  " tensor_shape { " + dims + "} " +
                  (is_text                   ? "string_val: 'a'"
                   : dtype == DType::kInt32  ? "int_val: [0, 1]"
                   : is_int                  ? "int64_val: 1"
                   : dtype == DType::kDouble ? "double_val: 1"
                   : dtype == DType::kBool   ? "bool_val: true"
                                             : "float_val: 1") +
                  " }") +
         " }\n";
}

std::string TextOf(const OpDef& op, Feed feed) {
  std::string sources;
  std::string node = "node { name: 'n' op: '" + op.name + "'";
  for (const ArgDef& arg : op.inputs) {
    const int count = arg.is_list() ? 2 : 1;
    for (int i = 0; i < count; ++i) {
      const std::string name = arg.name + std::to_string(i);
      sources += Source(op, arg, name, feed);
      node += " input: '" + name + "'";
    }
  }
  for (const AttrDef& attr : op.attrs) {
    node += Attr(attr.name, ValueOf(op, attr));
  }
  return "graph_def {\n" + sources + node + " }\n}\n";
}

constexpr char kLoop[] = R"text(
meta_info_def { stripped_op_list {
  op { name: "Mystery" input_arg { name: "x" type_attr: "T" }
       output_arg { name: "y" type_list_attr: "L" }
       output_arg { name: "z" type_attr: "T" number_attr: "N" is_ref: true }
       attr { name: "T" type: "type" }
       attr { name: "L" type: "list(type)" }
       attr { name: "N" type: "int" has_minimum: true minimum: 1 }
       attr { name: "power" type: "int" default_value { i: 3 } } } } }
graph_def {
  node { name: "x" op: "Placeholder"
         attr { key: "dtype" value { type: DT_FLOAT } } }
  node { name: "m" op: "Mystery" input: "x" device: "/job:a/gpu:9"
         attr { key: "T" value { type: DT_FLOAT } }
         attr { key: "L" value { list { type: [1, 3] } } }
         attr { key: "N" value { i: 2 } }
         attr { key: "f" value { func { name: "g"
                attr { key: "k" value { b: true } } } } }
         attr { key: "_class" value { list { s: "loc:@x" } } }
         attr { key: "_output_shapes" value { list {
                shape { dim { size: 4 } } } } } }
  node { name: "merge" op: "Merge" input: "x" input: "next" }
  node { name: "next" op: "NextIteration" input: "merge" }
  node { name: "id" op: "Identity" input: "m:2" input: "^m"
         attr { key: "T" value { type: DT_FLOAT } } }
  library { function { signature { name: "g" } } }
  versions { producer: 134 } }
saver_def { filename_tensor_name: "x:0" save_tensor_name: "id:0"
            restore_op_name: "m" max_to_keep: 5 version: V2 }
collection_def { key: "any" value { any_list {
  value { type_url: "t" value: "v" } } } }
collection_def { key: "ints" value { int64_list { value: [-1, 2] } } }
collection_def { key: "reals" value { float_list { value: 0.5 } } }
collection_def { key: "names" value { node_list { value: ["m", "m:1"] } } }
collection_def { key: "unbound_inputs" value { bytes_list { } } }
)text";

}  // namespace

std::vector<std::string> WrittenMetaGraphs() {
  const auto graph = ops::NewGraph();
  for (const int64_t size : {2, 3}) {
    Tensor shape = Tensor::Create(DType::kInt32, Shape::Of({2})).value();
    for (int32_t& dim : shape.mutable_as<int32_t>()) {
      dim = static_cast<int32_t>(size);
    }
    const graph::Output initial =
        ops::TruncatedNormal(graph.get(), shape, 0.0, 1.0, {}).value();
    static_cast<void>(ops::MakeVariable(graph.get(), initial, {}).value());
  }
  const auto variables =
      graph->collections().Variables(graph::kGlobalVariables);
  metagraph::ExportOptions options;
  options.saver_def =
      train::BuildSaverGraph(graph.get(),
                             train::SaveablesFromList(variables).value(), {})
          .value()
          .def;
  std::vector<std::string> messages;
  messages.push_back(metagraph::SerializeMetaGraph(*graph, options).bytes);
  options.strip_default_attrs = true;
  messages.push_back(metagraph::SerializeMetaGraph(*graph, options).bytes);
  return messages;
}

std::vector<std::string> MetaGraphTexts() {
  std::vector<std::string> texts = {kLoop};
  for (const OpDef* op : ops::StandardOps().All()) {
    for (const Feed feed : {Feed::kUnknown, Feed::kMatrices, Feed::kVectors}) {
      texts.push_back(TextOf(*op, feed));
    }
  }
  return texts;
}

}  // namespace tensorbundle::fuzz
