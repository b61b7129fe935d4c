// The records that a MetaGraphDef keeps beside its graph: SaverDef and
// VariableDef.
#ifndef TB_METAGRAPH_RECORDS_H_
#define TB_METAGRAPH_RECORDS_H_

#include <string>
#include <string_view>

#include "engine/graph/collections.h"
#include "engine/graph/graph.h"
#include "engine/train/saver_graph.h"
#include "engine/util/bytes.h"
#include "engine/util/result.h"

namespace tensorbundle::metagraph {

// Whether the items of a collection are VariableDefs where they are variables:
// Python calls it a registered to_proto function. Variables of all other
// collections are written by their names.
bool HoldsVariableDefs(std::string_view collection);

std::string EncodeSaverDef(const train::SaverDef& def);

// Sets what the message says; called again for a message in several pieces.
// Returns InvalidArgument for bytes that protobuf would not parse.
Status DecodeSaverDef(Bytes message, train::SaverDef* def);

// What a saver of nothing is set to: not the defaults of train::SaverDef, but
// those of the message.
train::SaverDef EmptySaverDef();

// The names are those of a graph that is exported from `scope` ("" or "a/").
std::string EncodeVariableDef(const graph::Variable& variable,
                              std::string_view scope);

// Finds what the message names in `graph`, below `scope` ("" or "a/").
// Returns LookupError or ValueError when it is not there, InvalidArgument for
// bytes that protobuf would not parse.
Result<graph::Variable> DecodeVariableDef(const graph::Graph& graph,
                                          std::string_view scope,
                                          Bytes message);

}  // namespace tensorbundle::metagraph

#endif  // TB_METAGRAPH_RECORDS_H_
