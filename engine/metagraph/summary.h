// What a `.meta` file or a saved_model.pb has in it, without building a graph.
#ifndef TB_METAGRAPH_SUMMARY_H_
#define TB_METAGRAPH_SUMMARY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

// TensorInfo: an input or output of a signature.
struct TensorSummary {
  std::string name;  // of the tensor, "x:0"; empty for composites
  int32_t dtype = 0;
  bool unknown_rank = false;
  std::vector<int64_t> dims;  // -1: unknown
};

struct SignatureSummary {
  std::string method_name;
  std::map<std::string, TensorSummary> inputs;
  std::map<std::string, TensorSummary> outputs;
};

struct CollectionSummary {
  std::string kind;  // "node_list", "bytes_list", ..., "" when it is empty
  uint64_t size = 0;
};

// SaverDef, tensorflow/core/protobuf/saver.proto.
struct SaverSummary {
  std::string filename_tensor_name;
  std::string save_tensor_name;
  std::string restore_op_name;
  int32_t max_to_keep = 0;
  bool sharded = false;
  int32_t version = 0;
};

struct MetaGraphSummary {
  std::vector<std::string> tags;
  std::string tensorflow_version;
  std::string tensorflow_git_version;
  int32_t producer = 0;
  uint64_t nodes = 0;
  uint64_t functions = 0;
  std::map<std::string, uint64_t> ops;  // how many nodes have the op
  std::map<std::string, CollectionSummary> collections;
  std::map<std::string, SignatureSummary> signatures;
  std::optional<SaverSummary> saver;
  uint64_t assets = 0;
  uint64_t objects = 0;  // nodes of the object graph of a TensorFlow 2 model
};

// `message` is a MetaGraphDef. Memory is in proportion to the number of
// different ops, collections and signatures.
// Returns InvalidArgument "Error parsing message" for bytes that protobuf would
// not parse.
Result<MetaGraphSummary> SummarizeMetaGraph(Bytes message);

// `message` is a SavedModel: its graphs, in their order.
Result<std::vector<MetaGraphSummary>> SummarizeSavedModel(Bytes message);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_SUMMARY_H_
