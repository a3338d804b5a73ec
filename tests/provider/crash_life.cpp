#include "tests/provider/crash_life.h"

#include <algorithm>
#include <cassert>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "sim/kernel/kernel.h"
#include "src/provider/ec2_machines.h"
#include "src/provider/visibility.h"
#include "tests/provider/crash_ledger.h"
#include "tests/provider/fake_ec2.h"
#include "tests/provider/provider_world.h"
#include "tests/provider/quiet.h"
#include "tests/provider/watched_ports.h"

namespace casim::provider {
namespace {

using namespace std::chrono_literals;

constexpr Duration kCommit = 200ms;
constexpr Duration kAcknowledge = 50ms;
constexpr Duration kAttemptTimeout = 60s;
constexpr Duration kPeriod = 30s;
constexpr Duration kRefresh = 10s;
constexpr Duration kWindow = 700ms;
constexpr Duration kPlanDone = 100s;
constexpr Duration kQuiet = 4min;  // several periods, and machines that are missing for two lists

const ec2::AttemptError kThrottling = ec2_error("RequestLimitExceeded", 503);

Config config_of_case(Trouble trouble) {
  Config config = small_config();
  config.join_timeout = 40s;
  config.reconcile.period = kPeriod;
  config.terminate_window = {};
  if (trouble == Trouble::kGathered) {
    config.launch_window = {.idle = kWindow, .longest = 1900ms};
    config.terminate_window = {.idle = kWindow, .longest = 1900ms};
  }
  return config;
}

Ec2MachinesOptions options_of(Trouble trouble) {
  Ec2MachinesOptions options;
  if (trouble == Trouble::kAdaptive) {
    options.retry = backoff::settings_of(backoff::Preset::kSdkAdaptive);
  }
  if (trouble == Trouble::kGathered) {
    options.rate_limits = {{ec2::Action::kRunInstances, {.rate = 0.5, .burst = 1}}};
  }
  options.retry.attempt_timeout = kAttemptTimeout;
  if (trouble == Trouble::kNoTimeLimit) options.retry.attempt_timeout.reset();
  return options;
}

std::optional<CallSite> site_of_sleep(Duration length) {
  if (length == kPeriod) return CallSite::kPeriod;
  if (length == kAttemptTimeout) return CallSite::kAttemptTimeout;
  if (length == 1s) return CallSite::kStoreRetry;
  if (length == kVisibilityGrace) return CallSite::kVisibility;
  return std::nullopt;
}

// As long as its rate makes it.
std::optional<CallSite> site_of_adaptive_sleep(Duration length) {
  const std::optional<CallSite> site = site_of_sleep(length);
  return site ? site : CallSite::kLimiter;
}

std::optional<CallSite> site_of_gathered_sleep(Duration length) {
  if (length <= kWindow) return CallSite::kWindow;
  if (length == 1500ms) return CallSite::kShareRetry;
  return site_of_sleep(length);
}

WatchedClock::SiteOf site_of_sleeps(Trouble trouble) {
  if (trouble == Trouble::kAdaptive) return site_of_adaptive_sleep;
  return trouble == Trouble::kGathered ? site_of_gathered_sleep : site_of_sleep;
}

std::optional<CallSite> site_of_store_sleep(Duration length) {
  if (length == kCommit) return CallSite::kDurable;
  if (length == kAcknowledge) return CallSite::kAcknowledged;
  return std::nullopt;
}

class Life {
 public:
  explicit Life(const CrashCase& crash) : crash_(crash) {
    begin_trouble();
    start();
  }

  ~Life() { stop(); }

  CrashReport run() {
    follow_plan();
    if (report_.killed_at.empty()) report_.calls = watch_.calls();
    // Kills that are still to come have their time, and then all has.
    while (report_.killed_at.size() < crash_.kills.size() && now() < 2 * kPlanDone) refresh_once();
    watch_.begin_life({});
    remove_again();
    const Duration until = now() + kQuiet;
    while (now() < until) refresh_once();
    report_.fault = verdict();
    return std::move(report_);
  }

