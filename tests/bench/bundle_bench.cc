// Opening and listing large indexes; 256 MB of tensors through the checksums,
// beside memcpy of as many bytes.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "engine/bundle/bundle_reader.h"
#include "engine/bundle/bundle_writer.h"
#include "engine/bundle/entry_records.h"
#include "engine/bundle/tensor_decoder.h"
#include "engine/io/memory_source.h"
#include "engine/util/coding.h"

namespace tensorbundle::bundle {
namespace {

// Failures here are faults of the benchmark.
void Check(const Status& status) {
  if (!status.ok()) std::abort();
}

std::string KeyOf(int64_t i) {
  return "model/encoder/layer_" + std::to_string(i / 8) + "/attention/kernel_" +
         std::to_string(i % 8);
}

std::string IndexOf(int64_t count) {
  BundleWriter writer;
  const Shape shape = Shape::Of({0, 768});
  for (int64_t i = 0; i < count; ++i) {
    Check(writer.Add(KeyOf(i), DType::kFloat, shape).status());
    Check(writer.EndTensor().status());
  }
  io::MemorySink sink;
  Check(writer.Finish(&sink));
  return sink.TakeContents();
}

// The key of the last record; see entry_records.h.
std::string LastKey(const std::string& records) {
  const uint8_t* const begin = AsBytes(records).data();
  size_t last = 0;
  for (size_t at = 0; at < records.size(); at += DecodeFixed32(begin + at)) {
    last = at;
  }
  const size_t dims = 8 * size_t{DecodeFixed32(begin + last + 28)};
  return records.substr(last + kEntryRecordHeaderSize + dims,
                        DecodeFixed32(begin + last + 4));
}

void BM_OpenAndList(benchmark::State& state) {
  const std::string index = IndexOf(state.range(0));
  io::MemorySource source("p.index", AsBytes(index));
  for (auto _ : state) {
    BundleReader reader = BundleReader::Open("p", &source).value();
    std::string records;
    std::string after;
    size_t listed = 0;
    constexpr size_t kBatch = 4096;
    while (const size_t count =
               reader.EncodeEntries(after, kBatch, &records).value()) {
      listed += count;
      after = LastKey(records);
    }
    if (static_cast<int64_t>(listed) != state.range(0)) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_OpenAndList)
    ->Arg(20000)
    ->Arg(200000)
    ->Unit(benchmark::kMillisecond);

void BM_Find(benchmark::State& state) {
  const std::string index = IndexOf(20000);
  io::MemorySource source("p.index", AsBytes(index));
  BundleReader reader = BundleReader::Open("p", &source).value();
  int64_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(reader.Find(KeyOf(i++ % 20000)).value());
  }
}
BENCHMARK(BM_Find);

constexpr int64_t kTensors = 8;
constexpr int64_t kFloats = 8 << 20;  // 32 MiB each
constexpr size_t kChunk = 1 << 20;

// A write that shows the writer every byte once.
std::string Write(const std::vector<uint8_t>& data) {
  BundleWriter writer;
  const Shape shape = Shape::Of({kFloats});
  for (int64_t t = 0; t < kTensors; ++t) {
    const io::Extent place =
        writer.Add("tensor_" + std::to_string(t), DType::kFloat, shape).value();
    for (uint64_t at = 0; at < place.length; at += kChunk) {
      Check(writer.Append(Bytes(data).subspan(place.offset + at, kChunk)));
    }
    Check(writer.EndTensor().status());
  }
  io::MemorySink sink;
  Check(writer.Finish(&sink));
  return sink.TakeContents();
}

std::vector<uint8_t> Data() {
  std::vector<uint8_t> data(kTensors * kFloats * 4);
  for (size_t i = 0; i < data.size(); ++i) {
    data[i] = static_cast<uint8_t>(i * 2654435761u >> 24);
  }
  return data;
}

void CountBytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * kTensors * kFloats * 4);
}

void BM_Memcpy256M(benchmark::State& state) {
  const std::vector<uint8_t> data = Data();
  std::vector<uint8_t> copy(data.size());
  for (auto _ : state) {
    std::memcpy(copy.data(), data.data(), data.size());
    benchmark::ClobberMemory();
  }
  CountBytes(state);
}
BENCHMARK(BM_Memcpy256M)->Unit(benchmark::kMillisecond);

void BM_Write256M(benchmark::State& state) {
  const std::vector<uint8_t> data = Data();
  for (auto _ : state) benchmark::DoNotOptimize(Write(data));
  CountBytes(state);
}
BENCHMARK(BM_Write256M)->Unit(benchmark::kMillisecond);

void BM_Read256M(benchmark::State& state) {
  const std::vector<uint8_t> data = Data();
  const std::string index = Write(data);
  io::MemorySource source("p.index", AsBytes(index));
  for (auto _ : state) {
    BundleReader reader = BundleReader::Open("p", &source).value();
    EntryIterator it = reader.NewIterator();
    for (it.SeekAfter(""); it.Valid(); it.Next()) {
      Entry entry;
      Check(it.Read(&entry));
      TensorDecoder decoder =
          TensorDecoder::Create(it.key(), entry, false, "data").value();
      const uint64_t begin = static_cast<uint64_t>(entry.offset);
      for (uint64_t at = 0; at < decoder.size(); at += kChunk) {
        Check(decoder.Check(Bytes(data).subspan(begin + at, kChunk)));
      }
      Check(decoder.Finish());
    }
  }
  CountBytes(state);
}
BENCHMARK(BM_Read256M)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace tensorbundle::bundle
