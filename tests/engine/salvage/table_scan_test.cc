// A damaged table gives every entry that its checksums vouch for, and never an
// entry that was not written under such a voucher.
#include "engine/salvage/table_scan.h"

#include <gtest/gtest.h>

#include "engine/salvage/block_search.h"
#include "tests/engine/salvage/table_facts.h"

namespace tensorbundle::salvage {
namespace {

constexpr size_t kSmallBlock = 300;

TableScan ScanText(const std::string& file) { return ScanTable(AsBytes(file)); }

Entries Trusted(const TableScan& scan, Trust worst = Trust::kVerified) {
  Entries entries;
  for (const auto& [key, entry] : scan.entries) {
    if (entry.trust <= worst) entries[key] = entry.value;
  }
  return entries;
}

void ExpectCovers(const TableScan& scan, size_t size) {
  uint64_t at = 0;
  for (const TablePart& part : scan.parts) {
    ASSERT_EQ(part.offset, at);
    at += part.length;
  }
  ASSERT_EQ(at, size);
}

void ExpectSubset(const Entries& part, const Entries& whole) {
  for (const auto& [key, value] : part) {
    const auto at = whole.find(key);
    ASSERT_NE(at, whole.end()) << key;
    ASSERT_EQ(at->second, value) << key;
  }
}

TEST(TableScan, OfAWholeTableIsIntact) {
  const Entries entries = SomeEntries(60);
  const std::string file = WriteTable(entries, kSmallBlock);
  const TableScan scan = ScanText(file);
  EXPECT_TRUE(scan.intact());
  EXPECT_FALSE(scan.cut());
  EXPECT_EQ(Trusted(scan), entries);
  ExpectCovers(scan, file.size());
  const size_t n = scan.parts.size();
  EXPECT_EQ(scan.parts[n - 1].kind, PartKind::kFooter);
  EXPECT_EQ(scan.parts[n - 2].kind, PartKind::kIndex);
  EXPECT_EQ(scan.parts[n - 3].kind, PartKind::kMetaindex);
  EXPECT_EQ(scan.parts[0].kind, PartKind::kData);
}

TEST(TableScan, EveryCutGivesTheEntriesBeforeIt) {
  const Entries entries = SomeEntries(24);
  const std::string file = WriteTable(entries, 200);
  size_t before = 0;
  for (size_t size = 0; size < file.size(); ++size) {
    const TableScan scan = ScanText(file.substr(0, size));
    ExpectCovers(scan, size);
    ASSERT_FALSE(scan.intact()) << size;
    ASSERT_TRUE(scan.cut()) << size;
    const Entries read = Trusted(scan, Trust::kCut);
    ExpectSubset(read, entries);
    // What is here does not get less by more of the file.
    ASSERT_GE(read.size(), before) << size;
    before = read.size();
  }
  EXPECT_EQ(before, entries.size());
}

TEST(TableScan, EveryCutBehindABlockKeepsItVerified) {
  const Entries entries = SomeEntries(60);
  const std::string file = WriteTable(entries, kSmallBlock);
  size_t count = 0;
  for (const TablePart& part : ScanText(file).parts) {
    count += part.entries;
    if (part.kind != PartKind::kData) continue;
    const TableScan scan = ScanText(file.substr(0, part.offset + part.length));
    EXPECT_EQ(Trusted(scan).size(), count);
    EXPECT_EQ(scan.entries.size(), count);
  }
  EXPECT_EQ(count, entries.size());
}

TEST(TableScan, EveryFlippedBitIsSetRight) {
  const Entries entries = SomeEntries(12);
  const std::string file = WriteTable(entries, 100);
  const size_t footer = (file.size() - table::kFooterSize) * 8;
  for (size_t bit = 0; bit < file.size() * 8; ++bit) {
    const TableScan scan = ScanText(Flipped(file, bit));
    ASSERT_EQ(Trusted(scan), entries) << bit;
    ExpectCovers(scan, file.size());
    if (bit >= footer) continue;
    size_t repaired = 0;
    for (const TablePart& part : scan.parts) {
      ASSERT_NE(part.state, PartState::kDamaged) << bit;
      if (part.state != PartState::kRepaired) continue;
      ++repaired;
      ASSERT_EQ(part.flipped_bit, bit);
    }
    ASSERT_EQ(repaired, 1u) << bit;
  }
}

TEST(TableScan, WorseDamageCostsItsOwnBlock) {
  const Entries entries = SomeEntries(60);
  const std::string file = WriteTable(entries, kSmallBlock);
  for (const TablePart& part : ScanText(file).parts) {
    if (part.kind != PartKind::kData) continue;
    std::string damaged = file;
    damaged.replace(part.offset + 40, 12, "rotten bytes");
    const TableScan scan = ScanText(damaged);
    const Entries read = Trusted(scan);
    ExpectSubset(read, entries);
    EXPECT_EQ(read.size(), entries.size() - part.entries) << part.offset;
    // Those before the damage are there, but nothing vouches for them.
    EXPECT_GT(scan.entries.size(), read.size());
  }
}

TEST(TableScan, RottenFooterAndIndexCostNothing) {
  const Entries entries = SomeEntries(60);
  const std::string file = WriteTable(entries, kSmallBlock);
  const TableScan whole = ScanText(file);
  const TablePart& index = whole.parts[whole.parts.size() - 2];
  for (size_t begin :
       {file.size() - table::kFooterSize, static_cast<size_t>(index.offset)}) {
    std::string damaged = file;
    for (size_t i = begin; i < file.size(); ++i) damaged[i] = 'r';
    const TableScan scan = ScanText(damaged);
    EXPECT_EQ(Trusted(scan), entries);
    EXPECT_FALSE(scan.intact());
    ExpectCovers(scan, file.size());
  }
  std::string damaged = file;
  damaged.replace(index.offset + 3, 8, "rottenix");
  const TableScan scan = ScanText(damaged);
  EXPECT_EQ(Trusted(scan), entries);
  EXPECT_FALSE(scan.cut());
  EXPECT_EQ(scan.parts.back().kind, PartKind::kFooter);
  EXPECT_EQ(scan.parts.back().state, PartState::kIntact);
}

TEST(TableScan, RottenFooterIsToldFromACut) {
  const std::string file = WriteTable(SomeEntries(60), kSmallBlock);
  std::string damaged = file;
  for (size_t i = file.size() - 48; i < file.size(); ++i) damaged[i] = 0;
  const TableScan scan = ScanText(damaged);
  EXPECT_FALSE(scan.cut());
  EXPECT_EQ(scan.parts.back().kind, PartKind::kFooter);
  EXPECT_EQ(scan.parts.back().state, PartState::kDamaged);
}

TEST(TableScan, NoiseNeverGivesAVerifiedEntryThatWasNotWritten) {
  const Entries entries = SomeEntries(40);
  const std::string file = WriteTable(entries, kSmallBlock);
  uint32_t x = 7;
  const auto random = [&](size_t n) {
    x = x * 1664525 + 1013904223;
    return static_cast<size_t>(x >> 8) % n;
  };
  for (int round = 0; round < 300; ++round) {
    std::string damaged = file;
    const size_t at = random(file.size());
    const size_t length = 1 + random(200);
    for (size_t i = at; i < std::min(at + length, file.size()); ++i) {
      damaged[i] = static_cast<char>(random(256));
    }
    const TableScan scan = ScanText(damaged);
    ExpectSubset(Trusted(scan), entries);
    ExpectCovers(scan, file.size());
  }
}

}  // namespace
}  // namespace tensorbundle::salvage
