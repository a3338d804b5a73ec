#include "sim/paths/rancher/registration.h"

#include <string>

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

Distribution always(Duration d) { return Distribution::constant(d); }

// All takes its time, and nothing is left to chance.
RancherConfig plain() {
  RancherConfig config;
  config.script_download = always(1s);
  config.ca_fetch = always(1s);
  config.healthz = always(1s);
  config.binary_download = always(4s);
  config.connect_call = always(1s);
  config.agent_start = always(2s);
  config.machine_object_create = always(2s);
  config.plan_ready = always(6s);
  config.plan_apply = always(75s);
  config.planner_tick = {};
  config.node_lookup_tick = {};
  config.plan_fails = 0;
  config.http_errors = 0;
  config.token.jitter_max = {};
  return config;
}

constexpr Duration kCalls = 7s;             // up to the connect call
constexpr Duration kConnect = 3s;           // and the server's work on it
constexpr Duration kAfter = 2s + 6s + 75s;  // agent, plan

RancherRegistration::Course run(const RancherConfig& config, Duration begins,
                                Duration ordered = {}) {
  const Random random(1);
  RancherRegistration registration(config, random);
  return registration.run("i-1", kTimeZero + ordered, kTimeZero + begins);
}

using Failure = RancherRegistration::Failure;

}  // namespace

TEST_CASE("registration is the sum of its stages when nothing is wrong", "[paths]") {
  const auto course = run(plain(), 10s);
  CHECK(course.at == kTimeZero + 10s + kCalls + kConnect + kAfter);
  CHECK(course.connects == 1);
}

TEST_CASE("a server that is not there costs 65 s a try", "[paths]") {
  RancherConfig config = plain();
  config.unreachable = RancherOutage{.at = {}, .length = 600s};
  // Tries of the script at 0, 65, ..., 585 fail; the one at 650 does not.
  CHECK(run(config, 0s).at == kTimeZero + 650s + kCalls + kConnect + kAfter);
}

TEST_CASE("a machine with the wrong CA checksum never becomes a node", "[paths]") {
  RancherConfig config = plain();
  config.ca_mismatch_from = 1h;
  CHECK(run(config, 59min).failure == Failure::kNone);
  const auto course = run(config, 1h);
  CHECK(course.failure == Failure::kCaMismatch);
  CHECK(course.at == kTimeNever);
}

TEST_CASE("where a token comes from decides whether a late machine can register", "[paths]") {
  struct Row {
    const char* name;
    RancherTokenSource source;
    std::optional<Duration> ttl;
    Duration ordered;
    Duration begins;
    bool registers;
  };

  using Source = RancherTokenSource;
  const auto row = GENERATE(values<Row>({
      {"static, before the rotation", Source::kStaticUserData, 1h, 50min, 55min, true},
      {"static, in the grace period", Source::kStaticUserData, 1h, 60min, 65min, true},
      {"static, outlived by its user data", Source::kStaticUserData, 1h, 60min, 71min, false},
      {"static, of a server that does not rotate", Source::kStaticUserData, std::nullopt, 60min,
       71min, true},
      {"injected when ordered", Source::kXrInjected, 1h, 61min, 71min, true},
      {"injected, ordered long ago", Source::kXrInjected, 1h, 59min, 71min, false},
      {"fetched at boot", Source::kFetchedAtBoot, 1h, 0min, 71min, true},
      {"fetched at boot, rotations later", Source::kFetchedAtBoot, 1h, 0min, 671min, true},
  }));
  CAPTURE(row.name);
  RancherConfig config = plain();
  config.token.ttl = row.ttl;
  config.token.grace = 10min;
  config.token.source = row.source;
  const auto course = run(config, row.begins, row.ordered);
  CHECK((course.at != kTimeNever) == row.registers);
  if (!row.registers) CHECK(course.connects == 4499);  // every 5 s, for hours
}

TEST_CASE("a grace period is shorter than the life of its token", "[paths]") {
  RancherConfig config = plain();
  config.token.ttl = 100min;
  config.token.grace = 3h;  // becomes 80 min
  CHECK(run(config, 179min).failure == Failure::kNone);
  CHECK(run(config, 181min).failure == Failure::kGaveUp);
}

TEST_CASE("a storm of registrations takes turns at the server", "[paths]") {
  const Random random(1);
  RancherConfig config = plain();
  config.machine_object_create = always(10s);
  RancherRegistration registration(config, random);
  RancherRegistration::Course last;
  for (int i = 0; i < 25; ++i) {
    last = registration.run("i-" + std::to_string(i), kTimeZero, kTimeZero);
  }
  // Five at a time: the last one is served 50 s after it asked.
  CHECK(last.at == kTimeZero + kCalls + 50s + 1s + kAfter);
  CHECK(last.connects == 1);
  for (int i = 25; i < 35; ++i) {
    last = registration.run("i-" + std::to_string(i), kTimeZero, kTimeZero);
  }
  // Served after 70 s: the client has cut its call at 60 s, asked again at 65 s, and is told at 70.
  CHECK(last.at == kTimeZero + kCalls + 70s + 1s + kAfter);
  CHECK(last.connects == 2);
}

TEST_CASE("a plan that fails is tried again after its cooldown", "[paths]") {
  RancherConfig config = plain();
  config.plan_fails = 0.5;
  const Random random(1);
  RancherRegistration registration(config, random);
  int failed = 0;
  for (int i = 0; i < 200; ++i) {
    const TimePoint at =
        registration.run("i-" + std::to_string(i), kTimeZero, kTimeZero + 1h * i).at;
    const Duration more = at - (kTimeZero + 1h * i + kCalls + kConnect + kAfter);
    CHECK(more % (75s + 30s) == 0s);
    failed += static_cast<int>(more / (75s + 30s));
  }
  CHECK(failed > 140);  // one for each on average
  CHECK(failed < 260);
}
