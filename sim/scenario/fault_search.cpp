#include "sim/scenario/fault_search.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include "sim/scenario/describe.h"
#include "sim/scenario/instance_types.h"
#include "src/config/config.h"
#include "src/ec2/error_code.h"

namespace casim::sim {
namespace {

// Draws of one fault. What they give can be written down in few digits.
class Draws {
 public:
  Draws(const Scenario& scenario, const Random& random, std::uint64_t fault)
      : random_(random), fault_(fault) {
    until_ = scenario.duration.value_or(std::chrono::hours(1)) / 4;
    for (const NodeGroupConfig& group : scenario.node_groups) {
      groups_.push_back(group.name);
      add(zones_, group.zones);
      add(types_, group.instance_types);
    }
  }

  std::size_t index(std::size_t count) {
    return static_cast<std::size_t>(random_.index("search.index", fault_, n_++, count));
  }

  bool chance(double probability) {
    return random_.uniform("search.chance", fault_, n_++) < probability;
  }

  int number(int least, int most) {
    return least + static_cast<int>(index(static_cast<std::size_t>(most - least + 1)));
  }

  // Short ones are as frequent as long ones: evenly in the logarithm.
  Duration length(Duration least, Duration most) {
    const double luck = random_.uniform("search.length", fault_, n_++);
    const double low = std::log(to_seconds(least));
    const double s = std::exp(low + luck * (std::log(to_seconds(std::max(least, most))) - low));
    return std::chrono::milliseconds(std::max<std::int64_t>(1, std::llround(s * 1000)));
  }

  // That long at most, and over when all faults are.
  Duration length_from(Duration at, Duration most) {
    return length(kShort, std::min(most, until_ - at));
  }

  Duration instant() { return std::chrono::milliseconds(index(millis(until_))); }

  FaultTimes times() {
    const Duration at = instant();
    return {.at = at, .length = length_from(at, until_)};
  }

  double share() { return chance(0.4) ? 1 : number(1, 99) / 100.0; }

  Distribution delay() { return Distribution::constant(length(kShort, std::chrono::seconds(30))); }

  template <class T>
  const T& pick(const std::vector<T>& list) {
    return list[index(list.size())];
  }

  // All of them (as the empty list says) or one.
  template <class T>
  std::vector<T> some(const std::vector<T>& list) {
    return chance(0.6) ? std::vector<T>() : std::vector<T>{pick(list)};
  }

  template <class Enum>
  Enum any() {
    const auto names = enum_names(Enum());
    return names[index(names.size())].first;
  }

  Ec2Scope scope() {
    Ec2Scope scope;
    if (chance(0.5)) scope.actions = {any<ec2::Action>()};
    scope.share = share();
    if (!scope.actions.empty() && scope.actions[0] != ec2::Action::kRunInstances) return scope;
    scope.instance_types = some(types_);
    scope.zones = some(zones_);
    scope.groups = some(groups_);
    return scope;
  }

  const std::vector<std::string>& groups() const { return groups_; }

  const std::vector<std::string>& zones() const { return zones_; }

  const std::vector<std::string>& types() const { return types_; }

 private:
  static constexpr Duration kShort = std::chrono::milliseconds(1);

  static std::size_t millis(Duration d) {
    return static_cast<std::size_t>(std::max<std::int64_t>(
        1, std::chrono::duration_cast<std::chrono::milliseconds>(d).count()));
  }

  static void add(std::vector<std::string>& list, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      if (std::ranges::find(list, name) == list.end()) list.push_back(name);
    }
  }

