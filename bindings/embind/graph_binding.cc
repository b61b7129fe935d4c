// Graph and GraphCall for JavaScript.

#include <emscripten/bind.h>

#include <optional>
#include <string>
#include <variant>

#include "bindings/embind/convert.h"
#include "bindings/embind/graph_call.h"
#include "bindings/embind/json.h"
#include "engine/graph/lookup.h"
#include "engine/ops/standard_ops.h"

namespace tensorbundle::embind {
namespace {

using graph::Graph;

// {"name":"add","op":"AddV2","device":"","inputs":["a","b:1","^c"],
//  "outputs":[{"dtype":1,"ref":false,"dims":[null,3]}]}; dims null: unknown.
std::string Describe(const Graph& graph, int id) {
  const graph::Node& node = graph.node(id);
  Json json;
  json.Object();
  json.Key("name").String(node.name());
  json.Key("op").String(node.op());
  json.Key("device").String(node.device());
  json.Key("inputs").Array();
  for (const std::string& input : node.InputNames()) json.String(input);
  json.End();
  json.Key("outputs").Array();
  for (int i = 0; i < node.num_outputs(); ++i) {
    const graph::Output output = node.output(i);
    json.Object();
    json.Key("dtype").Number(static_cast<double>(output.dtype()));
    json.Key("ref").Bool(output.is_ref());
    json.Key("dims");
    const graph::PartialShape& shape = output.shape();
    if (shape.has_rank()) {
      json.Array();
      for (const int64_t dim : shape.dims()) {
        if (dim < 0) {
          json.Null();
        } else {
          json.Number(static_cast<double>(dim));
        }
      }
      json.End();
    } else {
      json.Null();
    }
    json.End();
  }
  json.End();
  json.End();
  return json.Take();
}

// The variable whose ref `id` is: {"initializer":id,"snapshot":[id,i],
// "initialValue":[id,i],"trainable":true}; "" when it is none.
std::string DescribeVariable(const Graph& graph, int id) {
  const graph::Variable* variable = graph.FindVariable(graph.node(id));
  if (variable == nullptr) return "";
  const auto write = [](Json& json, const graph::Output& output) {
    json.Array();
    json.Number(output.node == nullptr ? 0 : output.node->id());
    json.Number(output.index);
    json.End();
  };
  Json json;
  json.Object();
  json.Key("initializer").Number(variable->initializer->id());
  write(json.Key("snapshot"), variable->snapshot);
  // Files of early versions do not name it; the initializer assigns it.
  const graph::Node& assign = *variable->initializer;
  write(json.Key("initialValue"),
        variable->initial_value.node == nullptr && assign.inputs().size() > 1
            ? assign.input(1)
            : variable->initial_value);
  json.Key("trainable").Bool(variable->trainable);
  json.End();
  return json.Take();
}

// Items of a collection: {"variable":id}, {"node":id,"output":i}, {"node":id},
// a string or a number.
std::string Collection(const Graph& graph, const std::string& key) {
  Json json;
  json.Array();
  for (const graph::CollectionItem& item : graph.collections().Get(key)) {
    if (const auto* variable = std::get_if<const graph::Variable*>(&item)) {
      json.Object();
      json.Key("variable").Number((*variable)->variable.node->id());
      json.End();
    } else if (const auto* output = std::get_if<graph::Output>(&item)) {
      json.Object();
      json.Key("node").Number(output->node->id());
      json.Key("output").Number(output->index);
      json.End();
    } else if (const auto* node = std::get_if<const graph::Node*>(&item)) {
      json.Object();
      json.Key("node").Number((*node)->id());
      json.End();
    } else if (const auto* text = std::get_if<std::string>(&item)) {
      json.String(*text);
    } else if (const auto* integer = std::get_if<int64_t>(&item)) {
      json.Number(static_cast<double>(*integer));
    } else {
      json.Number(std::get<float>(item));
    }
  }
  json.End();
  return json.Take();
}

// Finds what `name` means; elementNode() and elementOutput() (-1: the node
// itself) tell. `kinds` is graph::ElementKinds. Returns a code.
struct Finder {
  int Find(const Graph& graph, const std::string& name, int kinds) {
    const Result<graph::Element> element = graph::FindElement(
        graph, name, static_cast<graph::ElementKinds>(kinds));
    if (!element.ok()) return Report(element.status());
    node = element->node->id();
    output = element->output.value_or(-1);
    return Report(OkStatus());
  }
  int node = 0;
  int output = -1;
};

// Enters the scope that `name` leads to; returns a code. The caller restores
// the one before with setNameScope.
int EnterNameScope(Graph& graph, const std::string& name) {
  Result<std::string> scope = graph.names().ScopeName(name);
  if (!scope.ok()) return Report(scope.status());
  graph.names().SetScope(std::move(scope).value());
  return Report(OkStatus());
}

std::string NameScope(const Graph& graph) { return graph.names().scope(); }
void SetNameScope(Graph& graph, const std::string& scope) {
  graph.names().SetScope(scope);
}
void SetSeed(Graph& graph, int64_t seed) { graph.set_seed(seed); }
void ClearSeed(Graph& graph) { graph.set_seed(std::nullopt); }
void PopControl(Graph& graph) { graph.scopes().PopControl(); }
std::string TensorText(const Graph& graph, int node, int output) {
  return graph::ToPythonString(graph.node(node).output(output));
}

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_graph) {
  using emscripten::class_;
  class_<Graph>("Graph")
      .smart_ptr_constructor("Graph", &ops::NewGraph)
      .function("numNodes", &Graph::num_nodes)
      .function("describe", &Describe)
      .function("describeVariable", &DescribeVariable)
      .function("collection", &Collection)
      .function("enterNameScope", &EnterNameScope)
      .function("nameScope", &NameScope)
      .function("setNameScope", &SetNameScope)
      .function("setSeed", &SetSeed)
      .function("clearSeed", &ClearSeed)
      .function("finalize", &Graph::Finalize)
      .function("finalized", &Graph::finalized)
      .function("popControl", &PopControl)
      .function("tensorText", &TensorText);
  class_<Finder>("Finder")
      .constructor()
      .function("find", &Finder::Find)
      .property("node", &Finder::node)
      .property("output", &Finder::output);
  class_<GraphCall>("GraphCall")
      .constructor<GraphPointer>()
      .function("addTensor", &GraphCall::AddTensor)
      .function("addVariable", &GraphCall::AddVariable)
      .function("addNode", &GraphCall::AddNode)
      .function("addNone", &GraphCall::AddNone)
      .function("addArray", &GraphCall::AddArray)
      .function("addLiteral", &GraphCall::AddLiteral)
      .function("addString", &GraphCall::AddString)
      .function("dataAddress", &GraphCall::data_address)
      .function("beginList", &GraphCall::BeginList)
      .function("endList", &GraphCall::EndList)
      .function("setName", &GraphCall::SetName)
      .function("setDType", &GraphCall::SetDType)
      .function("setSeed", &GraphCall::SetSeed)
      .function("setShape", &GraphCall::SetShape)
      .function("setTrainable", &GraphCall::SetTrainable)
      .function("setValidateShape", &GraphCall::SetValidateShape)
      .function("setUseLocking", &GraphCall::SetUseLocking)
      .function("addCollection", &GraphCall::AddCollection)
      .function("setAttrBool", &GraphCall::SetAttrBool)
      .function("setAttrInt", &GraphCall::SetAttrInt)
      .function("setAttrFloat", &GraphCall::SetAttrFloat)
      .function("setAttrString", &GraphCall::SetAttrString)
      .function("setAttrType", &GraphCall::SetAttrType)
      .function("setAttrInts", &GraphCall::SetAttrInts)
      .function("convert", &GraphCall::Convert)
      .function("mergeShape", &GraphCall::MergeShape)
      .function("pushControl", &GraphCall::PushControl)
      .function("computeGradients", &GraphCall::Gradients)
      .function("gradients", &GraphCall::gradients)
      .function("apply", &GraphCall::Apply)
      .function("applyOperator", &GraphCall::ApplyOperator)
      .function("constant", &GraphCall::Constant)
      .function("placeholder", &GraphCall::Placeholder)
      .function("identity", &GraphCall::Identity)
      .function("noOp", &GraphCall::NoOp)
      .function("group", &GraphCall::Group)
      .function("truncatedNormal", &GraphCall::TruncatedNormal)
      .function("randomNormal", &GraphCall::RandomNormal)
      .function("randomUniform", &GraphCall::RandomUniform)
      .function("makeVariable", &GraphCall::MakeVariable)
      .function("beginVariable", &GraphCall::BeginVariable)
      .function("endVariable", &GraphCall::EndVariable)
      .function("initializeFromCheckpoint",
                &GraphCall::InitializeFromCheckpoint)
      .function("assign", &GraphCall::Assign)
      .function("variablesInitializer", &GraphCall::VariablesInitializer)
      .function("node", &GraphCall::node)
      .function("output", &GraphCall::output);
}

}  // namespace tensorbundle::embind
