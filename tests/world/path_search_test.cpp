// The search for what breaks, by the other paths to EC2. What holds on the direct path holds on
// them: pods are conserved, the autoscaler and the provider keep within their bounds, and the world
// comes to rest. They may double and leak machines where their parameters say so: EC2 runs those,
// so it charges for them.
#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "sim/ec2/billing.h"
#include "sim/events/facts.h"
#include "sim/scenario/fault_search.h"
#include "sim/world/fault_trial.h"
#include "tests/catch.h"

namespace casim::sim {

namespace {

using namespace std::chrono_literals;

std::string text_of(const std::map<std::string, std::int64_t>& seconds) {
  std::string out;
  for (const auto& [type, s] : seconds) out += fmt::format("{} {} s; ", type, s);
  return out;
}

// What EC2 has to charge for, by its own facts.
class RunningMachines final : public FactSink {
 public:
  void on_fact(TimePoint at, const Fact& fact) override {
    if (const auto* launched = std::get_if<InstanceLaunched>(&fact)) {
      types_[launched->instance] = launched->type;
    } else if (const auto* running = std::get_if<InstanceRunning>(&fact)) {
      since_[running->instance] = at;
    } else if (const auto* going = std::get_if<InstanceShuttingDown>(&fact)) {
      end(going->instance, going->reason, at);
    } else if (const auto* gone = std::get_if<InstanceTerminated>(&fact)) {
      end(gone->instance, gone->reason, at);
    }
  }

  // By type, as text.
  std::string seconds(TimePoint now) const {
    std::map<std::string, std::int64_t> seconds = ended_;
    for (const auto& [instance, at] : since_) {
      seconds[types_.at(instance)] += billed_seconds(now - at);
    }
    return text_of(seconds);
  }

 private:
  void end(const std::string& instance, const std::string& reason, TimePoint at) {
    const auto since = since_.find(instance);
    if (since == since_.end()) return;  // it never ran, or its end was told before
    const Duration ran = at - since->second;
    since_.erase(since);
    if (reason == "Server.SpotInstanceTermination" && ran < 1h) return;
    ended_[types_.at(instance)] += billed_seconds(ran);
  }

  std::map<std::string, std::string> types_;
  std::map<std::string, TimePoint> since_;  // of those that run
  std::map<std::string, std::int64_t> ended_;
};

struct PathOfSearch {
  const char* name;
  bool may_double;
  void (*set)(Scenario&);
};

CrossplaneConfig& use_crossplane(Scenario& s) {
  return s.provider.path.body.emplace<CrossplaneConfig>();
}

ClusterApiPathConfig& use_cluster_api(Scenario& s) {
  return s.provider.path.body.emplace<ClusterApiPathConfig>();
}

// With tokens Crossplane does not come to rest unless its errors are read (path_scenario_test).
const PathOfSearch kPaths[] = {
    {"crossplane", true, [](Scenario& s) { use_crossplane(s); }},
    {"crossplane with tokens and errors", false,
     [](Scenario& s) {
       CrossplaneConfig& path = use_crossplane(s);
       path.client_token = CrossplaneClientToken::kXrUid;
       path.report_errors = true;
     }},
    {"crossplane that is looked up, by rancher", true,
     [](Scenario& s) {
       use_crossplane(s).observe_url = CrossplaneObserveUrl::kKnown;
       s.registration.body = RancherConfig();
     }},
    {"cluster-api", false, [](Scenario& s) { use_cluster_api(s); }},
    {"cluster-api with a health check, by rancher, with a secret", false,
     [](Scenario& s) {
       use_cluster_api(s).controllers.health_check.enabled = true;
       s.registration.body = RancherConfig();
       RotatedCredentials secret;
       secret.mode = RotationMode::kLateWrite;
       secret.first = 10min;
       secret.late_write = 2min;
       s.credentials.body = secret;
     }},
    {"cluster-api without tokens, with a session", true,
     [](Scenario& s) {
       use_cluster_api(s).client_token = false;
       TemporaryCredentials session;
       session.validity = 15min;
       session.refresh_fails = 0.3;
       s.credentials.body = session;
     }},
};

struct PathTrial {
  FaultTrial trial;
  Summary summary;
  std::string ran;  // seconds by type
};

PathTrial try_path(const Scenario& scenario, std::uint64_t seed) {
  const LoadedScenario loaded = fault_case(scenario, seed);
  RunningMachines machines;
  PathTrial out;
  const World* world = nullptr;
  TrialOptions options;
  options.listener = &machines;
  options.on_world = [&](const World& made) { world = &made; };
  options.on_end = [&] { out.summary = world->summary(); };
  out.trial = try_faults(loaded, options);
  out.ran = machines.seconds(out.trial.at.now);
  return out;
}

}  // namespace

TEST_CASE("whatever faults are drawn, invariants hold on every path, and what runs is billed",
          "[world][search]") {
#ifdef __SANITIZE_ADDRESS__
  constexpr std::uint64_t kSeedsEach = 2;  // each takes ten times as long
#else
  constexpr std::uint64_t kSeedsEach = 6;
#endif
  for (const PathOfSearch& path : kPaths) {
    Scenario scenario = search_scenario();
    path.set(scenario);
    for (std::uint64_t seed = 1; seed <= kSeedsEach; ++seed) {
      const PathTrial tried = try_path(scenario, seed);
      INFO(path.name << ", seed " << seed);
      CHECK(tried.trial.failure == "");
      CHECK(text_of(tried.summary.costs.seconds()) == tried.ran);
      if (!path.may_double) CHECK(tried.summary.doubled.value_or(0) == 0);
    }
  }
}

}  // namespace casim::sim
