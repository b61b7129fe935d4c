#include "tests/fuzz/reading.h"

#include <algorithm>
#include <cstring>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/slice_plan.h"
#include "engine/bundle/string_tensor.h"
#include "engine/bundle/tensor_decoder.h"
#include "engine/bundle/v1_reader.h"
#include "engine/bundle/variant_tensor.h"
#include "engine/io/memory_source.h"
#include "engine/util/coding.h"
#include "tests/fuzz/repair.h"

namespace tensorbundle::fuzz {

namespace {

using bundle::BundleReader;
using bundle::Entry;

// What a reader of an input of a fuzzer's size may make of it.
constexpr size_t kMaxEntries = 512;

// The elements of an entry that has bytes of its own.
Result<std::string> ReadBytes(std::string_view key, const Entry& entry,
                              bool big_endian, const std::string& data) {
  TB_ASSIGN_OR_RETURN(const io::Extent range, bundle::DataRange(key, entry));
  io::MemorySource source("data", AsBytes(data));
  TB_ASSIGN_OR_RETURN(const Bytes bytes,
                      source.Peek(range.offset, range.length));
  std::string result;
  if (entry.dtype == DType::kString) {
    TB_ASSIGN_OR_RETURN(
        const std::vector<std::string> strings,
        bundle::DecodeStrings(key, entry, bytes, big_endian, "data"));
    Require(static_cast<int64_t>(strings.size()) == entry.shape.num_elements());
    for (const std::string& s : strings) result += s;
    return result;
  }
  if (entry.dtype == DType::kVariant) {
    TB_ASSIGN_OR_RETURN(const std::vector<bundle::VariantElement> elements,
                        bundle::DecodeVariants(key, entry, bytes, big_endian,
                                               "p.data-00000-of-00001"));
    for (const auto& element : elements) result += AsString(element.message);
    return result;
  }
  TB_ASSIGN_OR_RETURN(
      bundle::TensorDecoder decoder,
      bundle::TensorDecoder::Create(key, entry, big_endian, "data"));
  Require(decoder.size() == bytes.size());
  result = AsString(bytes);
  TB_RETURN_IF_ERROR(decoder.Update(
      {reinterpret_cast<uint8_t*>(result.data()), result.size()}));
  TB_RETURN_IF_ERROR(decoder.Finish());
  return result;
}

Result<std::string> ReadJoined(BundleReader* reader, std::string_view key,
                               const Entry& entry, const std::string& data) {
  TB_ASSIGN_OR_RETURN(
      const bundle::SlicePlan plan,
      bundle::PlanSlices(reader, key, entry, Slice::Full(entry.shape.rank())));
  const size_t element = DTypeSize(entry.dtype);
  std::string result;
  for (const bundle::SlicePart& part : plan.parts) {
    TB_ASSIGN_OR_RETURN(
        const std::string bytes,
        ReadBytes(part.key, part.entry, reader->header().big_endian, data));
    if (element == 0) continue;
    // Its parts exist, so the whole is no larger than what there is.
    const uint64_t size =
        static_cast<uint64_t>(plan.shape.num_elements()) * element;
    Require(size <= data.size() * plan.parts.size());
    result.resize(static_cast<size_t>(size));
    CopyElements(part.copy, element, AsBytes(bytes),
                 {reinterpret_cast<uint8_t*>(result.data()), result.size()});
  }
  return result;
}

// Records are whole, aligned, and tell their own sizes.
size_t CountRecords(const std::string& records) {
  size_t count = 0;
  for (size_t at = 0; at < records.size(); ++count) {
    Require(records.size() - at >= 56);
    const size_t size = DecodeFixed32(AsBytes(records).data() + at);
    Require(size >= 56 && size % 8 == 0 && size <= records.size() - at);
    at += size;
  }
  return count;
}

}  // namespace

Status ReadBundle(io::ByteSource* index, const std::string& data,
                  Values* values) {
  values->clear();
  TB_ASSIGN_OR_RETURN(BundleReader reader, BundleReader::Open("p", index));
  bundle::EntryIterator it = reader.NewIterator();
  for (it.SeekAfter(""); it.Valid() && values->size() < kMaxEntries;
       it.Next()) {
    const std::string key(it.key());
    Value value;
    value.status = it.Read(&value.entry);
    Result<Entry> found = reader.Find(key);
    // A key may stand where no search looks for it, but not in two forms.
    if (found.ok()) {
      Require(value.status.ok());
    }
    if (value.status.ok()) {
      const Entry& entry = value.entry;
      Result<std::string> bytes =
          entry.slices.empty()
              ? ReadBytes(key, entry, reader.header().big_endian, data)
              : ReadJoined(&reader, key, entry, data);
      value.status = bytes.status();
      if (bytes.ok()) value.bytes = std::move(bytes).value();
    }
    values->emplace(key, std::move(value));
  }
  std::string records;
  const Result<size_t> count = reader.EncodeEntries("", kMaxEntries, &records);
  if (count.ok()) Require(*count == CountRecords(records));
  return it.status();
}

Status ReadV1(io::ByteSource* file, Values* values) {
  values->clear();
  TB_ASSIGN_OR_RETURN(bundle::V1Reader reader,
                      bundle::V1Reader::Open("p", {file}));
  std::string records;
  std::string after;
  while (values->size() < kMaxEntries) {
    const size_t count = reader.EncodeEntries(after, 1, &records);
    Require(count <= 1 && count == CountRecords(records));
    if (count == 0) break;
    const uint8_t* const record = AsBytes(records).data();
    const size_t key_size = DecodeFixed32(record + 4);
    size_t at = 56 + size_t{8} * DecodeFixed32(record + 28);
    for (uint32_t i = DecodeFixed32(record + 48); i > 0; --i) {
      at += 8 + size_t{16} * DecodeFixed32(record + at);
    }
    after = records.substr(at, key_size);
    Value value;
    TB_ASSIGN_OR_RETURN(value.entry, reader.Find(after));
    Result<bundle::V1Lookup> lookup = reader.Lookup(after);
    value.status = lookup.status();
    if (lookup.ok()) value.status = lookup->Continue();
    if (value.status.code() == Code::kNeedBytes) return value.status;
    if (value.status.ok()) {
      const Tensor tensor = lookup->TakeResult();
      Require(tensor.shape() == value.entry.shape);
      value.bytes = AsString(tensor.bytes());
      for (const std::string& s : tensor.strings()) value.bytes += s;
    }
    Require(values->emplace(after, std::move(value)).second);
  }
  return OkStatus();
}

bool Supply(std::string_view name, const std::string& file, uint64_t before,
            uint64_t behind, io::HostFiles* files) {
  const io::Need need = files->need();
  if (need.file != name) return false;
  if (need.kind == io::Need::Kind::kFile) {
    files->AddFile(name, file.size());
    return true;
  }
  const uint64_t size = file.size();
  if (need.kind != io::Need::Kind::kBytes || need.length == 0 ||
      need.offset > size || need.length > size - need.offset) {
    return false;
  }
  const uint64_t begin = need.offset - std::min(before, need.offset);
  const uint64_t end = need.offset + need.length;
  const uint64_t more = end + std::min(behind, size - end);
  const Result<uint8_t*> to = files->Reserve(name, begin, more - begin);
  if (!to.ok()) return false;
  std::memcpy(*to, file.data() + begin, static_cast<size_t>(more - begin));
  return files->Commit(name, begin, more - begin).ok();
}

}  // namespace tensorbundle::fuzz
