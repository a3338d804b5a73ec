#include "sim/ec2/instance_ids.h"

#include <fmt/format.h>

namespace casim::sim {
namespace {

// "i-" and 8 or 17 hexadecimal digits.
bool is_well_formed_id(const std::string& instance_id) {
  if (!instance_id.starts_with("i-")) return false;
  if (instance_id.size() != 19 && instance_id.size() != 10) return false;
  return instance_id.find_first_not_of("0123456789abcdef", 2) == std::string::npos;
}

}  // namespace

ec2::Attempt<std::uint64_t> instance_named(Fleet& fleet, const std::string& instance_id) {
  if (!is_well_formed_id(instance_id)) {
    return std::unexpected(ec2::error_reply(ec2::ErrorCode::kInvalidInstanceIdMalformed,
                                            fmt::format("Invalid id: \"{}\"", instance_id)));
  }
  const std::uint64_t* number = fleet.number_of(instance_id);
  if (number == nullptr) {
    return std::unexpected(
        ec2::error_reply(ec2::ErrorCode::kInvalidInstanceIdNotFound,
                         fmt::format("The instance ID '{}' does not exist", instance_id)));
  }
  return *number;
}

}  // namespace casim::sim
