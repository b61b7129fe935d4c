// MetaGraphDef   1 meta_info_def   2 graph_def   3 saver_def
//                4 collection_def { 1 key   2 value }   5 signature_def
//                6 asset_file_def   7 object_graph_def
// MetaInfoDef    2 stripped_op_list { 1 op }   5 tensorflow_version ...
// GraphDef       1 node   2 library { 1 function   2 gradient }
//                4 versions { 1 producer   2 min_consumer   3 bad_consumers }
// NodeDef        1 name   2 op   3 input   4 device   5 attr { 1 key  2 value }
#include "engine/metagraph/meta_graph_def.h"

#include "engine/metagraph/attr_codec.h"
#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

namespace {

// Calls `visit(field)`, which returns false to give up, for every field.
template <typename Visit>
bool ForEachField(Bytes message, Visit visit) {
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field) || !visit(field)) return false;
  }
  return true;
}

bool ReadEntry(Bytes message, std::pair<std::string_view, Bytes>* entry) {
  return ForEachField(message, [entry](const WireField& field) {
    if (field.number == 1) entry->first = AsString(field.bytes);
    if (field.number == 2) entry->second = field.bytes;
    return true;
  });
}

bool ReadNode(Bytes message, NodeDef* node) {
  Cursor cursor(message);
  while (!cursor.empty()) {
    const size_t begin = cursor.position();
    WireField field;
    if (!ReadWireField(&cursor, &field)) return false;
    switch (field.number) {
      case 1:
        node->name = AsString(field.bytes);
        break;
      case 2:
        node->op = AsString(field.bytes);
        break;
      case 3:
        node->inputs.push_back(AsString(field.bytes));
        break;
      case 4:
        node->device = AsString(field.bytes);
        break;
      case 5:
        node->attrs.emplace_back();
        if (!ReadEntry(field.bytes, &node->attrs.back())) return false;
        break;
      default:
        node->other_fields +=
            AsString(message.subspan(begin, cursor.position() - begin));
    }
  }
  return true;
}

bool ReadVersions(Bytes message, MetaGraphDef* meta) {
  return ForEachField(message, [meta](const WireField& field) {
    const int32_t value = static_cast<int32_t>(field.value);
    if (field.number == 1) meta->producer = value;
    if (field.number == 2) meta->min_consumer = value;
    if (field.number != 3) return true;
    if (field.type != WireType::kBytes) {
      meta->bad_consumers.push_back(value);
      return true;
    }
    Cursor cursor(field.bytes);
    while (!cursor.empty()) {
      uint64_t version = 0;
      if (!cursor.ReadVarint64(&version)) return false;
      meta->bad_consumers.push_back(static_cast<int32_t>(version));
    }
    return true;
  });
}

bool ReadGraph(Bytes message, MetaGraphDef* meta) {
  return ForEachField(message, [meta](const WireField& field) {
    if (field.number == 1) {
      meta->nodes.emplace_back();
      return ReadNode(field.bytes, &meta->nodes.back());
    }
    if (field.number == 2) {
      return ForEachField(field.bytes, [meta](const WireField& part) {
        if (part.number == 1) meta->functions.push_back(part.bytes);
        if (part.number == 2) meta->gradients.push_back(part.bytes);
        return true;
      });
    }
    return field.number != 4 || ReadVersions(field.bytes, meta);
  });
}

bool ReadOps(Bytes message, MetaGraphDef* meta) {
  return ForEachField(message, [meta](const WireField& field) {
    if (field.number == 1) {
      meta->ops[FirstBytes(field.bytes, 1)] = field.bytes;
    }
    return true;
  });
}

bool ReadMetaGraph(Bytes message, MetaGraphDef* meta) {
  return ForEachField(message, [meta](const WireField& field) {
    switch (field.number) {
      case 1:
        return ForEachField(field.bytes, [meta](const WireField& part) {
          return part.number != 2 || ReadOps(part.bytes, meta);
        });
      case 2:
        return ReadGraph(field.bytes, meta);
      case 3:
        meta->saver_def.push_back(field.bytes);
        return true;
      case 4: {
        std::pair<std::string_view, Bytes> entry;
        if (!ReadEntry(field.bytes, &entry)) return false;
        meta->collections[entry.first] = entry.second;
        return true;
      }
      default:
        return true;
    }
  });
}

}  // namespace

std::string_view FirstBytes(Bytes message, uint32_t number) {
  std::string_view found;
  ForEachField(message, [&](const WireField& field) {
    if (field.number != number) return true;
    found = AsString(field.bytes);
    return false;
  });
  return found;
}

Result<MetaGraphDef> ParseMetaGraphDef(Bytes message) {
  MetaGraphDef meta;
  if (!ReadMetaGraph(message, &meta)) return ParseError();
  return meta;
}

}  // namespace tensorbundle::metagraph