 private:
  struct Running {
    explicit Running(Life& life)
        : machines(life.config_.cluster,
                   {life.watched_ec2_, life.watched_clock_, life.random_, life.waits_,
                    life.kernel_.executor()},
                   options_of(life.crash_.trouble)),
          forgetful(machines, life.launches_),
          watched(life.crash_.mutation == Mutation::kNewTokenOnReplay
                      ? static_cast<Machines&>(forgetful)
                      : machines,
                  life.watch_),
          provider(life.config_, Ports{life.watched_clock_, life.watched_store_, watched,
                                       life.observer_, life.random_, life.kernel_.executor()}) {}

    Ec2Machines machines;
    ForgetfulMachines forgetful;
    WatchedMachines watched;
    Provider provider;
  };

  Provider& provider() { return running_->provider; }

  Duration now() const { return kernel_.now() - kTimeZero; }

  void begin_trouble() {
    if (crash_.loses_replies) ec2_.lost_replies = 2;
    switch (crash_.trouble) {
      case Trouble::kThrottled:
      case Trouble::kAdaptive:
        ec2_.run_errors.assign(14, kThrottling);  // four calls of three attempts, and again
        break;
      case Trouble::kSilent:
        ec2_.latency = 200s;
        break;
      case Trouble::kPoolFull:
        ec2_.pools[{"m6i.large", "us-east-1a"}] = ec2_error("InsufficientInstanceCapacity", 500);
        break;
      case Trouble::kPoolSmall:
        ec2_.room[{"m6i.large", "us-east-1a"}] = 1;
        break;
      case Trouble::kNoTerminate:
        ec2_.terminate_errors.assign(4, ec2_error("Unavailable", 503));
        break;
      case Trouble::kSpent:
        ec2_.lost_replies = 2;
        ec2_.ends_lost = true;
        break;
      case Trouble::kNone:
      case Trouble::kNoTimeLimit:
      case Trouble::kNoList:
      case Trouble::kStoreFails:
      case Trouble::kGathered:
        break;
    }
  }

  void start() {
    if (crash_.trouble == Trouble::kNoList) {
      ec2_.describe_errors.assign(3, ec2_error("UnauthorizedOperation", 403));
    }
    const std::size_t lives = report_.killed_at.size();
    watch_.begin_life(lives < crash_.kills.size() ? std::optional(crash_.kills[lives])
                                                  : std::nullopt);
    running_ = std::make_unique<Running>(*this);
    const Result<void> started = running_->provider.start();
    assert(started);
    (void)started;
  }

  void stop() {
    if (!running_) return;
    running_->provider.cancel();
    kernel_.settle();
    running_.reset();
  }

  void crash() {
    if (report_.killed_at.empty()) report_.calls = watch_.calls();
    report_.killed_at.push_back(watch_.killed_at());
    store_.crash();
    stop();
    watch_.begin_life({});
    kernel_.run(kernel_.now() + crash_.down_for, 10'000'000);
    start();
  }

  void advance_to(Duration t) {
    const TimePoint until = std::max(kTimeZero + t, kernel_.now());
    while (true) {
      const auto stop = kernel_.run(std::min(until, watch_.due_at()), 1);
      if (watch_.is_due(kernel_.now())) {
        crash();
        if (kernel_.now() >= until) return;
        continue;
      }
      if (stop != sim::Kernel::Stop::kEventLimit) return;
    }
  }

