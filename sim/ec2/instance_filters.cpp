#include "sim/ec2/instance_filters.h"

#include <string>

#include "src/config/units.h"

namespace casim::sim {
namespace {

using Values = std::vector<std::string>;
using ec2::Instance;

template <auto Member>
bool has(const Instance& instance, const Values& values) {
  return !(instance.*Member).empty() && matches_any(values, instance.*Member);
}

bool has_state(const Instance& instance, const Values& values) {
  return matches_any(values, ec2::name_of(instance.state));
}

bool has_state_code(const Instance& instance, const Values& values) {
  return matches_any(values, std::to_string(static_cast<int>(instance.state)));
}

// "2026-01-05T08:00:00.000Z"
bool has_launch_time(const Instance& instance, const Values& values) {
  std::string text = config::write_wall_time(instance.launch_time);
  text.insert(text.size() - 1, ".000");  // whole seconds
  return matches_any(values, text);
}

// On demand is no value of it.
bool has_lifecycle(const Instance& instance, const Values& values) {
  return instance.lifecycle == ec2::Lifecycle::kSpot && matches_any(values, "spot");
}

constexpr FilterRow<Instance> kTable[] = {
    {"instance-id", has<&Instance::id>},
    {"instance-state-name", has_state},
    {"instance-state-code", has_state_code},
    {"subnet-id", has<&Instance::subnet_id>},
    {"vpc-id", has<&Instance::vpc_id>},
    {"availability-zone", has<&Instance::zone>},
    {"instance-type", has<&Instance::type>},
    {"client-token", has<&Instance::client_token>},
    {"reservation-id", has<&Instance::reservation_id>},
    {"launch-time", has_launch_time},
    {"instance-lifecycle", has_lifecycle},
    {"private-ip-address", has<&Instance::private_ip_address>},
};

}  // namespace

std::span<const FilterRow<Instance>> instance_filters() { return kTable; }

}  // namespace casim::sim
