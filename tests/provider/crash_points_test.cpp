// The provider is killed at every call of a port, and by seeded pairs of kills. More pairs:
// crash_pairs.cpp.

#include <set>

#include "sim/kernel/kernel.h"
#include "tests/catch.h"
#include "tests/provider/crash_life.h"
#include "tests/provider/fake_ec2.h"
#include "tests/provider/watched_ports.h"

using namespace casim;
using namespace casim::provider;
using namespace std::chrono_literals;

namespace {

// Sites at which the provider can die in a life with that trouble, each call and each moment once.
std::set<CallSite> kill_everywhere(Trouble trouble, bool loses_replies, Duration down_for) {
  std::set<CallSite> killed_at;
  const auto plain = run_crash_case({.trouble = trouble, .loses_replies = loses_replies});
  CHECK(plain.fault == "");
  for (std::uint64_t call = 0; call < plain.calls.size(); ++call) {
    for (const Moment moment : {Moment::kBefore, Moment::kDuring, Moment::kAfter}) {
      if (moment == Moment::kBefore && is_sleep(plain.calls[call])) continue;
      const CrashCase crash{.trouble = trouble,
                            .loses_replies = loses_replies,
                            .kills = {{call, moment}},
                            .down_for = down_for};
      CAPTURE(to_string(crash), id_of(plain.calls[call]));
      const CrashReport report = run_crash_case(crash);
      CHECK(report.fault == "");
      for (const CallSite site : report.killed_at) {
        CHECK(site == plain.calls[call]);
        killed_at.insert(site);
      }
    }
  }
  return killed_at;
}

// Of seeded pairs that find the mutation.
int count_found(Mutation mutation, std::uint64_t pairs) {
  int found = 0;
  for (std::uint64_t seed = 0; seed < pairs; ++seed) {
    CrashCase crash = drawn_pair(seed);
    crash.mutation = mutation;
    if (!run_crash_case(crash).fault.empty()) ++found;
  }
  return found;
}

Awaitable<void> send_one(ec2::Api& api, bool& is_answered) {
  ec2::DescribeInstancesRequest request;
  request.filters.push_back({"tag:casim:cluster", {"test"}});
  co_await ec2::send(api, std::move(request));
  is_answered = true;
}

}  // namespace

TEST_CASE("killed at any call of a port, the provider loses, leaks and doubles nothing",
          "[provider]") {
  std::set<CallSite> killed_at;
  for (std::size_t trouble = 0; trouble < kTroubles; ++trouble) {
    for (const bool loses_replies : {false, true}) {
      killed_at.merge(kill_everywhere(static_cast<Trouble>(trouble), loses_replies, 700ms));
    }
  }
  for (const CallSiteInfo& row : kCallSites) {
    if (row.site == CallSite::kSend) continue;  // not the provider's
    CAPTURE(row.id);
    CHECK(killed_at.contains(row.site));
  }
}

TEST_CASE("killed twice, the provider loses, leaks and doubles nothing", "[provider]") {
  std::size_t kills = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const CrashCase crash = drawn_pair(seed);
    CAPTURE(seed, to_string(crash));
    const CrashReport report = run_crash_case(crash);
    CHECK(report.fault == "");
    kills += report.killed_at.size();
  }
  CHECK(kills > 1500);
}

TEST_CASE("kills find a provider that acknowledges before it commits", "[provider]") {
  CHECK(count_found(Mutation::kAcknowledgesEarly, 200) > 0);
}

TEST_CASE("kills find a provider that renews the token of a launch", "[provider]") {
  CHECK(count_found(Mutation::kNewTokenOnReplay, 200) > 0);
}

TEST_CASE("a mutation without a kill is not found", "[provider]") {
  for (const Mutation mutation : {Mutation::kAcknowledgesEarly, Mutation::kNewTokenOnReplay}) {
    CHECK(run_crash_case({.mutation = mutation}).fault == "");
  }
}

TEST_CASE("a plain call of EC2 can be killed too", "[provider]") {
  const Moment moment = GENERATE(Moment::kBefore, Moment::kDuring, Moment::kAfter);
  sim::Kernel kernel{WallTime{}};
  Clock& clock = kernel.clock(sim::Phase::kWorld);
  PortWatch watch(kernel.executor());
  FakeEc2 ec2(clock, kernel.executor());
  WatchedApi api(ec2, watch, CallSite::kSend);
  watch.begin_life(Kill{0, moment});
  bool is_answered = false;
  TaskScope scope(kernel.executor());
  scope.spawn(send_one(api, is_answered));
  while (!watch.is_due(kernel.now())) kernel.run(kTimeZero + 10s, 1);
  scope.cancel();
  kernel.settle();
  CHECK(scope.empty());
  CHECK_FALSE(is_answered);
  CHECK(watch.killed_at() == CallSite::kSend);
}