  // One event after the other, so that each suspension is met.
  void follow_plan() {
    refresh();
    order("a", 5, provider().increase_size("a", 5, CallId(1)));
    order("b-c", 3, provider().increase_size("b-c", 3, CallId(2)));
    advance_to(500ms);
    if (crash_.trouble == Trouble::kGathered) {
      order("a", 2, provider().increase_size("a", 2, CallId(1)));
      advance_to(800ms);  // stored, and the window is open
    }
    if (crash_.trouble == Trouble::kStoreFails || crash_.trouble == Trouble::kGathered) {
      store_.fail_with(Error{ErrorCode::kUnavailable, "disk"});
    }
    advance_to(1s);
    decrease("b-c");  // of slots whose launch is under way
    if (crash_.trouble == Trouble::kSilent) ec2_.latency = 1s;
    advance_to(5s);
    store_.fail_with(std::nullopt);
    advance_to(9s);
    join("a", 3);
    advance_to(11s);
    decrease("b-c");
    advance_to(13s);
    remove("a");
    advance_to(15s);
    lose_machine("a");
    while (now() < kPlanDone) refresh_once();
  }

  void refresh() { keep(provider().refresh(CallId(3))); }

  void refresh_once() {
    refresh();
    advance_to(now() + kRefresh);
  }

  Pending<void> keep(Awaitable<Result<void>> call) {
    auto pending = std::make_shared<std::optional<Result<void>>>();
    spawn(kernel_.executor(), keep_answer<void>(std::move(call), pending));
    return pending;
  }

  void order(const std::string& group, int effect, Awaitable<Result<void>> call) {
    ledger_.add(group, effect, keep(std::move(call)));
  }

  void decrease(const std::string& group) {
    const int effect = -std::min(1, *provider().target_size(group));
    order(group, effect, provider().decrease_target_size(group, -1, CallId(4)));
  }

  std::vector<Instance> listed(const std::string& group) {
    std::vector<Instance> instances = *provider().nodes(group);
    std::erase_if(instances, [](const Instance& i) { return i.state == InstanceState::kDeleting; });
    return instances;
  }

  // Machines that are there: placeholders cannot register.
  void join(const std::string& group, int count) {
    for (const Instance& instance : listed(group)) {
      if (instance.id.contains("i-placeholder-") || count-- == 0) continue;
      const NodeRef node{instance.id, "node-of-" + instance.id, {}, {}};
      auto answer = std::make_shared<std::optional<Result<const GroupConfig*>>>();
      spawn(kernel_.executor(),
            keep_answer<const GroupConfig*>(provider().group_for_node(node, CallId(5)), answer));
      ledger_.add_join(instance.id, answer);
    }
  }

  // One node that joined, and the newest, which did not.
  void remove(const std::string& group) {
    const std::vector<Instance> instances = listed(group);
    if (instances.size() < 2) return;
    for (const std::string& id : {instances.front().id, instances.back().id}) {
      doomed_.push_back({id, "node-of-" + id, {}, {}});
      ledger_.may_go(id);
    }
    ledger_.remove(group, doomed_, keep(provider().delete_nodes(group, doomed_, CallId(6))));
  }

  // The autoscaler does not know whether it was heard: still as many machines less, not twice.
  void remove_again() {
    if (doomed_.empty()) return;
    ledger_.remove("a", doomed_, keep(provider().delete_nodes("a", doomed_, CallId(7))));
  }

  // Somebody else terminates one, without a reason.
  void lose_machine(const std::string& group) {
    const std::vector<Instance> instances = listed(group);
    for (const Instance& instance : instances) {
      const std::string id = instance.id.substr(instance.id.rfind('/') + 1);
      if (!is_live(ec2_, id) || ledger_.is_leaving(instance.id) || instance.failure) continue;
      ec2_.instances.at(id).state = ec2::InstanceState::kTerminated;
      ledger_.lose(group, instance.id, instance.state == InstanceState::kRunning);
      return;
    }
  }

