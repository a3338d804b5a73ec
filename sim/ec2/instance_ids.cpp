#include "sim/ec2/instance_ids.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace casim::sim {
namespace {

using ec2::ErrorCode;

constexpr std::size_t kMostIds = 1000;

// "i-" and 8 or 17 hexadecimal digits.
bool is_well_formed_id(const std::string& instance_id) {
  if (!instance_id.starts_with("i-")) return false;
  if (instance_id.size() != 19 && instance_id.size() != 10) return false;
  return instance_id.find_first_not_of("0123456789abcdef", 2) == std::string::npos;
}

}  // namespace

ec2::Attempt<std::vector<std::uint64_t>> instances_named(
    Fleet& fleet, const std::vector<std::string>& instance_ids) {
  std::vector<std::uint64_t> numbers;
  std::vector<std::string> unknown;
  std::set<std::uint64_t> seen;
  for (const std::string& id : instance_ids) {
    if (!is_well_formed_id(id)) {
      return ec2::refuse(ErrorCode::kInvalidInstanceIdMalformed,
                         fmt::format("Invalid id: \"{}\"", id));
    }
    const std::uint64_t* number = fleet.number_of(id);
    if (number == nullptr || !fleet.is_shown(*fleet.find(*number))) {
      unknown.push_back(id);
    } else if (seen.insert(*number).second) {
      numbers.push_back(*number);
    }
  }
  if (unknown.empty()) return numbers;
  const bool is_one = unknown.size() == 1;
  return ec2::refuse(ErrorCode::kInvalidInstanceIdNotFound,
                     fmt::format("The instance ID{} '{}' do{} not exist", is_one ? "" : "s",
                                 fmt::join(unknown, ", "), is_one ? "es" : ""));
}

ec2::Attempt<std::vector<std::uint64_t>> instances_to_change(
    Fleet& fleet, const std::vector<std::string>& instance_ids) {
  if (instance_ids.empty()) {
    return ec2::refuse(ErrorCode::kMissingParameter,
                       "The request must contain the parameter InstanceId");
  }
  if (instance_ids.size() > kMostIds) {
    return ec2::refuse(
        ErrorCode::kInvalidParameterValue,
        fmt::format("Too many instances: {}. At most {} per call.", instance_ids.size(), kMostIds));
  }
  return instances_named(fleet, instance_ids);
}

}  // namespace casim::sim
