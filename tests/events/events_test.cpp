#include <set>
#include <sstream>

#include "sim/events/digest.h"
#include "sim/events/fact_log.h"
#include "sim/events/fact_tee.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

std::uint64_t digest_of(TimePoint at, const Fact& fact) {
  Digest digest;
  digest.on_fact(at, fact);
  return digest.value();
}

constexpr TimePoint at(std::int64_t ns) { return TimePoint(Duration(ns)); }

}  // namespace

TEST_CASE("an empty run has the digest 0, and each fact changes it", "[events]") {
  Digest digest;
  CHECK(digest.value() == 0);
  digest.on_fact(at(5), PodRunning{PodId(1)});
  const std::uint64_t one = digest.value();
  digest.on_fact(at(5), PodRunning{PodId(1)});
  CHECK(one != 0);
  CHECK(digest.value() != one);
  CHECK(digest.facts() == 2);
}

// Known answers: they change only together with the version of casim's results.
TEST_CASE("the digest of a known run is known", "[events]") {
  Digest digest;
  digest.on_fact(at(0), PodCreated{PodId(0), WorkloadId(3), 12, PodId(), false});
  digest.on_fact(at(1'500'000'000), ScaleUpDecided{LoopId(2), "general", 4, {PodId(0)}});
  digest.on_fact(at(2'000'000'000), Ec2CallAnswered{"RunInstances", "", Duration(123'456)});
  CHECK(digest.value() == 0x4a6fd90a8073f0eaULL);
}

TEST_CASE("any field, the kind and the time of a fact change the digest", "[events]") {
  std::set<std::uint64_t> seen;
  seen.insert(digest_of(at(1), PodCreated{PodId(1), WorkloadId(2), 3, PodId(4), false}));
  seen.insert(digest_of(at(2), PodCreated{PodId(1), WorkloadId(2), 3, PodId(4), false}));
  seen.insert(digest_of(at(1), PodCreated{PodId(9), WorkloadId(2), 3, PodId(4), false}));
  seen.insert(digest_of(at(1), PodCreated{PodId(1), WorkloadId(9), 3, PodId(4), false}));
  seen.insert(digest_of(at(1), PodCreated{PodId(1), WorkloadId(2), 9, PodId(4), false}));
  seen.insert(digest_of(at(1), PodCreated{PodId(1), WorkloadId(2), 3, PodId(), false}));
  seen.insert(digest_of(at(1), PodCreated{PodId(1), WorkloadId(2), 3, PodId(4), true}));
  seen.insert(digest_of(at(1), PodRunning{PodId(1)}));
  seen.insert(digest_of(at(1), PodUnschedulable{PodId(1)}));
  seen.insert(digest_of(at(1), PodEnded{PodId(1), PodEnd::kEvicted}));
  seen.insert(digest_of(at(1), PodEnded{PodId(1), PodEnd::kPreempted}));
  seen.insert(digest_of(at(1), PodsSeen{LoopId(1), {}}));
  seen.insert(digest_of(at(1), PodsSeen{LoopId(1), {PodId(0)}}));
  seen.insert(digest_of(at(1), PodsSeen{LoopId(1), {PodId(0), PodId(0)}}));
  // Where one string ends and the next begins counts.
  seen.insert(digest_of(at(1), SlotFailed{SlotId(1), "ab"}));
  seen.insert(digest_of(at(1), SlotFailed{SlotId(1), "a"}));
  seen.insert(digest_of(at(1), InstanceTerminated{"ab", "c"}));
  seen.insert(digest_of(at(1), InstanceTerminated{"a", "bc"}));
  CHECK(seen.size() == 18);
}

TEST_CASE("facts are written as JSON lines with the names of their fields", "[events]") {
  CHECK(to_json_line(at(12'500'000'000), PodBound{PodId(3), NodeId(1)}) ==
        R"({"t":12.500000000,"fact":"PodBound","pod":3,"node":1})");
  CHECK(to_json_line(at(0), PodCreated{PodId(0), WorkloadId(3), 12, PodId(), true}) ==
        R"({"t":0.000000000,"fact":"PodCreated","pod":0,"workload":3,"index":12,"replaces":null,)"
        R"("daemon_set":true})");
  CHECK(to_json_line(at(1), ScaleUpDecided{LoopId(2), "a\"b\n", -4, {PodId(0), PodId(7)}}) ==
        R"({"t":0.000000001,"fact":"ScaleUpDecided","loop":2,"group":"a\"b\u000a","delta":-4,)"
        R"("pods":[0,7]})");
  CHECK(to_json_line(at(0), PodEnded{PodId(1), PodEnd::kLost}) ==
        R"({"t":0.000000000,"fact":"PodEnded","pod":1,"how":4})");
}

TEST_CASE("a tee hands each fact to all", "[events]") {
  std::ostringstream out;
  FactLog log(out);
  Digest digest;
  FactTee tee;
  tee.add(log);
  tee.add(digest);
  tee.on_fact(at(1), PodRunning{PodId(1)});
  CHECK(digest.facts() == 1);
  CHECK(out.str() == "{\"t\":0.000000001,\"fact\":\"PodRunning\",\"pod\":1}\n");
}

}  // namespace casim::sim