  std::string verdict() {
    if (!watch_.strangers().empty()) {
      return "a sleep of " + std::to_string(to_seconds(watch_.strangers().front())) +
             " s is not in the list of call sites";
    }
    if (store_.load()->slots != provider().slots()) return "the store holds other slots";
    if (auto broken = provider().broken_invariant()) return *broken;
    std::string wrong = find_fault(provider().slots(), ec2_);
    if (wrong.empty()) wrong = ledger_.find_fault(provider(), ec2_);
    if (!wrong.empty()) return wrong;
    // A pool that is short is passed over, and may be asked again after a crash: then two machines
    // may be made for one slot, and one terminated.
    const bool makes_more = crash_.trouble == Trouble::kPoolFull ||
                            crash_.trouble == Trouble::kPoolSmall ||
                            crash_.trouble == Trouble::kSpent;
    if (!makes_more && ec2_.instances.size() > watched_store_.slots_ever()) {
      return "doubled: " + std::to_string(ec2_.instances.size()) + " machines were made for " +
             std::to_string(watched_store_.slots_ever()) + " slots";
    }
    return {};
  }

  const CrashCase& crash_;
  sim::Kernel kernel_{WallTime{}};
  Clock& clock_ = kernel_.clock(sim::Phase::kWorld);
  Random random_{5};
  PortWatch watch_{kernel_.executor()};
  WatchedClock watched_clock_{clock_, watch_, site_of_sleeps(crash_.trouble)};
  WatchedClock store_clock_{clock_, watch_, site_of_store_sleep};
  WatchedWaits waits_{watch_};
  ScriptedStore store_{
      store_clock_, Random(1),
      MemoryStoreOptions{Distribution::constant(kCommit), Distribution::constant(kAcknowledge)}};
  HastyStore hasty_store_{store_, kernel_.executor()};
  WatchedStore watched_store_{
      crash_.mutation == Mutation::kAcknowledgesEarly ? static_cast<Store&>(hasty_store_) : store_,
      watch_};
  FakeEc2 ec2_{clock_, kernel_.executor()};
  WatchedApi watched_ec2_{
      ec2_, watch_,
      crash_.trouble == Trouble::kNoTimeLimit ? CallSite::kAttempt : CallSite::kTimedAttempt};
  Observer observer_;
  Config config_ = config_of_case(crash_.trouble);
  std::map<SlotId, int> launches_;
  std::vector<NodeRef> doomed_;
  CrashLedger ledger_;
  CrashReport report_;
  std::unique_ptr<Running> running_;
};

constexpr std::string_view kMomentNames[] = {"before", "during", "after"};

}  // namespace

CrashReport run_crash_case(const CrashCase& crash) { return Life(crash).run(); }

CrashCase drawn_pair(std::uint64_t seed) {
  const Random random(seed);
  std::uint64_t n = 0;
  const auto draw = [&](std::uint64_t count) { return random.index("crash", 0, n++, count); };
  CrashCase crash;
  crash.trouble = static_cast<Trouble>(draw(kTroubles));
  crash.loses_replies = draw(2) == 0;
  crash.down_for = draw(2) == 0 ? Duration{} : std::chrono::milliseconds(draw(5'000));
  for (int i = 0; i < 2; ++i) {
    // A life has 70 to 120 calls until its plan is done; the second one is met more often while it
    // still sorts things out.
    const std::uint64_t calls = i == 0 || draw(2) == 0 ? 100 : 20;
    crash.kills.push_back({draw(calls), static_cast<Moment>(draw(3))});
  }
  return crash;
}

std::string to_string(const CrashCase& crash) {
  std::string text(kTroubleNames[static_cast<std::size_t>(crash.trouble)]);
  if (crash.loses_replies) text += ", lost replies";
  for (const Kill& kill : crash.kills) {
    text += ", killed at call " + std::to_string(kill.call) + " " +
            std::string(kMomentNames[static_cast<std::size_t>(kill.moment)]);
  }
  if (crash.down_for > Duration{}) {
    text += ", down for " + std::to_string(to_seconds(crash.down_for)) + " s";
  }
  return text;
}

}  // namespace casim::provider
