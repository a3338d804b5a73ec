#include "sim/manifests/hpa_kind.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/manifests/hpa_metrics.h"
#include "sim/manifests/shape.h"

namespace casim::sim {
namespace {

using config::Value;

const Shape& behavior_shape() {
  static const Shape kPolicies{
      .taken = {{"type"}, {"value"}, {"periodSeconds"}}, .nothing = {}, .apart = {}};
  static const Shape kRules{.taken = {{"stabilizationWindowSeconds"},
                                      {"selectPolicy"},
                                      {"policies", &kPolicies},
                                      {"tolerance"}},
                            .nothing = {},
                            .apart = {}};
  static const Shape kShape{
      .taken = {{"scaleUp", &kRules}, {"scaleDown", &kRules}}, .nothing = {}, .apart = {}};
  return kShape;
}

const Shape& hpa_shape() {
  static const Shape kReference{
      .taken = {{"kind"}, {"name"}}, .nothing = {}, .apart = {"apiVersion"}};
  static const Shape kShape{
      .taken = {{"scaleTargetRef", &kReference}, {"minReplicas"}, {"maxReplicas"}},
      .nothing = {},
      .apart = {"metrics", "behavior", "targetCPUUtilizationPercentage"}};
  return kShape;
}

// A tolerance is a quantity in Kubernetes, and a number here.
void set_tolerance(Value& behavior) {
  for (const char* way : {"scaleUp", "scaleDown"}) {
    Value* rules = behavior.find(way);
    Value* tolerance = rules == nullptr ? nullptr : rules->find("tolerance");
    if (tolerance == nullptr) continue;
    const auto amount = metric_amount(*tolerance);
    if (amount) *tolerance = Value(*amount);
  }
}

// What it starts with: so many replicas, of so much.
struct Sized {
  const ManifestItem* item = nullptr;
  double replicas = 1;
};

class HpaReader {
 public:
  HpaReader(const KubeObject& object, ManifestReading& reading)
      : object_(object), reading_(reading) {}

  std::optional<ManifestItem> read(std::span<const ManifestItem> items, const Value* demand) {
    const Value* spec = value_at(*object_.value, "spec");
    if (spec == nullptr || spec->as_object() == nullptr) {
      error(*object_.value, "spec", "missing, or no object");
      return std::nullopt;
    }
    note_rest(object_, *spec, hpa_shape(), "spec", reading_.notes);
    const auto target = find_target(*spec, items);
    if (!target) return std::nullopt;
    Value item = make_item(object_, nullptr);
    item.set("target", *target->item->item.find("name"));
    for (const char* member : {"minReplicas", "maxReplicas"}) {
      if (const Value* value = value_at(*spec, member)) item.set(member, *value);
    }
    Value::List metrics = metrics_of(*spec, *target, demand);
    if (metrics.empty()) {
      reading_.notes.cannot(object_, "an HPA none of whose metrics is: it is left out");
      return std::nullopt;
    }
    item.set("metrics", std::move(metrics));
    if (const Value* behavior = value_at(*spec, "behavior")) {
      Value taken = take(object_, *behavior, behavior_shape(), "spec.behavior", reading_.notes);
      set_tolerance(taken);
      item.set("behavior", std::move(taken));
    }
    return ManifestItem{"hpas",
                        std::move(item),
                        object_.label(),
                        object_.kind,
                        object_.namespace_name,
                        object_.name,
                        {{"metadata.name", "name"},
                         {"spec.minReplicas", "minReplicas"},
                         {"spec.maxReplicas", "maxReplicas"},
                         {"spec.metrics", "metrics"},
                         {"spec.behavior", "behavior"},
                         {"spec.scaleTargetRef.name", "target"}}};
  }

 private:
  void error(const Value& at, const std::string& path, const std::string& message) {
    object_error(object_, at, path, message, reading_.problems);
  }

