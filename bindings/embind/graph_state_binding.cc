// GraphState for JavaScript.
#include <emscripten/bind.h>

#include <utility>
#include <vector>

#include "bindings/embind/convert.h"
#include "bindings/embind/graph_state.h"
#include "bindings/embind/json.h"
#include "engine/graph/device.h"

namespace tensorbundle::embind {

std::string GraphState::VariableScope() const {
  return graph_->variable_scopes().name();
}
std::string GraphState::UniqueVariableScope(
    const std::string& default_name) const {
  return graph_->variable_scopes().Unique(default_name);
}
void GraphState::OpenVariableScope(const std::string& name) {
  graph_->variable_scopes().Open(name);
}
void GraphState::ReopenVariableScope(const std::string& full_name) {
  graph_->variable_scopes().Reopen(full_name);
}
void GraphState::CloseVariableScope() { graph_->variable_scopes().Close(); }

int GraphState::PushDevice(const std::string& device) {
  const Result<std::string> canonical = graph::CanonicalDevice(device);
  if (!canonical.ok()) return Report(canonical.status());
  graph_->scopes().PushDevice(*canonical);
  return Report(OkStatus());
}
void GraphState::PushNoDevice() { graph_->scopes().PushNoDevice(); }
void GraphState::PopDevice() { graph_->scopes().PopDevice(); }

void GraphState::PushColocation(int node) {
  graph_->scopes().PushColocation(&graph_->node(node));
}
void GraphState::PopColocation() { graph_->scopes().PopColocation(); }

void GraphState::AddVariable(const std::string& key, int node) {
  graph_->collections().Add(key, Variable(node));
}
void GraphState::AddTensor(const std::string& key, int node, int output) {
  graph_->collections().Add(key, graph_->node(node).output(output));
}
void GraphState::AddNode(const std::string& key, int node) {
  graph_->collections().Add(key, &graph_->node(node));
}
void GraphState::AddString(const std::string& key, const std::string& value) {
  graph_->collections().Add(key, value);
}
void GraphState::AddInt(const std::string& key, int64_t value) {
  graph_->collections().Add(key, value);
}
void GraphState::AddFloat(const std::string& key, float value) {
  graph_->collections().Add(key, value);
}
void GraphState::ClearCollection(const std::string& key) {
  graph_->collections().Clear(key);
}

std::string GraphState::CollectionKeys() const {
  Json json;
  json.Array();
  for (const std::string& key : graph_->collections().Keys()) json.String(key);
  json.End();
  return json.Take();
}

int GraphState::SetSlice(int node, const std::string& full_name,
                         const std::string& full_shape,
                         const std::string& offset, const std::string& shape) {
  graph::SaveSliceInfo slice;
  slice.full_name = full_name;
  for (const auto& [text, dims] : {std::pair(&full_shape, &slice.full_shape),
                                   std::pair(&offset, &slice.var_offset),
                                   std::pair(&shape, &slice.var_shape)}) {
    const Result<Shape> parsed = ParseShape(*text);
    if (!parsed.ok()) return Report(parsed.status());
    dims->assign(parsed->dims().begin(), parsed->dims().end());
  }
  graph_->SetSlice(Variable(node), std::move(slice));
  return Report(OkStatus());
}

std::string GraphState::Slice(int node) const {
  const graph::Variable* variable = Variable(node);
  if (!variable->slice) return "";
  const auto numbers = [](Json& json, const std::vector<int64_t>& values) {
    json.Array();
    for (int64_t value : values) json.Number(static_cast<double>(value));
    json.End();
  };
  Json json;
  json.Object();
  json.Key("fullName").String(variable->slice->full_name);
  numbers(json.Key("fullShape"), variable->slice->full_shape);
  numbers(json.Key("varOffset"), variable->slice->var_offset);
  numbers(json.Key("varShape"), variable->slice->var_shape);
  json.Key("spec").String(variable->slice->Spec());
  json.End();
  return json.Take();
}

const graph::Variable* GraphState::Variable(int node) const {
  return graph_->FindVariable(graph_->node(node));
}

EMSCRIPTEN_BINDINGS(tensorbundle_graph_state) {
  emscripten::class_<GraphState>("GraphState")
      .constructor<GraphPointer>()
      .function("variableScope", &GraphState::VariableScope)
      .function("uniqueVariableScope", &GraphState::UniqueVariableScope)
      .function("openVariableScope", &GraphState::OpenVariableScope)
      .function("reopenVariableScope", &GraphState::ReopenVariableScope)
      .function("closeVariableScope", &GraphState::CloseVariableScope)
      .function("pushDevice", &GraphState::PushDevice)
      .function("pushNoDevice", &GraphState::PushNoDevice)
      .function("popDevice", &GraphState::PopDevice)
      .function("pushColocation", &GraphState::PushColocation)
      .function("popColocation", &GraphState::PopColocation)
      .function("addVariable", &GraphState::AddVariable)
      .function("addTensor", &GraphState::AddTensor)
      .function("addNode", &GraphState::AddNode)
      .function("addString", &GraphState::AddString)
      .function("addInt", &GraphState::AddInt)
      .function("addFloat", &GraphState::AddFloat)
      .function("clearCollection", &GraphState::ClearCollection)
      .function("collectionKeys", &GraphState::CollectionKeys)
      .function("setSlice", &GraphState::SetSlice)
      .function("slice", &GraphState::Slice);
}

}  // namespace tensorbundle::embind
