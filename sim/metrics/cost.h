// What machines cost, by instance type. Who sells them says how long each is charged for, and its
// price.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "sim/metrics/summary_values.h"
#include "src/core/money.h"

namespace casim::sim {

class Costs {
 public:
  // `cost`: none: the type has no known price.
  void add(const std::string& type, std::int64_t seconds, std::optional<Money> cost);

  std::optional<Money> total() const;  // none: a type has no known price

  const std::map<std::string, std::int64_t>& seconds() const { return seconds_; }

  const std::map<std::string, Money>& known() const { return known_; }

 private:
  std::map<std::string, std::int64_t> seconds_;  // charged for, by type
  std::map<std::string, Money> known_;           // by type
  bool is_whole_ = true;
};

// cost.*
void list_values(SummaryValues& out, const Costs& costs);

}  // namespace casim::sim