  const Random& random_;
  std::uint64_t fault_;
  std::uint64_t n_ = 0;
  Duration until_{};
  std::vector<std::string> groups_;
  std::vector<std::string> zones_;
  std::vector<std::string> types_;
};

// One function a kind, and none for those that have none: a new kind without its own does not
// compile.

void draw(Draws& d, ProviderCrashFault& f) {
  f.at = d.instant();
  f.down_for = d.length_from(*f.at, std::chrono::minutes(5));
}

void draw(Draws& d, AutoscalerCrashFault& f) {
  f.at = d.instant();
  if (d.chance(0.5)) f.down_for = d.length_from(*f.at, std::chrono::minutes(5));
}

void draw(Draws& d, ApiOutageFault& f) {
  f.times = d.times();
  if (d.chance(0.3)) f.delay = d.length(std::chrono::milliseconds(10), std::chrono::seconds(20));
}

void draw(Draws& d, RpcFault& f) {
  const FaultTimes times = d.times();
  f.from = times.at;
  f.to = *times.at + *times.length;
  if (d.chance(0.7)) f.method = d.any<RpcMethod>();
  if (d.chance(0.3)) f.group = d.pick(d.groups());
  f.share = d.share();
  f.code = d.any<GrpcCode>();
  f.applied = d.chance(0.4);
  f.drop = d.chance(0.2);
  if (!f.drop && d.chance(0.3)) {
    f.latency = d.length(std::chrono::milliseconds(1), std::chrono::seconds(8));
  }
  if (d.chance(0.3)) f.delay = d.delay();
}

void draw(Draws& d, RpcConnectionFault& f) {
  f.times = d.times();
  f.state = d.any<ConnectionState>();
}

void draw(Draws& d, StaleAnswer& a) {
  a.age = d.length(std::chrono::seconds(1), std::chrono::minutes(10));
}

void draw(Draws& d, WrongTarget& a) { a.offset = d.chance(0.5) ? d.number(1, 3) : -d.number(1, 3); }

void draw(Draws& d, MissingInstance& a) { a.count = d.number(1, 3); }

void draw(Draws& d, UnknownInstance& a) { a.count = d.number(1, 3); }

// One of the alternatives, and what it holds. Defined below all of them.
template <class... Kinds>
void draw_any(Draws& d, std::variant<Kinds...>& out);

void draw(Draws& d, RpcWrongAnswerFault& f) {
  f.times = d.times();
  if (d.chance(0.5)) f.group = d.pick(d.groups());
  draw_any(d, f.answer);
}

void draw(Draws& d, MachineVanishesFault& f) {
  f.at = d.instant();
  f.group = d.pick(d.groups());
  f.count = d.number(1, 4);
}

void draw(Draws& d, Ec2OutageFault& f) {
  f.times = d.times();
  f.scope = d.scope();
}

void draw(Draws& d, Ec2BrownoutFault& f) {
  f.times = d.times();
  f.scope = d.scope();
  f.latency_factor = d.number(1, 50);
  const bool has_delay = d.chance(0.7);
  if (has_delay || f.latency_factor == 1) f.delay = d.delay();  // else it changes nothing
}

void draw(Draws& d, Ec2ErrorsFault& f) {
  f.times = d.times();
  f.scope = d.scope();
  std::vector<ec2::ErrorCode> codes;
  for (const auto& [code, name] : enum_names(ec2::ErrorCode())) {
    if (ec2::info_of(code).http_status != 0) codes.push_back(code);
  }
  for (int i = d.number(1, 3); i > 0; --i) {
    const ec2::ErrorCode code = d.pick(codes);
    const bool is_known = std::ranges::any_of(
        f.errors, [code](const Ec2ErrorWeight& error) { return error.code == code; });
    if (!is_known) f.errors.push_back({code, static_cast<double>(d.number(1, 5))});
  }
}

void draw(Draws& d, Ec2ThrottleFault& f) {
  f.times = d.times();
  f.scope = d.scope();
  if (!d.chance(0.5)) return;
  f.scope = {};
  f.tokens_taken = d.number(1, 100) / 100.0;
}

void draw(Draws& d, CapacityLossFault& f) {
  f.times = d.times();
  f.instance_types = d.some(d.types());
  f.zones = d.some(d.zones());
  f.share = d.share();
}

void draw(Draws& d, ConnectionResetFault& f) {
  f.times = d.times();
  f.scope = d.scope();
  f.when = d.any<ResetWhen>();
}

void draw(Draws& d, LaunchFailureFault& f) {
  f.times = d.times();
  f.instance_types = d.some(d.types());
  f.zones = d.some(d.zones());
  f.groups = d.some(d.groups());
  f.share = d.share();
  if (d.chance(0.5)) f.state_reason = "Client.VolumeLimitExceeded";
}

Portion portion(Draws& d) {
  Portion portion;
  if (d.chance(0.5)) {
    portion.share = d.share();
  } else {
    portion.count = d.number(1, 4);
  }
  return portion;
}

NodeScope node_scope(Draws& d) {
  NodeScope scope;
  scope.groups = d.some(d.groups());
  scope.zones = d.some(d.zones());
  scope.portion = portion(d);
  return scope;
}

void draw(Draws& d, NeverJoinsFault& f) {
  f.times = d.times();
  f.groups = d.some(d.groups());
  f.share = d.share();
  f.until_over = d.chance(0.5);
}

void draw(Draws& d, SlowBootFault& f) {
  f.times = d.times();
  f.groups = d.some(d.groups());
  f.share = d.share();
  f.boot_factor = d.number(1, 20);
  if (d.chance(0.5)) f.delay = d.delay();
}

// Not for good: nodes that stay dead may keep a group from being healthy again.
void draw(Draws& d, NodeCrashFault& f) {
  f.at = d.instant();
  f.down_for = d.length_from(*f.at, std::chrono::minutes(15));
  f.scope = node_scope(d);
  f.state = d.any<CrashState>();
}

void draw(Draws& d, NodeNotReadyFault& f) {
  f.times = d.times();
  f.scope = node_scope(d);
}

void draw(Draws& d, ZoneOutageFault& f) {
  f.times = d.times();
  f.zone = d.pick(d.zones());
  f.nodes = d.any<CrashState>();
  f.launches = d.any<DarkLaunch>();
}

void draw(Draws& d, SpotInterruptionFault& f) {
  f.at = d.instant();
  f.instance_types = d.some(d.types());
  f.zones = d.some(d.zones());
  f.groups = d.some(d.groups());
  f.portion = portion(d);
  f.spread = d.length_from(*f.at, std::chrono::minutes(5));
  f.notice = d.length_from(*f.at + f.spread, std::chrono::minutes(5));
}

void draw(Draws& d, ClockSkewFault& f) {
  f.times = d.times();
  f.by = d.length(std::chrono::minutes(6), std::chrono::hours(2));
}

void draw(Draws& d, ExpiredCredentialsFault& f) { f.times = d.times(); }

template <class... Kinds>
void draw_any(Draws& d, std::variant<Kinds...>& out) {
  const std::size_t chosen = d.index(sizeof...(Kinds));
  std::size_t i = 0;
  ((i++ == chosen ? draw(d, out.template emplace<Kinds>()) : void()), ...);
}

// --- again and again: without its fixed begin, and with a drawn length where it has one

void forget(FaultTimes& times) { times = {}; }

template <class Kind>
void forget_times(Kind& kind) {
  if constexpr (requires { kind.times; }) {
    forget(kind.times);
  } else if constexpr (requires { kind.from; }) {
    kind.from.reset();
    kind.to.reset();
  } else {
    kind.at.reset();
  }
}

void make_recurrent(Draws& d, Fault& fault) {
  const bool has_length =
      std::visit([](const auto& kind) { return !kind.kTimes.length.empty(); }, fault.body);
  Recurrence every;
  every.mean_time_between =
      Distribution(Exponential{.mean = static_cast<double>(d.number(60, 1800))});
  if (has_length) {
    every.mean_time_to_repair =
        Distribution(Exponential{.mean = static_cast<double>(d.number(1, 120))});
  }
  fault.every = every;
  std::visit([](auto& kind) { forget_times(kind); }, fault.body);
}

}  // namespace

