#include "sim/metrics/cost.h"

namespace casim::sim {
namespace {

double usd(Money money) { return static_cast<double>(money.micro_usd) / 1e6; }

}  // namespace

void Costs::add(const std::string& type, std::int64_t seconds, std::optional<Money> cost) {
  seconds_[type] += seconds;
  if (cost) {
    known_[type].micro_usd += cost->micro_usd;
  } else {
    is_whole_ = false;
  }
}

std::optional<Money> Costs::total() const {
  if (!is_whole_) return std::nullopt;
  Money total;
  for (const auto& [type, cost] : known_) total.micro_usd += cost.micro_usd;
  return total;
}

void list_values(SummaryValues& out, const Costs& costs) {
  const std::optional<Money> total = costs.total();
  out.add("cost.usd", ValueType::usd().or_null(),
          total ? config::Value(usd(*total)) : config::Value(),
          "of all machines that ran, initial ones included, each from running to its shutdown by "
          "the second and for 60 s at least; null: a type has no known price",
          Better::kLower);
  config::Value::Object by_type;
  for (const auto& [type, cost] : costs.known()) by_type.push_back({type, usd(cost)});
  out.add("cost.usd_by_type.{type}", ValueType::usd(), std::move(by_type),
          "the same of each instance type whose price is known", Better::kLower);
  config::Value::Object hours;
  for (const auto& [type, seconds] : costs.seconds()) {
    hours.push_back({type, static_cast<double>(seconds) / 3600});
  }
  out.add("cost.instance_hours_by_type.{type}", ValueType::instance_hours(), std::move(hours),
          "time that the machines of each type are charged for", Better::kLower);
}

}  // namespace casim::sim
