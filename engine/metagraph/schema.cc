#include "engine/metagraph/schema.h"

#include <string>

#include "engine/tensor/dtype.h"

namespace tensorbundle::metagraph {

namespace {

// The messages: "number name type" by number, the type with "*" for repeated
// numbers, which are packed. Entries of maps are messages of a key and a value.
struct Message {
  std::string_view name;
  std::string_view fields;
};

constexpr Message kMessages[] = {
    {"MetaGraphDef",
     "1 meta_info_def MetaInfoDef;2 graph_def GraphDef;3 saver_def SaverDef;"
     "4 collection_def CollectionEntry;5 signature_def SignatureEntry;"
     "6 asset_file_def AssetFileDef;7 object_graph_def SavedObjectGraph"},
    {"MetaInfoDef",
     "1 meta_graph_version string;2 stripped_op_list OpList;3 any_info Any;"
     "4 tags string;5 tensorflow_version string;"
     "6 tensorflow_git_version string;7 stripped_default_attrs bool;"
     "8 function_aliases StringEntry"},
    {"CollectionEntry", "1 key string;2 value CollectionDef"},
    {"SignatureEntry", "1 key string;2 value SignatureDef"},
    {"StringEntry", "1 key string;2 value string"},
    {"AttrEntry", "1 key string;2 value AttrValue"},
    {"TensorInfoEntry", "1 key string;2 value TensorInfo"},
    {"ArgAttrsEntry", "1 key uint;2 value ArgAttrs"},
    {"IndexEntry", "1 key uint;2 value uint"},
    {"FunctionEntry", "1 key string;2 value SavedConcreteFunction"},
    {"GraphDef",
     "1 node NodeDef;2 library FunctionDefLibrary;3 version int;"
     "4 versions VersionDef"},
    {"NodeDef",
     "1 name string;2 op string;3 input string;4 device string;"
     "5 attr AttrEntry;6 experimental_debug_info DebugInfo;"
     "7 experimental_type FullTypeDef"},
    {"DebugInfo", "1 original_node_names string;2 original_func_names string"},
    {"AttrValue",
     "1 list ListValue;2 s bytes;3 i int;4 f float;5 b bool;6 type DataType;"
     "7 shape TensorShapeProto;8 tensor TensorProto;9 placeholder string;"
     "10 func NameAttrList"},
    {"ListValue",
     "2 s bytes;3 i *int;4 f *float;5 b *bool;6 type *DataType;"
     "7 shape TensorShapeProto;8 tensor TensorProto;9 func NameAttrList"},
    {"NameAttrList", "1 name string;2 attr AttrEntry"},
    {"TensorShapeProto", "2 dim Dim;3 unknown_rank bool"},
    {"Dim", "1 size int;2 name string"},
    {"TensorProto",
     "1 dtype DataType;2 tensor_shape TensorShapeProto;3 version_number int;"
     "4 tensor_content bytes;5 float_val *float;6 double_val *double;"
     "7 int_val *int;8 string_val bytes;9 scomplex_val *float;10 int64_val "
     "*int;"
     "11 bool_val *bool;12 dcomplex_val *double;13 half_val *int;"
     "14 resource_handle_val ResourceHandleProto;"
     "15 variant_val VariantTensorDataProto;16 uint32_val *uint;"
     "17 uint64_val *uint;18 float8_val bytes"},
    {"VariantTensorDataProto",
     "1 type_name string;2 metadata bytes;3 tensors TensorProto"},
    {"ResourceHandleProto",
     "1 device string;2 container string;3 name string;4 hash_code uint;"
     "5 maybe_type_name string;6 dtypes_and_shapes DtypeAndShape"},
    {"DtypeAndShape", "1 dtype DataType;2 shape TensorShapeProto"},
    {"VersionDef", "1 producer int;2 min_consumer int;3 bad_consumers *int"},
    {"OpList", "1 op OpDef"},
    {"OpDef",
     "1 name string;2 input_arg ArgDef;3 output_arg ArgDef;4 attr AttrDef;"
     "5 summary string;6 description string;8 deprecation OpDeprecation;"
     "16 is_aggregate bool;17 is_stateful bool;18 is_commutative bool;"
     "19 allows_uninitialized_input bool;20 control_output string;"
     "21 is_distributed_communication bool"},
    {"ArgDef",
     "1 name string;2 description string;3 type DataType;4 type_attr string;"
     "5 number_attr string;6 type_list_attr string;"
     "7 handle_data DtypeAndShape;16 is_ref bool"},
    {"AttrDef",
     "1 name string;2 type string;3 default_value AttrValue;"
     "4 description string;5 has_minimum bool;6 minimum int;"
     "7 allowed_values AttrValue"},
    {"OpDeprecation", "1 version int;2 explanation string"},
    {"FunctionDefLibrary", "1 function FunctionDef;2 gradient GradientDef"},
    {"FunctionDef",
     "1 signature OpDef;3 node_def NodeDef;4 ret StringEntry;5 attr AttrEntry;"
     "6 control_ret StringEntry;7 arg_attr ArgAttrsEntry;"
     "8 resource_arg_unique_id IndexEntry"},
    {"ArgAttrs", "1 attr AttrEntry"},
    {"GradientDef", "1 function_name string;2 gradient_func string"},
    {"SaverDef",
     "1 filename_tensor_name string;2 save_tensor_name string;"
     "3 restore_op_name string;4 max_to_keep int;5 sharded bool;"
     "6 keep_checkpoint_every_n_hours float;7 version CheckpointFormatVersion"},
    {"CollectionDef",
     "1 node_list StringList;2 bytes_list BytesList;3 int64_list IntList;"
     "4 float_list FloatList;5 any_list AnyList"},
    {"StringList", "1 value string"},
    {"BytesList", "1 value bytes"},
    {"IntList", "1 value *int"},
    {"FloatList", "1 value *float"},
    {"AnyList", "1 value Any"},
    {"Any", "1 type_url string;2 value bytes"},
    {"SignatureDef",
     "1 inputs TensorInfoEntry;2 outputs TensorInfoEntry;3 method_name string"},
    {"TensorInfo",
     "1 name string;2 dtype DataType;3 tensor_shape TensorShapeProto;"
     "4 coo_sparse CooSparse"},
    {"CooSparse",
     "1 values_tensor_name string;2 indices_tensor_name string;"
     "3 dense_shape_tensor_name string"},
    {"AssetFileDef", "1 tensor_info TensorInfo;2 filename string"},
};

constexpr std::string_view kFormatVersions[] = {"LEGACY", "V1", "V2"};
constexpr uint64_t kNumFormatVersions = 3;

// Takes what comes before `separator`, or all, off the front of `rest`.
std::string_view Take(std::string_view* rest, char separator) {
  const size_t end = rest->find(separator);
  const std::string_view part = rest->substr(0, end);
  rest->remove_prefix(end == rest->npos ? rest->size() : end + 1);
  return part;
}

template <typename Matches>
std::optional<SchemaField> Find(std::string_view message, Matches matches) {
  for (const Message& each : kMessages) {
    if (each.name != message) continue;
    std::string_view rest = each.fields;
    while (!rest.empty()) {
      std::string_view text = Take(&rest, ';');
      SchemaField field;
      for (const char digit : Take(&text, ' ')) {
        field.number = field.number * 10 + static_cast<uint32_t>(digit - '0');
      }
      field.name = Take(&text, ' ');
      field.packed = text.front() == '*';
      field.type = text.substr(field.packed ? 1 : 0);
      if (matches(field)) return field;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<SchemaField> FindField(std::string_view message,
                                     uint32_t number) {
  return Find(message, [number](const SchemaField& field) {
    return field.number == number;
  });
}

std::optional<SchemaField> FindField(std::string_view message,
                                     std::string_view name) {
  return Find(message,
              [name](const SchemaField& field) { return field.name == name; });
}

bool IsEnum(std::string_view type) {
  return type == "DataType" || type == "CheckpointFormatVersion";
}

std::string EnumName(std::string_view type, uint64_t value) {
  if (type == "DataType" && value < 200) {
    const uint64_t base = value > 100 ? value - 100 : value;
    const DType dtype = static_cast<DType>(base);
    if (!IsKnown(dtype)) return value == 0 ? "DT_INVALID" : "";
    return DTypeProtoName(dtype) + (value > 100 ? "_REF" : "");
  }
  if (type != "DataType" && value < kNumFormatVersions) {
    return std::string(kFormatVersions[value]);
  }
  return "";
}

std::optional<uint64_t> EnumValue(std::string_view type,
                                  std::string_view name) {
  for (uint64_t value = 0; value < 200; ++value) {
    if (EnumName(type, value) == name) return value;
  }
  return std::nullopt;
}

}  // namespace tensorbundle::metagraph
