// The actions of the EC2 API that this project speaks. Source: ec2.md 1.2.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace casim::ec2 {

enum class Action : std::uint8_t { kRunInstances, kDescribeInstances, kTerminateInstances };

inline constexpr int kActionCount = 3;

std::string_view name_of(Action action);  // "RunInstances", as on the wire
std::optional<Action> action_named(std::string_view name);

}  // namespace casim::ec2
