#include "sim/import/admission.h"

#include <algorithm>
#include <charconv>

#include "sim/manifests/kube_object.h"

namespace casim::sim {
namespace {

using config::Value;
using Labels = std::map<std::string, std::string>;

constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";

std::int64_t number_of(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool holds(const Value& expression, const Labels& labels) {
  const auto label = labels.find(text_at(expression, "key"));
  const bool is_there = label != labels.end();
  const std::string op = text_at(expression, "operator");
  if (op == "Exists") return is_there;
  if (op == "DoesNotExist") return !is_there;
  const Value* values = value_at(expression, "values");
  const auto* items = values == nullptr ? nullptr : values->as_list();
  if (items == nullptr) return false;
  if (op == "Gt" || op == "Lt") {
    if (!is_there || items->empty() || items->front().as_string() == nullptr) return false;
    const std::int64_t bound = number_of(*items->front().as_string());
    const std::int64_t number = number_of(label->second);
    return op == "Gt" ? number > bound : number < bound;
  }
  const bool is_in = is_there && std::ranges::find(*items, Value(label->second)) != items->end();
  return op == "NotIn" ? !is_in : op == "In" && is_in;
}

// One without expressions, as those by fields of nodes are here, matches nothing.
bool matches(const Value& term, const Labels& labels) {
  const Value* expressions = value_at(term, "matchExpressions");
  const auto* items = expressions == nullptr ? nullptr : expressions->as_list();
  return items != nullptr && !items->empty() &&
         std::ranges::all_of(*items, [&](const Value& e) { return holds(e, labels); });
}

bool tolerates(const Value& toleration, const Value& taint) {
  const std::string effect = text_at(toleration, "effect");
  if (!effect.empty() && effect != text_at(taint, "effect")) return false;
  const std::string key = text_at(toleration, "key");
  const bool is_any_value = text_at(toleration, "operator") == "Exists";
  if (key.empty()) return is_any_value;
  return key == text_at(taint, "key") &&
         (is_any_value || text_at(toleration, "value") == text_at(taint, "value"));
}

void drop_selector(Value& pod, const Labels& labels, std::vector<std::string>& dropped) {
  Value* selector = pod.find("nodeSelector");
  auto* entries = selector == nullptr ? nullptr : selector->as_object();
  if (entries == nullptr) return;
  std::erase_if(*entries, [&](const Value::Entry& entry) {
    const auto label = labels.find(entry.key);
    const bool is_met = label != labels.end() && entry.value == Value(label->second);
    if (!is_met) dropped.push_back("nodeSelector " + entry.key);
    return !is_met;
  });
}

void drop_affinity(Value& pod, const Labels& labels, std::vector<std::string>& dropped) {
  Value* affinity = pod.find("affinity");
  Value* of_nodes = affinity == nullptr ? nullptr : affinity->find("nodeAffinity");
  const Value* required = of_nodes == nullptr ? nullptr : of_nodes->find(kRequired);
  const Value* terms = required == nullptr ? nullptr : value_at(*required, "nodeSelectorTerms");
  const auto* items = terms == nullptr ? nullptr : terms->as_list();
  if (items == nullptr) return;
  if (std::ranges::any_of(*items, [&](const Value& term) { return matches(term, labels); })) return;
  dropped.emplace_back("node affinity");
  std::erase_if(*of_nodes->as_object(),
                [](const Value::Entry& entry) { return entry.key == kRequired; });
  if (!of_nodes->as_object()->empty()) return;
  std::erase_if(*affinity->as_object(),
                [](const Value::Entry& entry) { return entry.key == "nodeAffinity"; });
}

void tolerate_all(Value& pod, const Value::List& taints, std::vector<std::string>& dropped) {
  for (const Value& taint : taints) {
    if (text_at(taint, "effect") == "PreferNoSchedule") continue;
    Value* tolerations = pod.find("tolerations");
    if (tolerations == nullptr) tolerations = &pod.set("tolerations", Value::List{});
    auto* items = tolerations->as_list();
    if (items == nullptr) return;
    if (std::ranges::any_of(*items, [&](const Value& t) { return tolerates(t, taint); })) continue;
    Value toleration;
    toleration.set("key", text_at(taint, "key"));
    toleration.set("operator", "Exists");
    toleration.set("effect", text_at(taint, "effect"));
    items->push_back(std::move(toleration));
    dropped.push_back("taint " + text_at(taint, "key"));
  }
}

// Those that machines of EC2 have here.
bool is_offered(std::string_view resource) {
  return resource.find('/') == std::string_view::npos || resource == "nvidia.com/gpu" ||
         resource == "aws.amazon.com/neuron";
}

void drop_from(Value* amounts, std::vector<std::string>& dropped) {
  auto* entries = amounts == nullptr ? nullptr : amounts->as_object();
  if (entries == nullptr) return;
  std::erase_if(*entries, [&](const Value::Entry& entry) {
    if (is_offered(entry.key)) return false;
    if (std::ranges::find(dropped, entry.key) == dropped.end()) dropped.push_back(entry.key);
    return true;
  });
}

}  // namespace

std::vector<std::string> drop_unmet_rules(Value& pod, const Labels& labels,
                                          const Value::List& taints) {
  std::vector<std::string> dropped;
  drop_selector(pod, labels, dropped);
  drop_affinity(pod, labels, dropped);
  tolerate_all(pod, taints, dropped);
  return dropped;
}

std::vector<std::string> drop_unoffered(Value& pod) {
  std::vector<std::string> dropped;
  for (const char* member : {"containers", "initContainers"}) {
    Value* containers = pod.find(member);
    auto* items = containers == nullptr ? nullptr : containers->as_list();
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
      Value* resources = (*items)[i].find("resources");
      if (resources == nullptr) continue;
      drop_from(resources->find("requests"), dropped);
      drop_from(resources->find("limits"), dropped);
    }
  }
  return dropped;
}

}  // namespace casim::sim
