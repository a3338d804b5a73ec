// Why an instance is in its state: the codes of StateReason with what EC2 says of them. Source:
// ec2.md 1.5 (BC).
#pragma once

#include <string>
#include <string_view>

namespace casim::ec2 {

// "Client.UserInitiatedShutdown: User initiated shutdown"; the code alone where EC2 has no words.
std::string state_reason_message(std::string_view code);

}  // namespace casim::ec2
