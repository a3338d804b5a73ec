#include "sim/scenario/autoscaler_flags.h"

#include "src/config/value.h"

namespace casim::sim {
namespace {

// "1.36" -> 36. Requires: one of the names that describe() allows.
int minor_version(const std::string& version) {
  return std::stoi(version.substr(version.find('.') + 1));
}

// A list is a flag given several times; numbers and booleans are written as they stand.
void add_flag(Flags& flags, const std::string& name, const config::Value& value) {
  if (const auto* items = value.as_list()) {
    for (const config::Value& item : *items) add_flag(flags, name, item);
  } else if (const auto* text = value.as_string()) {
    flags.emplace_back(name, *text);
  } else {
    flags.emplace_back(name, config::to_json(value, -1));
  }
}

}  // namespace

AutoscalerFlags autoscaler_options(const AutoscalerScenario& autoscaler) {
  Flags flags;
  for (const auto& [name, value] : autoscaler.flags) add_flag(flags, name, value);
  AutoscalerFlags out;
  auto parsed = parse_flags(flags, minor_version(autoscaler.version));
  if (parsed) {
    out.options = std::move(parsed->options);
    out.warnings = std::move(parsed->warnings);
  } else {
    out.problems = std::move(parsed.error());
  }
  return out;
}

}  // namespace casim::sim
