#include "sim/metrics/call_rates.h"

#include <algorithm>

namespace casim::sim {
namespace {

constexpr std::int64_t kMinute = 60;

TimePoint begin_of(std::int64_t second) { return kTimeZero + std::chrono::seconds(second); }

template <class Of>
config::Value by_action(const std::map<std::string, BusiestTimes>& totals, Of of) {
  config::Value::Object out;
  for (const auto& [action, times] : totals) out.push_back({action, of(times)});
  return out;
}

}  // namespace

void CallRates::on_fact(TimePoint at, const Fact& fact) {
  const auto* call = std::get_if<Ec2CallAnswered>(&fact);
  if (call == nullptr) return;
  const auto second = std::chrono::floor<std::chrono::seconds>(at - kTimeZero).count();
  actions_[call->action].count(second);
}

void CallRates::Action::move_to(std::int64_t second) {
  const std::int64_t steps = now < 0 ? 0 : std::min(second - now, kMinute);
  for (std::int64_t i = 1; i <= steps; ++i) {
    std::int64_t& oldest = last[static_cast<std::size_t>((now + i) % kMinute)];
    in_minute -= oldest;
    oldest = 0;
  }
  now = second;
}

void CallRates::Action::count(std::int64_t second) {
  move_to(second);
  std::int64_t& calls = last[static_cast<std::size_t>(second % kMinute)];
  ++calls;
  ++in_minute;
  if (calls > busiest.second) {
    busiest.second = calls;
    busiest.second_at = begin_of(second);
  }
  if (in_minute > busiest.minute) {
    busiest.minute = in_minute;
    busiest.minute_from = begin_of(std::max<std::int64_t>(0, second - kMinute + 1));
  }
}

std::map<std::string, BusiestTimes> CallRates::totals() const {
  std::map<std::string, BusiestTimes> out;
  for (const auto& [action, rates] : actions_) out.emplace(action, rates.busiest);
  return out;
}

void list_values(SummaryValues& out, const std::map<std::string, BusiestTimes>& totals) {
  using Times = BusiestTimes;
  out.add("ec2.rates.{action}.peak_per_s", ValueType::count("calls a second"),
          by_action(totals, [](const Times& t) { return config::Value(t.second); }),
          "calls that EC2 answered, with an error or without, in the busiest second",
          Better::kLower);
  out.add(
      "ec2.rates.{action}.peak_at_s", ValueType::seconds(),
      by_action(totals,
                [](const Times& t) { return config::Value(to_seconds(t.second_at - kTimeZero)); }),
      "when that second was");
  out.add(
      "ec2.rates.{action}.sustained_per_s", {ValueType::Kind::kNumber, "calls a second"},
      by_action(totals,
                [](const Times& t) { return config::Value(static_cast<double>(t.minute) / 60); }),
      "mean over the busiest minute", Better::kLower);
  out.add("ec2.rates.{action}.sustained_from_s", ValueType::seconds(),
          by_action(
              totals,
              [](const Times& t) { return config::Value(to_seconds(t.minute_from - kTimeZero)); }),
          "when that minute began");
}

}  // namespace casim::sim
