#include "oracle/pods/kubernetes_pod.h"

#include <stdexcept>

#include "sim/scenario/describe_pod.h"
#include "sim/scenario/resolve_pod.h"
#include "src/config/config.h"

namespace casim::oracle {

sim::PodTemplate read_pod(const Json& given) {
  sim::PodTemplate pod;
  config::Problems problems;
  const auto document = config::parse_text(given.dump(), config::Format::kJson, {}, problems);
  if (document) config::read(*document, pod, problems);
  if (!problems.empty()) throw std::runtime_error("pod: " + problems.text());
  return pod;
}

std::vector<sim::NamespaceConfig> read_namespaces(const Json& given) {
  std::vector<sim::NamespaceConfig> all;
  for (const Json& one : given) {
    check_keys(one, {"name", "labels"});
    all.push_back({one.at("name").get<std::string>(), one.value("labels", sim::Labels())});
  }
  return all;
}

std::shared_ptr<sim::PodSpec> spec_of(const std::string& workload, const sim::PodTemplate& pod,
                                      const std::vector<sim::NamespaceConfig>& namespaces) {
  sim::Scenario around;
  around.namespaces = namespaces;
  auto spec = std::make_shared<sim::PodSpec>(sim::resolve_pod(workload, pod, around));
  spec->has_priority = pod.priority.has_value();
  return spec;
}

}  // namespace casim::oracle
