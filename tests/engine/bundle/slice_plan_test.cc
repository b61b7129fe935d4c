// A partitioned tensor, or a slice of any tensor, is put together from the
// entries that hold it (engine/docs/slices.md).
#include "engine/bundle/slice_plan.h"

#include <gtest/gtest.h>

#include "engine/bundle/names.h"
#include "engine/bundle/slice_key.h"
#include "engine/io/memory_source.h"
#include "engine/table/table_builder.h"
#include "tests/engine/bundle/bundle_facts.h"
#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::ToHex;

// `w`, float [4,2], rows 0 and 1 = 1 2 3 4 and rows 2 and 3 = 5 6 7 8.
const std::string& Index() {
  static const std::string& index =
      *new std::string(FromHex("00000608011a02080 1000a130077 0001"
                               "0102808280820801 1208120208021202"
                               "08022810354c2898 74060415828 28082"
                               "0801120812020802 120208022010 2810"
                               "35ebd5bc49000122 7708011208120208"
                               "04120208023a080a 0210020a0210023a"
                               "0a0a040802100 20a0210020000000001"
                               "00000000906e9bd4 0000000001000000"
                               "00c0f2a1b0000102 7800730000000001"
                               "0000000028bd45a7 780885 01 0e") +
                       std::string(35, '\0') + FromHex("57fb808b247547db"));
  return index;
}

constexpr char kData[] =
    "0000803f000000400000404000008040"
    "0000a0400000c0400000e04000000041";

class Opened {
 public:
  explicit Opened(std::string index)
      : index_(std::move(index)),
        source_("P.index", AsBytes(index_)),
        reader_(BundleReader::Open("P", &source_)) {
    EXPECT_TRUE(reader_.ok()) << reader_.status().ToString();
  }

  Result<SlicePlan> Plan(std::string_view name, const Slice& query) {
    TB_ASSIGN_OR_RETURN(const Entry entry, reader_->Find(name));
    return PlanSlices(&*reader_, name, entry, query);
  }

  // The elements in hex, or the error.
  std::string Read(std::string_view name, std::string_view query) {
    const Result<SlicePlan> plan = Plan(name, *ParseSlice(query));
    if (!plan.ok()) return plan.status().ToString();
    std::string result(
        static_cast<size_t>(plan->shape.num_elements()) * sizeof(float), '?');
    for (const SlicePart& part : plan->parts) {
      const Result<std::string> bytes =
          ReadEntryBytes(part.key, part.entry, false, FromHex(kData));
      if (!bytes.ok()) return bytes.status().ToString();
      CopyElements(part.copy, sizeof(float), AsBytes(*bytes),
                   {reinterpret_cast<uint8_t*>(result.data()), result.size()});
    }
    return ToHex(result);
  }

 private:
  std::string index_;
  io::MemorySource source_;
  Result<BundleReader> reader_;
};

TEST(SlicePlan, TheWholeIsJoined) {
  Opened bundle(Index());
  EXPECT_EQ(bundle.Read("w", "-:-"), kData);
  EXPECT_EQ(bundle.Read("w", "0,4:0,2"), kData);
  const Result<SlicePlan> plan = bundle.Plan("w", Slice::Full(2));
  ASSERT_TRUE(plan.ok());
  ASSERT_EQ(plan->parts.size(), 2u);
  EXPECT_EQ(plan->parts[1].entry.offset, 16);
  EXPECT_EQ(plan->parts[1].copy.to, 4u);
}

TEST(SlicePlan, SlicesAreCutAcrossParts) {
  Opened bundle(Index());
  EXPECT_EQ(bundle.Read("w", "1,2:-"), "00004040000080400000a0400000c040");
  EXPECT_EQ(bundle.Read("w", "-:1,1"), "00000040000080400000c04000000041");
  // A stored slice, in its own words and in others, is one part.
  EXPECT_EQ(bundle.Read("w", "2,2:0,2"), "0000a0400000c0400000e04000000041");
  EXPECT_EQ(bundle.Plan("w", *ParseSlice("2,2:-"))->parts.size(), 1u);
  EXPECT_EQ(bundle.Plan("w", *ParseSlice("2,2:-"))->parts[0].copy.run, 4u);
}

