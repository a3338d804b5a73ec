#include "sim/manifests/hpa_metrics.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/config/units.h"

namespace casim::sim {
namespace {

using config::Value;

// The field that a metric of a type has: "Resource" -> "resource".
std::string field_of(std::string type) {
  if (!type.empty()) type[0] = static_cast<char>(type[0] | 0x20);
  return type;
}

// What a container asks for, by request or limit.
double asked_of(const Value& holder, const std::string& resource) {
  for (const char* part : {"resources.requests", "resources.limits"}) {
    const Value* amounts = value_at(holder, part);
    const Value* amount = amounts == nullptr ? nullptr : amounts->find(resource);
    if (amount != nullptr) return metric_amount(*amount).value_or(0);
  }
  return 0;
}

// How far the metric is from its target; 1: it is there, or nobody knows.
double excess_of(const Value& measured, const Value& target) {
  for (const char* member : {"averageUtilization", "averageValue", "value"}) {
    const Value* has = value_at(measured, member);
    const Value* wants = value_at(target, member);
    if (has == nullptr || wants == nullptr) continue;
    const double divisor = metric_amount(*wants).value_or(0);
    if (divisor > 0) return metric_amount(*has).value_or(divisor) / divisor;
  }
  return 1;
}

}  // namespace

std::optional<double> metric_amount(const Value& quantity) {
  if (const auto number = quantity.as_double()) return *number;
  if (quantity.as_string() == nullptr) return std::nullopt;
  // In thousandths where that fits, as Kubernetes has metrics.
  if (const auto amount = config::parse_cpu(*quantity.as_string())) {
    return static_cast<double>(amount->value()) / 1000;
  }
  const auto whole = config::parse_bytes(*quantity.as_string());
  if (!whole) return std::nullopt;
  return static_cast<double>(whole->value());
}

void HpaMetricReader::error(const Value& at, const std::string& path, const std::string& message) {
  object_error(object_, at, path, message, reading_.problems);
}

// Of all containers and sidecars of a pod.
double HpaMetricReader::requested(const std::string& resource) const {
  const Value* pod = target_.item.find("pod");
  double sum = 0;
  for (const char* member : {"containers", "initContainers"}) {
    const Value* list = pod == nullptr ? nullptr : pod->find(member);
    if (list == nullptr || list->as_list() == nullptr) continue;
    for (const Value& container : *list->as_list()) {
      const bool runs_on = member[0] == 'c' || container.find("restartPolicy") != nullptr;
      if (runs_on) sum += asked_of(container, resource);
    }
  }
  return sum;
}

// A controller cannot say the utilization of nothing, and does not scale.
void HpaMetricReader::note_requests(const std::string& resource) {
  if (requested(resource) > 0) return;
  reading_.notes.cannot(object_,
                        fmt::format("an HPA by utilization of {}, which its pods do not request "
                                    "(FailedGetResourceMetric)",
                                    resource));
}

Value HpaMetricReader::make(const std::string& type, const char* member, Value target,
                            double load) const {
  Value metric;
  metric.set("type", type);
  metric.set(member, std::move(target));
  Value::List changes;
  Value first;
  first.set("value", load);
  changes.push_back(first);
  const auto* demand = demand_ == nullptr ? nullptr : demand_->as_list();
  for (std::size_t i = 0; demand != nullptr && i < demand->size(); ++i) {
    Value change = (*demand)[i];
    Value* value = change.as_object() == nullptr ? nullptr : change.find("value");
    const auto factor = value == nullptr ? std::nullopt : value->as_double();
    if (factor) *value = Value(*factor * load);
    changes.push_back(std::move(change));
  }
  metric.set("load", std::move(changes));
  return metric;
}

Value HpaMetricReader::of_cpu(const Value& percent, const Value* current) {
  const double share = (current == nullptr ? percent : *current).as_double().value_or(0) / 100;
  note_requests("cpu");
  return make("cpu", "averageUtilization", percent, requested("cpu") * replicas_ * share);
}

std::optional<HpaMetricReader::Goal> HpaMetricReader::goal_of(const std::string& kind,
                                                              const Value& source) {
  const bool is_of_container = kind == "ContainerResource";
  if (kind != "Resource" && !is_of_container) return Goal{field_of(kind), 0, false};
  const std::string resource = text_at(source, "name");
  if (resource != "cpu" && resource != "memory") {
    reading_.notes.cannot(object_, fmt::format("a metric of the resource \"{}\"", resource));
    return std::nullopt;
  }
  if (is_of_container) {
    reading_.notes.cannot(object_, "metrics of one container: they are taken as of the whole pod");
  }
  return Goal{resource, requested(resource), true};
}

std::optional<Value> HpaMetricReader::with_target(const Goal& goal, const Value& target,
                                                  const Value* measured, const std::string& path) {
  const double excess = measured == nullptr ? 1 : excess_of(*measured, target);
  // What pods use is known without what they ask for.
  const Value* used = measured == nullptr ? nullptr : value_at(*measured, "averageValue");
  const auto used_amount =
      used == nullptr || !goal.is_resource ? std::nullopt : metric_amount(*used);
  if (const Value* percent = value_at(target, "averageUtilization")) {
    const double share = percent->as_double().value_or(0) / 100 * excess;
    if (goal.is_resource) note_requests(goal.type);
    return make(goal.type, "averageUtilization", *percent,
                used_amount ? *used_amount * replicas_ : goal.load_per_unit * replicas_ * share);
  }
  const Value* average = value_at(target, "averageValue");
  const Value* whole = value_at(target, "value");
  const Value* given = average == nullptr ? whole : average;
  if (given == nullptr) {
    error(target, path, "needs averageUtilization, averageValue or value");
    return std::nullopt;
  }
  const auto amount = metric_amount(*given);
  if (!amount) {
    error(*given, path, "expected a quantity, found " + config::found_text(*given));
    return std::nullopt;
  }
  Value number(*amount);
  stand_at(number, *given);
  return make(goal.type, average == nullptr ? "value" : "averageValue", std::move(number),
              excess * (average == nullptr ? *amount : *amount * replicas_));
}

std::optional<Value> HpaMetricReader::read(const Value& metric, const Value* current,
                                           const std::string& path) {
  static constexpr std::string_view kTypes[] = {"Resource", "ContainerResource", "Pods", "Object",
                                                "External"};
  const std::string type = text_at(metric, "type");
  if (std::ranges::find(kTypes, type) == std::end(kTypes)) {
    error(metric, path + ".type",
          fmt::format("unknown type \"{}\"; allowed: {}", type, fmt::join(kTypes, ", ")));
    return std::nullopt;
  }
  const std::string field = field_of(type);
  const Value* source = value_at(metric, field);
  if (source == nullptr || source->as_object() == nullptr) {
    error(metric, path + "." + field, "missing, or no object");
    return std::nullopt;
  }
  const Value* target = value_at(*source, "target");
  if (target == nullptr || target->as_object() == nullptr) {
    error(*source, path + "." + field + ".target", "missing, or no object");
    return std::nullopt;
  }
  const auto goal = goal_of(type, *source);
  if (!goal) return std::nullopt;
  const Value* measured = current == nullptr ? nullptr : value_at(*current, field + ".current");
  auto out = with_target(*goal, *target, measured, path + "." + field + ".target");
  if (out) stand_at(*out, metric);
  return out;
}

}  // namespace casim::sim
