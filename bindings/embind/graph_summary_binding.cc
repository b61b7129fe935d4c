// Summaries of `.meta` files and SavedModels for JavaScript.

#include <emscripten/bind.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bindings/embind/convert.h"
#include "bindings/embind/json.h"
#include "engine/metagraph/summary.h"

namespace tensorbundle::embind {
namespace {

using metagraph::MetaGraphSummary;
using metagraph::SignatureSummary;
using metagraph::TensorSummary;

void WriteTensors(const std::map<std::string, TensorSummary>& tensors,
                  Json* json) {
  json->Object();
  for (const auto& [key, tensor] : tensors) {
    json->Key(key).Object();
    json->Key("name").String(tensor.name);
    json->Key("dtype").Number(tensor.dtype);
    json->Key("shape");
    if (tensor.unknown_rank) {
      json->Null();
    } else {
      json->Array();
      for (const int64_t dim : tensor.dims) {
        json->Number(static_cast<double>(dim));
      }
      json->End();
    }
    json->End();
  }
  json->End();
}

void WriteSignature(const SignatureSummary& signature, Json* json) {
  json->Object();
  json->Key("methodName").String(signature.method_name);
  json->Key("inputs");
  WriteTensors(signature.inputs, json);
  json->Key("outputs");
  WriteTensors(signature.outputs, json);
  json->End();
}

void WriteSaver(const metagraph::SaverSummary& saver, Json* json) {
  json->Object();
  json->Key("filenameTensorName").String(saver.filename_tensor_name);
  json->Key("saveTensorName").String(saver.save_tensor_name);
  json->Key("restoreOpName").String(saver.restore_op_name);
  json->Key("maxToKeep").Number(saver.max_to_keep);
  json->Key("sharded").Bool(saver.sharded);
  json->Key("version").Number(saver.version);
  json->End();
}

void WriteSummary(const MetaGraphSummary& summary, Json* json) {
  json->Object();
  json->Key("tags").Array();
  for (const std::string& tag : summary.tags) json->String(tag);
  json->End();
  json->Key("tensorflowVersion").String(summary.tensorflow_version);
  json->Key("tensorflowGitVersion").String(summary.tensorflow_git_version);
  json->Key("producer").Number(summary.producer);
  json->Key("nodes").Number(static_cast<double>(summary.nodes));
  json->Key("functions").Number(static_cast<double>(summary.functions));
  json->Key("assets").Number(static_cast<double>(summary.assets));
  json->Key("objects").Number(static_cast<double>(summary.objects));
  json->Key("ops").Object();
  for (const auto& [op, count] : summary.ops) {
    json->Key(op).Number(static_cast<double>(count));
  }
  json->End();
  json->Key("collections").Object();
  for (const auto& [key, collection] : summary.collections) {
    json->Key(key).Object();
    json->Key("kind").String(collection.kind);
    json->Key("size").Number(static_cast<double>(collection.size));
    json->End();
  }
  json->End();
  json->Key("signatures").Object();
  for (const auto& [key, signature] : summary.signatures) {
    json->Key(key);
    WriteSignature(signature, json);
  }
  json->End();
  json->Key("saver");
  if (summary.saver) {
    WriteSaver(*summary.saver, json);
  } else {
    json->Null();
  }
  json->End();
}

class GraphSummarizer {
 public:
  // Code.
  int Summarize(uintptr_t address, uint32_t size, bool saved_model) {
    const Bytes message(reinterpret_cast<const uint8_t*>(address), size);
    summaries_.clear();
    if (saved_model) {
      auto summaries = metagraph::SummarizeSavedModel(message);
      if (!summaries.ok()) return Report(summaries.status());
      summaries_ = *std::move(summaries);
      return 0;
    }
    auto summary = metagraph::SummarizeMetaGraph(message);
    if (!summary.ok()) return Report(summary.status());
    summaries_.push_back(*std::move(summary));
    return 0;
  }

  std::string Description() const {
    Json json;
    json.Array();
    for (const MetaGraphSummary& summary : summaries_) {
      WriteSummary(summary, &json);
    }
    json.End();
    return json.Take();
  }

 private:
  std::vector<MetaGraphSummary> summaries_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(tensorbundle_graph_summary) {
  emscripten::class_<GraphSummarizer>("GraphSummarizer")
      .constructor()
      .function("summarize", &GraphSummarizer::Summarize)
      .function("description", &GraphSummarizer::Description);
}

}  // namespace tensorbundle::embind
