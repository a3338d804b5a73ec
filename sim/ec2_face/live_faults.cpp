#include "sim/ec2_face/live_faults.h"

#include <utility>
#include <variant>

#include <fmt/format.h>

#include "src/config/config.h"

namespace casim::sim {
namespace {

// Begins now, where the text says neither when nor how often.
void complete(config::Value& text) {
  if (text.as_object() == nullptr) return;
  if (text.find("at") == nullptr && text.find("every") == nullptr) text.set("at", "0s");
}

// One that is done by events, or that goes on by itself, cannot be taken back.
bool can_end(const Fault& fault) {
  if (const auto* throttle = std::get_if<Ec2ThrottleFault>(&fault.body)) {
    return !throttle->tokens_taken;
  }
  return std::visit([](const auto& kind) { return !kind.kTimes.length.empty(); }, fault.body);
}

}  // namespace

Result<std::uint32_t> LiveFaults::add(std::string_view json) {
  config::Problems problems;
  auto document = config::parse_text(json, config::Format::kJson, {"fault", {}}, problems);
  Added added;
  if (document) {
    complete(document->root());
    config::read(*document, added.fault, problems);
    added.text = document->root();
  }
  if (problems.has_errors()) return failure(casim::ErrorCode::kInvalidArgument, problems.text());
  if (!befalls_ec2_alone(added.fault)) {
    return failure(casim::ErrorCode::kInvalidArgument,
                   "fault: kind: befalls more than EC2, and there is nothing else here\n");
  }
  auto own = std::make_unique<Ec2ConditionSet>();
  added.conditions = own.get();
  targets_.ec2_conditions.add(kTimeZero, kTimeNever, std::move(own));
  const std::uint32_t number = next_++;
  arm_at_ec2(added.fault, number,
             Ec2FaultTargets{.kernel = targets_.kernel,
                             .random = targets_.random,
                             .facts = targets_.facts,
                             .ec2 = targets_.ec2,
                             .ec2_conditions = *added.conditions});
  added_.emplace(number, std::move(added));
  return number;
}

Result<void> LiveFaults::end(std::uint32_t number) {
  const auto found = added_.find(number);
  if (found == added_.end()) {
    return failure(casim::ErrorCode::kNotFound, fmt::format("there is no fault {}", number));
  }
  if (!can_end(found->second.fault)) {
    return failure(casim::ErrorCode::kFailedPrecondition,
                   fmt::format("fault {} ends by itself, and not before", number));
  }
  found->second.conditions->close();
  added_.erase(found);
  return {};
}

config::Value LiveFaults::list() const {
  config::Value::List faults;
  for (const auto& [number, added] : added_) {
    config::Value one = added.text;
    one.set("id", number);
    faults.push_back(std::move(one));
  }
  return faults;
}

}  // namespace casim::sim
