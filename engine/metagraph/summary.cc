// SavedModel      2 meta_graphs
// MetaGraphDef    1 meta_info_def   2 graph_def   3 saver_def
//                 4 collection_def {1 key 2 value}
//                 5 signature_def {1 key 2 value}   6 asset_file_def
//                 7 object_graph_def {1 nodes}
// MetaInfoDef     4 tags   5 tensorflow_version   6 tensorflow_git_version
// GraphDef        1 node {2 op}   2 library {1 function}
//                 4 versions {1 producer}
// CollectionDef   1 node_list   2 bytes_list   3 int64_list   4 float_list
//                 5 any_list, each {1 value}
// SignatureDef    1 inputs {1 key 2 value}   2 outputs   3 method_name
// TensorInfo      1 name   2 dtype   3 tensor_shape
// TensorShape     2 dim {1 size}   3 unknown_rank
// SaverDef        1 filename_tensor_name   2 save_tensor_name
//                 3 restore_op_name   4 max_to_keep   5 sharded   7 version
//
// tensorflow/core/protobuf/{meta_graph,saved_model,saver}.proto,
// tensorflow/core/framework/{graph,node_def,tensor_shape,versions}.proto
#include "engine/metagraph/summary.h"

#include <utility>

#include "engine/util/coding.h"
#include "engine/util/wire.h"