TEST(SlicePlan, AnEntryWithBytesOfItsOwnIsItsOnlyPart) {
  Opened bundle(Index());
  const std::string key = EncodeSliceKey("w", *ParseSlice("0,2:0,2"));
  EXPECT_EQ(bundle.Read(key, "-:-"), "0000803f000000400000404000008040");
  EXPECT_EQ(bundle.Read(key, "1,1:-"), "0000404000008040");
}

TEST(SlicePlan, QueriesThatTheTensorDoesNotHave) {
  Opened bundle(Index());
  EXPECT_EQ(bundle.Read("w", "3,2:-"),
            "Internal: Extent in dimension 0 out of bounds: shape = [4,2], "
            "slice = 3,2:-");
  EXPECT_EQ(bundle.Read("w", "3,1"),
            "Internal: Mismatching ranks: shape = [4,2], slice = 3,1");
}

Entry Float(std::initializer_list<int64_t> dims) {
  Entry entry;
  entry.dtype = DType::kFloat;
  entry.shape = Shape::Of(dims);
  entry.size = 4 * entry.shape.num_elements();
  return entry;
}

// An index with `w` [4,2] in those slices, and entries of the given ones.
std::string IndexWith(const std::vector<std::string>& slices,
                      const std::map<std::string, Entry>& stored) {
  std::map<std::string, std::string> values;
  Entry w = Float({4, 2});
  w.size = 0;
  for (const std::string& text : slices) w.slices.push_back(*ParseSlice(text));
  values["w"] = SerializeEntry(w);
  for (const auto& [text, entry] : stored) {
    values[EncodeSliceKey("w", *ParseSlice(text))] = SerializeEntry(entry);
  }
  Header header;
  header.producer = 1;
  io::MemorySink sink;
  table::TableBuilder builder(&sink);
  EXPECT_TRUE(builder.Add("", AsBytes(SerializeHeader(header))).ok());
  for (const auto& [key, value] : values) {
    EXPECT_TRUE(builder.Add(key, AsBytes(value)).ok());
  }
  EXPECT_TRUE(builder.Finish().ok());
  return sink.TakeContents();
}

TEST(SlicePlan, WrongSlicesHaveTensorFlowsSentences) {
  EXPECT_EQ(Opened(IndexWith({"0,2:0,2"}, {{"0,2:0,2", Float({2, 2})}}))
                .Read("w", "-:-"),
            "Invalid argument: Does not have sufficient slices for partitioned "
            "tensor w to restore in slice_spec: -:-");
  EXPECT_EQ(Opened(IndexWith({"0,2:-", "1,2:-"}, {})).Read("w", "-:-"),
            "Internal: Overlapping slices: existing slice = 0,2:-, new slice = "
            "1,2:-");
  EXPECT_EQ(Opened(IndexWith({"0,2:-", "2,2:-"}, {{"0,2:-", Float({2, 2})}}))
                .Read("w", "-:-"),
            "Not found: Key " + EncodeSliceKey("w", *ParseSlice("2,2:-")) +
                " not found in checkpoint");
  // The list of slices is the tensor's own: it has no bytes under its name.
  EXPECT_EQ(Opened(IndexWith({"-:-"}, {})).Read("w", "-:-"),
            "Data loss: Invalid size in bundle entry: key w; stored size 0; "
            "expected size 32");
}

TEST(SlicePlan, EntriesThatAreNotTheirSlicesAreRefused) {
  for (Entry wrong : {Float({2, 3}), Float({4}), Float({2, 2})}) {
    if (wrong.shape == Shape::Of({2, 2})) wrong.dtype = DType::kInt32;
    Opened bundle(IndexWith({"0,2:-", "2,2:-"},
                            {{"0,2:-", wrong}, {"2,2:-", Float({2, 2})}}));
    const Status status = bundle.Plan("w", Slice::Full(2)).status();
    EXPECT_EQ(status.code(), Code::kDataLoss);
    EXPECT_EQ(status.location().tensor, "w");
    EXPECT_TRUE(bundle.Plan("w", *ParseSlice("3,1:-")).ok());
  }
}

}  // namespace
}  // namespace tensorbundle::bundle
