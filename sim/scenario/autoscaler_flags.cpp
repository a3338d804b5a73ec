#include "sim/scenario/autoscaler_flags.h"

#include "src/config/value.h"

namespace casim::sim {
namespace {

// "1.36" -> 36. Requires: one of the names that describe() allows.
int minor_version(const std::string& version) {
  return std::stoi(version.substr(version.find('.') + 1));
}

// A list is a flag given several times; numbers and booleans are written as they stand. False:
// something else is in it.
bool add_flag(Flags& flags, const std::string& name, const config::Value& value) {
  if (const auto* items = value.as_list()) {
    bool is_good = true;
    for (const config::Value& item : *items) is_good &= add_flag(flags, name, item);
    return is_good;
  }
  if (value.is_null() || value.as_object() != nullptr) return false;
  const auto* const text = value.as_string();
  flags.emplace_back(name, text != nullptr ? *text : config::to_json(value, -1));
  return true;
}

}  // namespace

AutoscalerFlags autoscaler_options(const AutoscalerScenario& autoscaler) {
  AutoscalerFlags out;
  Flags flags;
  for (const auto& [name, value] : autoscaler.flags) {
    if (add_flag(flags, name, value)) continue;
    out.problems.push_back({name, "must be a text, a number, a boolean or a list of them, found " +
                                      config::found_text(value)});
  }
  auto parsed = parse_flags(flags, minor_version(autoscaler.version));
  if (parsed) {
    out.options = std::move(parsed->options);
    out.warnings = std::move(parsed->warnings);
  } else {
    out.problems.insert(out.problems.end(), parsed.error().begin(), parsed.error().end());
  }
  return out;
}

}  // namespace casim::sim