  std::optional<Sized> find_target(const Value& spec, std::span<const ManifestItem> items) {
    const std::string kind = text_at(spec, "scaleTargetRef.kind");
    const std::string name = text_at(spec, "scaleTargetRef.name");
    if (kind.empty() || name.empty()) {
      error(spec, "spec.scaleTargetRef", "needs kind and name");
      return std::nullopt;
    }
    const auto found = std::ranges::find_if(items, [&](const ManifestItem& item) {
      return item.list == "workloads" && item.kind == kind && item.name == name &&
             item.namespace_name == object_.namespace_name;
    });
    const bool is_sizable = kind == "Deployment" || kind.starts_with("Replica");
    if (found == items.end() || !is_sizable) {
      reading_.notes.cannot(object_,
                            found == items.end()
                                ? fmt::format("an HPA whose target is not there: {} {}", kind, name)
                                : fmt::format("an HPA of a {}", kind));
      return std::nullopt;
    }
    return Sized{&*found, first_replicas(spec, *found)};
  }

  // An HPA goes to its bounds at once.
  double first_replicas(const Value& spec, const ManifestItem& item) const {
    double replicas = 1;
    const Value* current = value_at(*object_.value, "status.currentReplicas");
    if (current != nullptr) return std::max(current->as_double().value_or(1), 1.0);
    for (const char* member : {"replicas", "count"}) {
      const Value* value = item.item.find(member);
      if (value != nullptr) replicas = value->as_double().value_or(1);
    }
    const Value* least = value_at(spec, "minReplicas");
    const Value* most = value_at(spec, "maxReplicas");
    if (least != nullptr) replicas = std::max(replicas, least->as_double().value_or(1));
    if (most != nullptr) replicas = std::min(replicas, most->as_double().value_or(replicas));
    return std::max(replicas, 1.0);
  }

  // They stand in the order of the metrics.
  const Value* current_metric(std::size_t number) const {
    const Value* current = value_at(*object_.value, "status.currentMetrics");
    const auto* items = current == nullptr ? nullptr : current->as_list();
    return items != nullptr && number < items->size() ? &(*items)[number] : nullptr;
  }

  const Value* current_percent() const {
    return value_at(*object_.value, "status.currentCPUUtilizationPercentage");
  }

  Value::List metrics_of(const Value& spec, const Sized& target, const Value* demand) {
    Value::List out;
    const bool is_known = current_metric(0) != nullptr || current_percent() != nullptr;
    if (demand == nullptr && !is_known) {
      const bool has_demand = reading_.options.has_demand;
      reading_.notes.assume(fmt::format(
          "the load of HPAs is what keeps their metrics at the target, as nobody says it{}",
          has_demand ? ": `demand` of the workload changes it" : ": `load` of each metric is it"));
    }
    HpaMetricReader reader(object_, *target.item, target.replicas, demand, reading_);
    if (const Value* metrics = value_at(spec, "metrics")) {
      const auto* items = metrics->as_list();
      if (items == nullptr) {
        error(*metrics, "spec.metrics", "expected a list, found " + config::found_text(*metrics));
        return out;
      }
      for (std::size_t i = 0; i < items->size(); ++i) {
        if (auto metric =
                reader.read((*items)[i], current_metric(i), fmt::format("spec.metrics[{}]", i))) {
          out.push_back(std::move(*metric));
        }
      }
      return out;
    }
    // Without metrics: 80 % of the requested CPU, the API server's default; v1 says it in one
    // number.
    const Value* percent = value_at(spec, "targetCPUUtilizationPercentage");
    Value cpu = reader.of_cpu(percent == nullptr ? Value(80) : *percent, current_percent());
    stand_at(cpu, percent == nullptr ? spec : *percent);
    out.push_back(std::move(cpu));
    return out;
  }

  const KubeObject& object_;
  ManifestReading& reading_;
};

}  // namespace

std::optional<ManifestItem> read_hpa(const KubeObject& object, std::span<const ManifestItem> items,
                                     const Value* demand, ManifestReading& reading) {
  return HpaReader(object, reading).read(items, demand);
}

}  // namespace casim::sim
