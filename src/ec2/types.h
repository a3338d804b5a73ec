// EC2 as its API shows it: the subset of the instance shape that clients read. Names and codes are
// AWS's own. Source: ec2.md 1.2, 1.3, 1.5.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/time.h"

namespace casim::ec2 {

// Where an instance is in its life; the number is the low byte of the state code on the wire.
enum class InstanceState : std::uint8_t {
  kPending = 0,
  kRunning = 16,
  kShuttingDown = 32,
  kTerminated = 48,
  kStopping = 64,
  kStopped = 80,
};

std::string_view name_of(InstanceState state);  // "shutting-down"

// How an instance is bought.
enum class Lifecycle : std::uint8_t { kOnDemand, kSpot };

std::vector<std::pair<Lifecycle, std::string_view>> enum_names(Lifecycle);  // "on-demand", "spot"

// A tag of a resource; keys are unique in one resource.
struct Tag {
  std::string key;
  std::string value;

  auto operator<=>(const Tag&) const = default;
};

// An instance as DescribeInstances shows it.
struct Instance {
  std::string id;    // "i-" and 17 hexadecimal digits
  std::string type;  // "m6i.large"
  std::string zone;  // "us-east-1a"
  Lifecycle lifecycle = Lifecycle::kOnDemand;
  InstanceState state = InstanceState::kPending;
  std::string state_reason_code;  // "Server.InternalError"; empty when there is none
  std::string state_reason_message;
  std::string client_token;
  int ami_launch_index = 0;  // among the instances of its call
  WallTime launch_time{};    // cut to whole seconds
  std::vector<Tag> tags;
  std::string reservation_id;  // "r-" and 17 hexadecimal digits: its call
  std::string image_id;
  std::string subnet_id;  // empty once it is terminated, as the next two
  std::string vpc_id;
  std::string private_ip_address;
};

// What an action made of one instance; equal states: nothing.
struct StateChange {
  std::string id;
  InstanceState previous = InstanceState::kPending;
  InstanceState current = InstanceState::kPending;
};

}  // namespace casim::ec2
