// A count, or a share of a total: "2", "25%" [k8s: apimachinery intstr].
#pragma once

#include <cstdint>

namespace casim::sim {

struct IntOrPercent {
  std::int64_t value = 0;
  bool is_percent = false;

  static IntOrPercent of(std::int64_t value) { return {value, false}; }

  static IntOrPercent percent(std::int64_t value) { return {value, true}; }

  std::int64_t rounded_up(std::int64_t total) const {
    return is_percent ? (value * total + 99) / 100 : value;
  }

  std::int64_t rounded_down(std::int64_t total) const {
    return is_percent ? value * total / 100 : value;
  }

  bool operator==(const IntOrPercent&) const = default;
};

}  // namespace casim::sim
