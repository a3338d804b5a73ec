#include "sim/faults/fault.h"

#include <cassert>
#include <map>
#include <string>
#include <string_view>
#include <type_traits>

#include "sim/faults/check.h"
#include "sim/faults/targets.h"
#include "src/config/config.h"

namespace casim::sim {
namespace {

struct Wrong {
  std::string_view member;
  std::string message;  // empty: nothing is wrong
};

// A fault without `every` has a begin and, unless it is over at once, a length.
Wrong wrong_of_fixed(const FaultTimes& times, const TimeNames& names) {
  if (!times.at) return {names.begin, "missing, and there is no every"};
  if (!times.length) return {names.length, "missing"};
  return {};
}

// With `every` the begin is drawn, and the length is drawn or the fault's own.
Wrong wrong_of_every(const Recurrence& every, const FaultTimes& times, const TimeNames& names) {
  if (times.at) return {names.begin, "contradicts every, which draws it"};
  if (names.length.empty() && every.mean_time_to_repair) {
    return {"every", "mean_time_to_repair has no meaning: this fault happens at an instant"};
  }
  if (!times.length && !every.mean_time_to_repair) {
    return {"every", "mean_time_to_repair is missing"};
  }
  // The length of a crash has a default, so that nobody can tell whether it was written.
  if (times.length && every.mean_time_to_repair && names.length == kAtAndFor.length) {
    return {names.length, "contradicts mean_time_to_repair"};
  }
  return {};
}

Wrong wrong_of(const Fault& fault) {
  return std::visit(
      [&fault](const auto& kind) {
        const FaultTimes times = kind.fixed_times();
        return fault.every ? wrong_of_every(*fault.every, times, kind.kTimes)
                           : wrong_of_fixed(times, kind.kTimes);
      },
      fault.body);
}

// Told in the instants themselves.
void report(const Ec2FaultTargets& targets, std::uint32_t fault, std::string_view kind,
            const Spell& spell) {
  Kernel& kernel = targets.kernel;
  FactSink& facts = targets.facts;
  kernel.at(spell.from, Phase::kWorld,
            [&kernel, &facts, fault, kind, length = spell.to - spell.from] {
              facts.on_fact(kernel.now(), FaultBegan{fault, std::string(kind), length});
            });
  if (spell.to == spell.from || spell.to == kTimeNever) return;
  kernel.at(spell.to, Phase::kWorld, [&kernel, &facts, fault, kind] {
    facts.on_fact(kernel.now(), FaultEnded{fault, std::string(kind)});
  });
}

template <class Kind>
constexpr bool kIsOfEc2Alone = requires(const Kind& kind, const Ec2FaultTargets& targets,
                                        const Spell& spell) { kind.arm(targets, spell); };

template <class Kind, class Targets>
void arm(const Kind& kind, std::uint32_t number, const std::optional<Recurrence>& every,
         std::uint64_t key, TimePoint start, const Targets& targets) {
  if constexpr (requires { kind.prepare(targets); }) kind.prepare(targets);
  const FaultTimes times = kind.fixed_times();
  if (!every) {
    const TimePoint from = start + *times.at;
    const Spell spell{.from = from, .to = later(from, *times.length), .key = key};
    report(targets, number, Kind::kKind, spell);
    return kind.arm(targets, spell);
  }
  RecurringSpells::start(targets.kernel, targets.random, *every, times.length.value_or(Duration{}),
                         key, [kind, number, targets](const Spell& spell) {
                           report(targets, number, Kind::kKind, spell);
                           kind.arm(targets, spell);
                         });
}

}  // namespace

// The names by which a user chooses among the kinds: their own.
template <class... Kinds>
  requires requires { (Kinds::kKind, ...); }
config::Alternatives alternatives(const std::variant<Kinds...>*) {
  return {"kind", {Kinds::kKind...}};
}

void Fault::check(const FaultCheck& check) const {
  std::visit(
      [&check](const auto& kind) {
        if (const auto at = kind.fixed_times().at) check.begins(kind.kTimes.begin, *at);
        kind.check(check);
      },
      body);
}

void describe(config::Visitor& v, Fault& f) {
  v.choice("kind", f.body, "what goes wrong");
  v.field("every", f.every, "again and again at times that are drawn, instead of a fixed begin");
  const Wrong wrong = wrong_of(f);
  v.check(wrong.member, wrong.message.empty(), wrong.message);
}

namespace {

constexpr std::uint64_t kLater = 1'000'000;  // no scenario has so many of a kind

template <class Targets>
void arm_each(const std::vector<Fault>& faults, const Targets& targets) {
  std::map<std::string_view, std::uint64_t> of_kind;
  for (std::uint32_t number = 0; number < faults.size(); ++number) {
    const Fault& fault = faults[number];
    std::visit(
        [&]<class Kind>(const Kind& kind) {
          const std::uint64_t key = hash_bytes(Kind::kKind, of_kind[Kind::kKind]++);
          if constexpr (std::is_same_v<Targets, FaultTargets> || kIsOfEc2Alone<Kind>) {
            arm(kind, number, fault.every, key, kTimeZero, targets);
          } else {
            assert(false && "this fault befalls more than EC2");
          }
        },
        fault.body);
  }
}

}  // namespace

void arm_all(const std::vector<Fault>& faults, const FaultTargets& targets) {
  arm_each(faults, targets);
}

bool befalls_ec2_alone(const Fault& fault) {
  return std::visit([]<class Kind>(const Kind&) { return kIsOfEc2Alone<Kind>; }, fault.body);
}

void arm_all_at_ec2(const std::vector<Fault>& faults, const Ec2FaultTargets& targets) {
  arm_each(faults, targets);
}

void arm_at_ec2(const Fault& fault, std::uint32_t number, const Ec2FaultTargets& targets) {
  std::visit(
      [&]<class Kind>(const Kind& kind) {
        if constexpr (kIsOfEc2Alone<Kind>) {
          arm(kind, number, fault.every, hash_bytes(Kind::kKind, kLater + number),
              targets.kernel.now(), targets);
        } else {
          assert(false && "this fault befalls more than EC2");
        }
      },
      fault.body);
}

}  // namespace casim::sim
