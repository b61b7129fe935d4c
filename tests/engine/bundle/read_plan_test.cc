// Neighbours are fetched together, up to a gap and a length
// (engine/docs/limits.md).
#include "engine/bundle/read_plan.h"

#include <gtest/gtest.h>

#include <random>

namespace tensorbundle::bundle {
namespace {

using io::Extent;
using Requests = std::vector<size_t>;

TEST(PlanReads, NothingNeedsNothing) { EXPECT_TRUE(PlanReads({}).empty()); }

TEST(PlanReads, NeighboursAreOneFetch) {
  const ReadRequest requests[] = {
      {0, {100, 50}}, {0, {0, 100}}, {0, {160, 10}}};
  const auto reads = PlanReads(requests, {.max_gap = 10, .max_length = 1000});
  ASSERT_EQ(reads.size(), 1u);
  EXPECT_EQ(reads[0].extent, (Extent{0, 170}));
  EXPECT_EQ(reads[0].requests, (Requests{1, 0, 2}));
}

TEST(PlanReads, AGapOrAnotherShardOrTheLengthSeparates) {
  const ReadRequest requests[] = {
      {1, {0, 10}}, {0, {0, 10}}, {0, {21, 10}}, {0, {31, 70}}, {0, {101, 9}}};
  const auto reads = PlanReads(requests, {.max_gap = 10, .max_length = 80});
  ASSERT_EQ(reads.size(), 4u);
  EXPECT_EQ(reads[0].extent, (Extent{0, 10}));
  EXPECT_EQ(reads[1].extent, (Extent{21, 80}));
  EXPECT_EQ(reads[1].requests, (Requests{2, 3}));
  EXPECT_EQ(reads[2].extent, (Extent{101, 9}));
  EXPECT_EQ(reads[3].shard_id, 1);
}

TEST(PlanReads, ALongTensorIsOneFetchOfItsOwn) {
  const ReadRequest requests[] = {{0, {0, 4}},
                                  {0, {4, uint64_t{5} << 30}},
                                  {0, {4 + (uint64_t{5} << 30), 4}}};
  const auto reads = PlanReads(requests);
  ASSERT_EQ(reads.size(), 3u);
  EXPECT_EQ(reads[1].extent, (Extent{4, uint64_t{5} << 30}));
}

TEST(PlanReads, SharedBytesAreFetchedOnceAndEmptyTensorsPlanned) {
  const ReadRequest requests[] = {
      {0, {0, 10}}, {0, {5, 10}}, {0, {15, 0}}, {0, {2, 3}}};
  const auto reads = PlanReads(requests, {.max_gap = 0, .max_length = 5});
  ASSERT_EQ(reads.size(), 1u);
  EXPECT_EQ(reads[0].extent, (Extent{0, 15}));
  EXPECT_EQ(reads[0].requests, (Requests{0, 3, 1, 2}));
}

TEST(PlanReads, EveryRequestIsServedWholeAndOnce) {
  std::mt19937 random(1);
  for (int round = 0; round < 300; ++round) {
    std::vector<ReadRequest> requests(random() % 40);
    for (ReadRequest& request : requests) {
      request = {static_cast<int32_t>(random() % 3),
                 {random() % 1000, random() % 100}};
    }
    const ReadPlanOptions options = {.max_gap = random() % 50,
                                     .max_length = random() % 300};
    std::vector<int> served(requests.size());
    const PlannedRead* previous = nullptr;
    const auto reads = PlanReads(requests, options);
    for (const PlannedRead& read : reads) {
      for (size_t r : read.requests) {
        ++served[r];
        ASSERT_EQ(requests[r].shard_id, read.shard_id);
        ASSERT_GE(requests[r].range.offset, read.extent.offset);
        ASSERT_LE(requests[r].range.offset + requests[r].range.length,
                  read.extent.offset + read.extent.length);
      }
      if (previous != nullptr && previous->shard_id == read.shard_id) {
        ASSERT_GE(read.extent.offset,
                  previous->extent.offset + previous->extent.length);
      }
      previous = &read;
    }
    for (int count : served) ASSERT_EQ(count, 1);
  }
}

}  // namespace
}  // namespace tensorbundle::bundle
