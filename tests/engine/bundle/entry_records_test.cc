// The layout that entry_records.h draws, byte by byte.
#include "engine/bundle/entry_records.h"

#include <gtest/gtest.h>

#include "tests/engine/support/hex.h"

namespace tensorbundle::bundle {
namespace {

using testing::FromHex;
using testing::ToHex;

TEST(EntryRecord, AMatrix) {
  Entry entry;
  entry.dtype = DType::kFloat;
  entry.shape = Shape::Of({2, 3});
  entry.shard_id = 1;
  entry.offset = 24;
  entry.size = int64_t{1} << 33;
  entry.crc32c = 0xabf5eb7a;
  std::string record;
  AppendEntryRecord("Variable_1", entry, OkStatus(), &record);
  EXPECT_EQ(ToHex(record), ToHex(FromHex("58000000 0a000000 00000000 00000000"
                                         "01000000 01000000 7aebf5ab 02000000"
                                         "1800000000000000 0000000002000000"
                                         "00000000 00000000"
                                         "0200000000000000 0300000000000000"
                                         "5661726961626c655f31 000000000000")));
}

TEST(EntryRecord, SlicesAndAnError) {
  Entry entry;
  entry.dtype = DType::kString;
  entry.shape = Shape::Of({4});
  entry.slices = {{{{2, -1}}}, {{}}};
  std::string records(8, 'x');
  AppendEntryRecord("k", entry, DataLossError("bad"), &records);
  EXPECT_EQ(ToHex(records.substr(8)),
            ToHex(FromHex("68000000 01000000 0f000000 03000000"
                          "07000000 00000000 00000000 01000000"
                          "0000000000000000 0000000000000000"
                          "02000000 00000000"
                          "0400000000000000"
                          "01000000 00000000"
                          "0200000000000000 ffffffffffffffff"
                          "00000000 00000000"
                          "6b 626164 00000000")));
}

}  // namespace
}  // namespace tensorbundle::bundle
