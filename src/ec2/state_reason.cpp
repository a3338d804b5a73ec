#include "src/ec2/state_reason.h"

#include <algorithm>
#include <iterator>

namespace casim::ec2 {
namespace {

struct Reason {
  std::string_view code;
  std::string_view text;
};

constexpr Reason kReasons[] = {
    {"Server.InsufficientInstanceCapacity", "Insufficient capacity for the launch request"},
    {"Server.InternalError", "Internal error on launch"},
    {"Server.ScheduledStop", "Stopped due to a scheduled retirement"},
    {"Server.SpotInstanceShutdown", "Instance shut down for lack of Spot capacity"},
    {"Server.SpotInstanceTermination", "Spot instance termination"},
    {"Client.InternalError", "Client error on launch"},
    {"Client.InvalidSnapshot.NotFound", "The specified snapshot was not found"},
    {"Client.VolumeLimitExceeded", "Volume limit exceeded"},
    {"Client.InstanceInitiatedShutdown", "Instance initiated shutdown"},
    {"Client.InstanceTerminated", "Instance terminated while it was stopped or rebooted"},
    {"Client.UserInitiatedShutdown", "User initiated shutdown"},
    {"Client.UserInitiatedHibernate", "User initiated hibernate"},
};

}  // namespace

std::string state_reason_message(std::string_view code) {
  const auto* reason = std::ranges::find(kReasons, code, &Reason::code);
  std::string message(code);
  if (reason != std::end(kReasons)) message.append(": ").append(reason->text);
  return message;
}

}  // namespace casim::ec2
