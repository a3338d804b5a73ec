// The command line of cluster-autoscaler 1.37 (config/flags/flags.go, klog, component-base) beside
// the flags that set an option. Internal to parse_flags().
#pragma once

#include <span>
#include <string_view>

namespace casim::sim {

// A flag that is modelled with one value only.
struct NotBuiltFlag {
  std::string_view name;
  std::string_view fallback;  // its default: may be set
  std::string_view reason;    // why it has to be so
};

// Modelled with their default only: an error if they are set to something else.
std::span<const NotBuiltFlag> flags_not_built();

// Known, without effect on what is modelled.
std::span<const std::string_view> flags_without_effect();

}  // namespace casim::sim
