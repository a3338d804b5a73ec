#include "src/provider/failure.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "src/ec2/error_code.h"

namespace casim::provider {
namespace {

// State reasons, no codes of replies: a Spot instance was taken back, there is no capacity left for
// it.
constexpr std::array<std::string_view, 2> kSpotTakenBack = {"SpotInstanceTermination",
                                                            "SpotInstanceShutdown"};

std::string_view without_prefix(std::string_view code) {
  for (const std::string_view prefix : {"Server.", "Client."}) {
    if (code.starts_with(prefix)) return code.substr(prefix.size());
  }
  return code;
}

}  // namespace

int error_class_of(std::string_view code) {
  const std::string_view bare = without_prefix(code);
  const std::optional<ec2::ErrorCode> known = ec2::error_code_named(bare);
  const bool is_shortage = known ? ec2::info_of(*known).is_shortage
                                 : std::ranges::find(kSpotTakenBack, bare) != kSpotTakenBack.end();
  return is_shortage ? SlotFailure::kOutOfResources : SlotFailure::kOther;
}

SlotFailure make_failure(std::string code, std::string message) {
  if (code.empty()) code = "Unknown";
  const int error_class = error_class_of(code);
  return SlotFailure{
      .code = std::move(code), .message = std::move(message), .error_class = error_class};
}

SlotFailure failure_of(const ec2::AttemptError& error) {
  return make_failure(ec2::reason_of(error), error.message);
}

}  // namespace casim::provider
