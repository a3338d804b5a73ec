#include "sim/manifests/notes.h"

#include <fmt/format.h>

namespace casim::sim {
namespace {

// "ConfigMap (2), Service".
std::string listed(const std::map<std::string, int>& counts) {
  std::string text;
  for (const auto& [name, count] : counts) {
    text += fmt::format("{}{}", text.empty() ? "" : ", ", name);
    if (count > 1) text += fmt::format(" ({})", count);
  }
  return text;
}

}  // namespace

void ManifestNotes::unknown_field(const KubeObject& object, const config::Value& at,
                                  const std::string& path, const std::string& nearest) {
  Unknown& unknown = unknown_[path];
  if (unknown.count++ == 0) {
    unknown.place = fmt::format("{}: {}", object.label(), path);
    unknown.file = at.origin() == nullptr ? "" : at.origin()->name;
    unknown.line = at.line();
    unknown.nearest = nearest;
  }
}

void ManifestNotes::cannot(const KubeObject& object, const std::string& what) {
  Unsimulated& entry = unsimulated_[what];
  if (entry.count++ == 0) entry.first = object.label();
}

void ManifestNotes::tell(const std::string& source, config::Problems& problems) const {
  const auto warn = [&](std::string message) {
    problems.add({config::Severity::kWarning, source, 0, 0, "", std::move(message)});
  };
  for (const auto& [path, u] : unknown_) {
    const std::string times = u.count > 1 ? fmt::format(" ({} times)", u.count) : "";
    const std::string meant =
        u.nearest.empty() ? "" : fmt::format("; did you mean \"{}\"?", u.nearest);
    problems.add({config::Severity::kWarning, u.file, u.line, 0, u.place,
                  fmt::format("no such field is known, it is left out{}{}", times, meant)});
  }
  tell_unsimulated(source, problems);
  for (const auto& [what, count] : assumed_) warn(what);
  if (!custom_kinds_.empty()) {
    warn(fmt::format("kinds of other APIs, left out with all pods that their operators make: {}",
                     listed(custom_kinds_)));
  }
  if (!kinds_.empty()) {
    warn(fmt::format("kinds that decide nothing here, left out: {}", listed(kinds_)));
  }
  if (!fields_.empty()) {
    warn(fmt::format("fields that decide nothing here, left out: {}", listed(fields_)));
  }
}

void ManifestNotes::tell_unsimulated(const std::string& source, config::Problems& problems) const {
  for (const auto& [what, u] : unsimulated_) {
    const std::string more = u.count > 1 ? fmt::format(" and {} more", u.count - 1) : "";
    problems.add({config::Severity::kWarning, source, 0, 0, "",
                  fmt::format("not simulated: {} ({}{})", what, u.first, more)});
  }
}

}  // namespace casim::sim
