#include "oracle/workloads/workload_given.h"

#include <fmt/format.h>

#include <stdexcept>

#include "oracle/judge/strict_json.h"
#include "oracle/judge/taint_effect.h"

namespace casim::oracle {

using namespace casim::sim;

namespace {

std::optional<Duration> duration_or_never(const Json& of, const char* key) {
  const double seconds = of.value(key, 0.0);
  if (seconds < 0) return std::nullopt;
  return from_seconds(seconds);
}

std::pair<std::string, std::string> key_and_effect(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("no effect in \"" + text + "\"");
  return {text.substr(0, colon), text.substr(colon + 1)};
}

}  // namespace

PodScript script_of(const Json& pod) {
  check_keys(pod, {"bind_s", "start_s", "ready_s", "run_s", "fail", "stop_s", "cpu_request_m"});
  PodScript script;
  script.bind = duration_or_never(pod, "bind_s");
  script.start = from_seconds(pod.value("start_s", 0.0));
  script.ready = duration_or_never(pod, "ready_s");
  script.run = from_seconds(pod.value("run_s", 0.0));
  script.fail = pod.value("fail", false);
  script.stop = from_seconds(pod.value("stop_s", 0.0));
  script.cpu_request_m = pod.value("cpu_request_m", 0);
  return script;
}

PodScript PodScripts::of(std::uint64_t number, const std::string& revision, std::uint64_t index,
                         std::uint64_t attempt) const {
  const auto exception = [this](const char* key, const std::string& which) -> const Json* {
    if (!given_.contains(key)) return nullptr;
    const Json& exceptions = given_.at(key);
    return exceptions.contains(which) ? &exceptions.at(which) : nullptr;
  };
  if (const Json* pod = exception("pod_by_number", std::to_string(number))) return script_of(*pod);
  if (const Json* tries = exception("pod_by_index", std::to_string(index))) {
    if (attempt < tries->size()) return script_of(tries->at(attempt));
  }
  if (const Json* pod = exception("pod_by_revision", revision)) return script_of(*pod);
  if (given_.contains("pod_from_number")) {
    const Json& from = given_.at("pod_from_number");
    if (number >= from.at(0).get<std::uint64_t>()) return script_of(from.at(1));
  }
  return script_of(given_.value("pod", Json::object()));
}

Taint workload_taint_of(const std::string& text) {
  auto [key, effect] = key_and_effect(text);
  return {std::move(key), "", effect_of(effect)};
}

Toleration workload_toleration_of(const std::string& text) {
  auto [key, effect] = key_and_effect(text);
  Toleration toleration{std::move(key), Toleration::Operator::kExists, "", std::nullopt};
  if (!effect.empty()) toleration.effect = effect_of(effect);
  return toleration;
}

std::vector<Node> workload_nodes_of(const Json& entry) {
  check_keys(entry, {"name", "count", "labels", "taints", "unschedulable"});
  Node node;
  node.labels = entry.value("labels", Labels{});
  node.unschedulable = entry.value("unschedulable", false);
  node.ready = true;
  node.allocatable.cpu = MilliCpu(1'000'000'000);
  node.allocatable.pods = 1'000'000;
  node.capacity = node.allocatable;
  for (const Json& taint : entry.value("taints", Json::array())) {
    node.taints.push_back(workload_taint_of(taint));
  }
  const std::string name = entry.at("name");
  std::vector<Node> nodes;
  const int count = entry.value("count", 1);
  for (int i = 0; i < count; ++i) {
    node.name = entry.contains("count") ? fmt::format("{}-{:04}", name, i) : name;
    nodes.push_back(node);
  }
  return nodes;
}

TimePoint workload_time_of(const Json& seconds) {
  return kTimeZero + from_seconds(seconds.get<double>());
}

}  // namespace casim::oracle
