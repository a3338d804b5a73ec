#include "sim/cluster/objects.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace casim::sim {
namespace {

constexpr std::array kOwnerNames = {
    std::pair<OwnerKind, std::string_view>{OwnerKind::kNone, "none"},
    std::pair<OwnerKind, std::string_view>{OwnerKind::kReplicaSet, "ReplicaSet"},
    std::pair<OwnerKind, std::string_view>{OwnerKind::kReplicationController,
                                           "ReplicationController"},
    std::pair<OwnerKind, std::string_view>{OwnerKind::kJob, "Job"},
    std::pair<OwnerKind, std::string_view>{OwnerKind::kStatefulSet, "StatefulSet"},
    std::pair<OwnerKind, std::string_view>{OwnerKind::kDaemonSet, "DaemonSet"},
    std::pair<OwnerKind, std::string_view>{OwnerKind::kMirror, "Node"},
    std::pair<OwnerKind, std::string_view>{OwnerKind::kOther, "Other"},
};

std::optional<std::int64_t> parse_integer(const std::string& text) {
  std::int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

// Gt and Lt compare integers; anything else never matches (labels.Requirement.Matches).
bool compares(const std::string& label, const std::vector<std::string>& values, bool greater) {
  if (values.size() != 1) return false;
  const std::optional<std::int64_t> left = parse_integer(label);
  const std::optional<std::int64_t> right = parse_integer(values.front());
  if (!left || !right) return false;
  return greater ? *left > *right : *left < *right;
}

bool contains(const std::vector<std::string>& values, const std::string& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

std::string_view name_of(TaintEffect effect) {
  switch (effect) {
    case TaintEffect::kNoSchedule:
      return "NoSchedule";
    case TaintEffect::kPreferNoSchedule:
      return "PreferNoSchedule";
    case TaintEffect::kNoExecute:
      return "NoExecute";
  }
  return "";
}

bool Toleration::tolerates(const Taint& taint) const {
  if (effect && *effect != taint.effect) return false;
  if (!key.empty() && key != taint.key) return false;
  if (op == Operator::kExists) return true;
  return !key.empty() && value == taint.value;
}

bool tolerates_all(const std::vector<Toleration>& tolerations, const std::vector<Taint>& taints,
                   bool include_prefer_no_schedule) {
  return std::all_of(taints.begin(), taints.end(), [&](const Taint& taint) {
    if (taint.effect == TaintEffect::kPreferNoSchedule && !include_prefer_no_schedule) return true;
    return std::any_of(tolerations.begin(), tolerations.end(),
                       [&](const Toleration& t) { return t.tolerates(taint); });
  });
}

bool LabelRequirement::matches(const Labels& labels) const {
  const auto label = labels.find(key);
  const bool has = label != labels.end();
  switch (op) {
    case Operator::kIn:
      return has && contains(values, label->second);
    case Operator::kNotIn:
      return !has || !contains(values, label->second);
    case Operator::kExists:
      return has;
    case Operator::kDoesNotExist:
      return !has;
    case Operator::kGt:
      return has && compares(label->second, values, true);
    case Operator::kLt:
      return has && compares(label->second, values, false);
  }
  return false;
}

bool matches(const LabelSelector& selector, const Labels& labels) {
  return std::all_of(selector.begin(), selector.end(),
                     [&](const LabelRequirement& r) { return r.matches(labels); });
}

std::string_view name_of(OwnerKind kind) {
  for (const auto& [k, name] : kOwnerNames) {
    if (k == kind) return name;
  }
  return "";
}

std::optional<OwnerKind> parse_owner_kind(std::string_view name) {
  for (const auto& [kind, n] : kOwnerNames) {
    if (n == name) return kind;
  }
  return std::nullopt;
}

bool Node::has_taint(std::string_view key) const {
  return std::any_of(taints.begin(), taints.end(), [&](const Taint& t) { return t.key == key; });
}

bool Node::has_taint(std::string_view key, TaintEffect effect) const {
  return std::any_of(taints.begin(), taints.end(),
                     [&](const Taint& t) { return t.key == key && t.effect == effect; });
}

}  // namespace casim::sim