namespace tensorbundle::metagraph {

namespace {

// Calls `visit(field)`, which returns false to give up, for every field.
template <typename Visit>
bool ForEach(Bytes message, Visit visit) {
  Cursor cursor(message);
  while (!cursor.empty()) {
    WireField field;
    if (!ReadWireField(&cursor, &field) || !visit(field)) return false;
  }
  return true;
}

std::string Text(const WireField& field) {
  return std::string(AsString(field.bytes));
}

int32_t Int32(const WireField& field) {
  return static_cast<int32_t>(field.value);
}

// An entry of a map field: of a key or value that comes twice the last counts.
bool ReadMapEntry(Bytes message, std::string* key, Bytes* value) {
  return ForEach(message, [&](const WireField& field) {
    if (field.number == 1) *key = Text(field);
    if (field.number == 2) *value = field.bytes;
    return true;
  });
}

// The number of fields `number`.
bool Count(Bytes message, uint32_t number, uint64_t* count) {
  return ForEach(message, [&](const WireField& field) {
    if (field.number == number) ++*count;
    return true;
  });
}

bool ReadMetaInfo(Bytes message, MetaGraphSummary* summary) {
  return ForEach(message, [summary](const WireField& field) {
    if (field.number == 4) summary->tags.push_back(Text(field));
    if (field.number == 5) summary->tensorflow_version = Text(field);
    if (field.number == 6) summary->tensorflow_git_version = Text(field);
    return true;
  });
}

bool ReadGraph(Bytes message, MetaGraphSummary* summary) {
  return ForEach(message, [summary](const WireField& field) {
    if (field.number == 1) {
      ++summary->nodes;
      std::string op;
      const bool ok = ForEach(field.bytes, [&op](const WireField& part) {
        if (part.number == 2) op = Text(part);
        return true;
      });
      ++summary->ops[op];
      return ok;
    }
    if (field.number == 2) return Count(field.bytes, 1, &summary->functions);
    return field.number != 4 ||
           ForEach(field.bytes, [summary](const WireField& part) {
             if (part.number == 1) summary->producer = Int32(part);
             return true;
           });
  });
}

bool ReadSaver(Bytes message, SaverSummary* saver) {
  return ForEach(message, [saver](const WireField& field) {
    if (field.number == 1) saver->filename_tensor_name = Text(field);
    if (field.number == 2) saver->save_tensor_name = Text(field);
    if (field.number == 3) saver->restore_op_name = Text(field);
    if (field.number == 4) saver->max_to_keep = Int32(field);
    if (field.number == 5) saver->sharded = field.value != 0;
    if (field.number == 7) saver->version = Int32(field);
    return true;
  });
}

// Numbers may be packed: then a field holds several.
bool CountValues(const WireField& list, uint64_t* count) {
  return ForEach(list.bytes, [&](const WireField& field) {
    if (field.number != 1) return true;
    const bool packed = field.type == WireType::kBytes;
    if (packed && list.number == 4) {
      *count += field.bytes.size() / 4;
    } else if (packed && list.number == 3) {
      Cursor cursor(field.bytes);
      for (uint64_t value = 0; !cursor.empty(); ++*count) {
        if (!cursor.ReadVarint64(&value)) return false;
      }
    } else {
      ++*count;
    }
    return true;
  });
}

bool ReadCollection(Bytes message, CollectionSummary* collection) {
  static constexpr const char* kKinds[] = {
      "node_list", "bytes_list", "int64_list", "float_list", "any_list"};
  return ForEach(message, [collection](const WireField& field) {
    if (field.number < 1 || field.number > 5) return true;
    collection->kind = kKinds[field.number - 1];
    return CountValues(field, &collection->size);
  });
}

bool ReadShape(Bytes message, TensorSummary* tensor) {
  return ForEach(message, [tensor](const WireField& field) {
    if (field.number == 3) tensor->unknown_rank = field.value != 0;
    if (field.number != 2) return true;
    tensor->dims.push_back(0);
    return ForEach(field.bytes, [tensor](const WireField& part) {
      if (part.number == 1) {
        tensor->dims.back() = static_cast<int64_t>(part.value);
      }
      return true;
    });
  });
}

bool ReadTensorInfo(Bytes message, TensorSummary* tensor) {
  return ForEach(message, [tensor](const WireField& field) {
    if (field.number == 1) tensor->name = Text(field);
    if (field.number == 2) tensor->dtype = Int32(field);
    return field.number != 3 || ReadShape(field.bytes, tensor);
  });
}

bool ReadSignature(Bytes message, SignatureSummary* signature) {
  return ForEach(message, [signature](const WireField& field) {
    if (field.number == 3) signature->method_name = Text(field);
    if (field.number != 1 && field.number != 2) return true;
    std::string key;
    Bytes value;
    if (!ReadMapEntry(field.bytes, &key, &value)) return false;
    auto& side = field.number == 1 ? signature->inputs : signature->outputs;
    return ReadTensorInfo(value, &side[key]);
  });
}

bool ReadMetaGraph(Bytes message, MetaGraphSummary* summary) {
  return ForEach(message, [summary](const WireField& field) {
    std::string key;
    Bytes value;
    switch (field.number) {
      case 1:
        return ReadMetaInfo(field.bytes, summary);
      case 2:
        return ReadGraph(field.bytes, summary);
      case 3:
        if (!summary->saver) summary->saver.emplace();
        return ReadSaver(field.bytes, &*summary->saver);
      case 4:
        return ReadMapEntry(field.bytes, &key, &value) &&
               ReadCollection(value, &summary->collections[key]);
      case 5:
        return ReadMapEntry(field.bytes, &key, &value) &&
               ReadSignature(value, &summary->signatures[key]);
      case 6:
        ++summary->assets;
        return true;
      case 7:
        return Count(field.bytes, 1, &summary->objects);
      default:
        return true;
    }
  });
}

Status Unparsable() { return InvalidArgumentError("Error parsing message"); }

}  // namespace

Result<MetaGraphSummary> SummarizeMetaGraph(Bytes message) {
  MetaGraphSummary summary;
  if (!ReadMetaGraph(message, &summary)) return Unparsable();
  return summary;
}

Result<std::vector<MetaGraphSummary>> SummarizeSavedModel(Bytes message) {
  std::vector<MetaGraphSummary> summaries;
  const bool ok = ForEach(message, [&](const WireField& field) {
    if (field.number != 2) return true;
    summaries.emplace_back();
    return ReadMetaGraph(field.bytes, &summaries.back());
  });
  if (!ok) return Unparsable();
  return summaries;
}

}  // namespace tensorbundle::metagraph