std::vector<Fault> random_faults(const Scenario& scenario, std::uint64_t seed) {
  const Random random(seed);
  const std::uint64_t count = 1 + random.index("search.count", 0, 0, 7);
  std::vector<Fault> faults(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    Draws draws(scenario, random, i);
    draw_any(draws, faults[i].body);
    if (draws.chance(0.05)) make_recurrent(draws, faults[i]);
  }
  return faults;
}

LoadedScenario fault_case(const Scenario& scenario, std::uint64_t seed) {
  Scenario made = scenario;
  made.seed = seed;
  made.faults = random_faults(scenario, seed);
  const std::string text = config::to_json(config::write(made));
  config::Problems problems;
  auto document = config::parse_text(text, config::Format::kJson, {"fault case", ""}, problems);
  if (!document) throw std::logic_error(problems.text() + text);
  LoadedScenario loaded{"fault-case", {}, *std::move(document)};
  config::read(loaded.document, loaded.scenario, problems);
  Ec2Config& ec2 = loaded.scenario.ec2;
  ec2.catalogue = catalogue_of(ec2, loaded.document, problems);
  validate(loaded.scenario, loaded.document, problems);
  if (problems.has_errors()) throw std::logic_error(problems.text() + text);
  return loaded;
}

}  // namespace casim::sim
