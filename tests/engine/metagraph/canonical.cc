#include "tests/engine/metagraph/canonical.h"

#include <algorithm>
#include <vector>

#include "engine/metagraph/meta_graph_def.h"
#include "engine/util/bytes.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::metagraph {

namespace {

constexpr std::string_view kShapes = "_output_shapes";

// The fields of a message in order of their numbers.
std::string SortedFields(Bytes message) {
  std::vector<std::pair<uint32_t, std::string>> fields;
  Cursor cursor(message);
  while (!cursor.empty()) {
    const size_t begin = cursor.position();
    WireField field;
    if (!ReadWireField(&cursor, &field)) return "malformed";
    fields.emplace_back(field.number, testing::ToHex(message.subspan(
                                          begin, cursor.position() - begin)));
  }
  std::stable_sort(
      fields.begin(), fields.end(),
      [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string text;
  for (const auto& [number, hex] : fields) text += hex + " ";
  return text;
}

MetaGraphDef Parse(std::string_view meta_graph) {
  return ParseMetaGraphDef(AsBytes(meta_graph)).value();
}

}  // namespace

std::map<std::string, std::string> NodeLines(std::string_view meta_graph) {
  std::map<std::string, std::string> lines;
  for (const NodeDef& node : Parse(meta_graph).nodes) {
    std::vector<std::string> control;
    std::string line(node.op);
    line += "(";
    for (const std::string_view input : node.inputs) {
      if (input.front() == '^') {
        control.emplace_back(input);
      } else {
        line += std::string(input) + ",";
      }
    }
    std::sort(control.begin(), control.end());
    control.erase(std::unique(control.begin(), control.end()), control.end());
    for (const std::string& input : control) line += input + ",";
    line += ") @" + std::string(node.device);
    std::map<std::string_view, Bytes> attrs(node.attrs.begin(),
                                            node.attrs.end());
    for (const auto& [name, value] : attrs) {
      if (name == kShapes) continue;
      line += " " + std::string(name) + "=" + testing::ToHex(value);
    }
    lines[std::string(node.name)] =
        line + " " + testing::ToHex(node.other_fields);
  }
  return lines;
}

std::map<std::string, std::string> ShapeLines(std::string_view meta_graph) {
  std::map<std::string, std::string> lines;
  for (const NodeDef& node : Parse(meta_graph).nodes) {
    for (const auto& [name, value] : node.attrs) {
      if (name == kShapes) {
        lines[std::string(node.name)] = testing::ToHex(value);
      }
    }
  }
  return lines;
}

std::map<std::string, std::string> OtherLines(std::string_view meta_graph) {
  const MetaGraphDef meta = Parse(meta_graph);
  std::map<std::string, std::string> lines;
  for (const auto& [name, def] : meta.ops) {
    lines["op " + std::string(name)] = SortedFields(def);
  }
  for (const auto& [key, def] : meta.collections) {
    lines["collection " + std::string(key)] = testing::ToHex(def);
  }
  for (const Bytes def : meta.saver_def) lines["saver"] += SortedFields(def);
  for (const Bytes function : meta.functions) {
    const std::string_view signature = FirstBytes(function, 1);
    lines["function " + std::string(FirstBytes(AsBytes(signature), 1))] =
        testing::ToHex(function);
  }
  lines["versions"] =
      std::to_string(meta.producer) + " " + std::to_string(meta.min_consumer);
  return lines;
}

}  // namespace tensorbundle::metagraph
