#include "tests/engine/bundle/bundle_facts.h"

#include <gtest/gtest.h>

#include "engine/bundle/string_tensor.h"
#include "engine/bundle/tensor_decoder.h"
#include "engine/io/memory_source.h"
#include "engine/util/checked.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {

using testing::FromHex;
using testing::NamedTensor;

BundleFiles TutorialBundle() {
  return {FromHex("00 00 06 08 01 1a 02 08 01 00 08 13 56 61 72 69"
                  "61 62 6c 65 08 01 12 08 12 02 08 02 12 02 08 03"
                  "28 18 35 7a eb f5 ab 08 02 11 5f 31 08 01 12 04"
                  "12 02 08 03 20 18 28 0c 35 a0 4c fb 15 00 00 00"
                  "00 01 00 00 00 00 0e da b7 8d 00 00 00 00 01 00"
                  "00 00 00 c0 f2 a1 b0 00 01 02 57 00 45 00 00 00"
                  "00 01 00 00 00 00 7f ab 21 05 4a 08 57 0e") +
              std::string(36, '\0') + FromHex("57 fb 80 8b 24 75 47 db"),
          FromHex("00 00 80 3f 00 00 00 40 00 00 40 40 00 00 80 40"
                  "00 00 a0 40 00 00 c0 40 00 00 00 3f 00 00 c0 bf"
                  "00 00 10 40")};
}

BundleFiles WriteBundle(std::span<const NamedTensor> tensors,
                        const BundleWriterOptions& options) {
  BundleFiles files;
  BundleWriter writer(options);
  for (const NamedTensor& tensor : tensors) {
    std::string data = tensor.bytes;
    if (tensor.dtype == DType::kString) {
      EXPECT_TRUE(
          writer.AddStrings(tensor.key, tensor.shape, tensor.strings, &data)
              .ok());
    } else {
      EXPECT_TRUE(writer.Add(tensor.key, tensor.dtype, tensor.shape).ok());
      EXPECT_TRUE(writer.Append(AsBytes(data)).ok());
    }
    files.data += data;
    files.data +=
        std::string(static_cast<size_t>(writer.EndTensor().value()), '\0');
    EXPECT_EQ(files.data.size(), writer.data_size());
  }
  io::MemorySink sink;
  EXPECT_TRUE(writer.Finish(&sink).ok());
  files.index = sink.TakeContents();
  return files;
}

Result<std::string> ReadEntryBytes(std::string_view key, const Entry& entry,
                                   bool big_endian, const std::string& data) {
  TB_ASSIGN_OR_RETURN(
      TensorDecoder decoder,
      TensorDecoder::Create(key, entry, big_endian, "data file"));
  TB_ASSIGN_OR_RETURN(const io::Extent range, DataRange(key, entry));
  io::MemorySource source("data file", AsBytes(data));
  TB_ASSIGN_OR_RETURN(const Bytes bytes,
                      source.Peek(range.offset, range.length));
  std::string copy(AsString(bytes));
  TB_RETURN_IF_ERROR(
      decoder.Update({reinterpret_cast<uint8_t*>(copy.data()), copy.size()}));
  TB_RETURN_IF_ERROR(decoder.Finish());
  return copy;
}

Status ReadEntry(std::string_view key, const Entry& entry, bool big_endian,
                 const std::string& data, NamedTensor* tensor) {
  if (entry.dtype != DType::kString) {
    TB_ASSIGN_OR_RETURN(tensor->bytes,
                        ReadEntryBytes(key, entry, big_endian, data));
    return OkStatus();
  }
  TB_ASSIGN_OR_RETURN(const io::Extent range, DataRange(key, entry));
  io::MemorySource source("data file", AsBytes(data));
  TB_ASSIGN_OR_RETURN(const Bytes bytes,
                      source.Peek(range.offset, range.length));
  TB_ASSIGN_OR_RETURN(tensor->strings,
                      DecodeStrings(key, entry, bytes, big_endian, "file"));
  return OkStatus();
}

Status ReadBundle(const std::string& index,
                  const std::vector<std::string>& data,
                  std::map<std::string, NamedTensor>* tensors) {
  tensors->clear();
  io::MemorySource source("p.index", AsBytes(index));
  TB_ASSIGN_OR_RETURN(BundleReader reader, BundleReader::Open("p", &source));
  EntryIterator it = reader.NewIterator();
  for (it.SeekAfter(kHeaderKey); it.Valid(); it.Next()) {
    Entry entry;
    TB_RETURN_IF_ERROR(it.Read(&entry));
    const std::string key(it.key());
    NamedTensor tensor = {key, entry.dtype, entry.shape, {}, {}};
    const size_t shard = static_cast<size_t>(entry.shard_id);
    if (shard >= data.size()) {
      return NotFoundError(reader.DataFile(entry.shard_id));
    }
    TB_RETURN_IF_ERROR(ReadEntry(key, entry, reader.header().big_endian,
                                 data[shard], &tensor));
    tensors->emplace(key, std::move(tensor));
  }
  return it.status();
}

}  // namespace tensorbundle::bundle
