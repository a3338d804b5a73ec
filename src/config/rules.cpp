#include "src/config/rules.h"

#include <fmt/format.h>

namespace casim::config {

Rules merge(std::initializer_list<Rules> rules) {
  Rules result;
  for (const Rules& rule : rules) {
    if (rule.min) result.min = rule.min;
    if (rule.max) result.max = rule.max;
    if (rule.min_items) result.min_items = rule.min_items;
    if (rule.unique) result.unique = rule.unique;
    if (!rule.one_of.empty()) result.one_of = rule.one_of;
    result.not_blank = result.not_blank || rule.not_blank;
  }
  return result;
}

Bound bound_of(Duration d) { return {static_cast<long double>(d.count()), write_duration(d)}; }

Bound bound_of(MilliCpu amount) {
  return {static_cast<long double>(amount.value()), to_string(amount)};
}

Bound bound_of(Bytes amount) {
  return {static_cast<long double>(amount.value()), to_string(amount)};
}

Bound bound_of(long double number) {
  return {number, fmt::format("{}", static_cast<double>(number))};
}

}  // namespace casim::config
