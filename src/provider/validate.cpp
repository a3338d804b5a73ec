#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "src/config/names.h"
#include "src/provider/provider.h"

namespace casim::provider {
namespace {

// EC2's limit of a tag's value, which carries it (ec2.md 1.2).
constexpr std::size_t kLongestId = 256;

// Of the values of EC2's filters; the backslash escapes.
constexpr std::string_view kWildcards = "*?\\";

void check_distinct(const std::string& group, const char* what,
                    const std::vector<std::string>& values, std::vector<std::string>& problems) {
  if (values.empty()) problems.push_back(fmt::format("node group '{}' has no {}", group, what));
  std::set<std::string> seen;
  for (const std::string& value : values) {
    if (value.empty()) {
      problems.push_back(fmt::format("node group '{}' has an empty {}", group, what));
    } else if (!seen.insert(value).second) {
      problems.push_back(fmt::format("node group '{}' names {} '{}' twice", group, what, value));
    }
  }
}

void check_group(const GroupConfig& group, std::vector<std::string>& problems) {
  if (group.id.empty()) problems.emplace_back("a node group has no id");
  // The id stands in provider ids, between slashes.
  if (group.id.find('/') != std::string::npos || group.id.size() > kLongestId) {
    problems.push_back(fmt::format("the id of node group '{}' has a slash or over {} characters",
                                   group.id, kLongestId));
  }
  if (group.min_size < 0) {
    problems.push_back(fmt::format("node group '{}' has a negative min_size", group.id));
  }
  if (group.max_size < group.min_size) {
    problems.push_back(fmt::format("node group '{}' has max_size {} below min_size {}", group.id,
                                   group.max_size, group.min_size));
  }
  if (group.price && group.price->micro_usd_per_hour < 0) {
    problems.push_back(fmt::format("node group '{}' has a negative price", group.id));
  }
  check_distinct(group.id, "instance type", group.instance_types, problems);
  check_distinct(group.id, "zone", group.zones, problems);
}

std::string unknown_type(const std::string& name, const ec2::Catalogue& catalogue) {
  std::vector<std::string_view> names;
  for (const auto& [known, type] : catalogue) names.push_back(known);
  return fmt::format("unknown instance type \"{}\"{}", name, config::suggestion(name, names));
}

bool is_alike(const ec2::InstanceType& a, const ec2::InstanceType& b) {
  return a.vcpus == b.vcpus && a.memory == b.memory && a.gpus == b.gpus &&
         a.gpu_model == b.gpu_model && a.gpu_memory == b.gpu_memory && a.gpu_share == b.gpu_share &&
         a.neuron_devices == b.neuron_devices && a.architecture == b.architecture;
}

// "g5.xlarge (4 vCPU, 16Gi, amd64, 1 A10G)": what is compared.
std::string shape_of(const ec2::InstanceType& type) {
  std::string accelerators = ec2::accelerators_of(type);
  if (accelerators.empty()) accelerators = "no GPU";
  if (type.gpu_memory > Bytes()) accelerators += " with " + to_string(type.gpu_memory);
  return fmt::format("{} ({} vCPU, {}, {}, {})", type.name, type.vcpus, to_string(type.memory),
                     type.architecture, accelerators);
}

}  // namespace

std::vector<std::string> validate(const Config& config) {
  std::vector<std::string> problems;
  if (config.cluster.empty() || config.cluster.size() > kLongestId) {
    problems.push_back(
        fmt::format("the cluster's name is empty or over {} characters", kLongestId));
  }
  if (config.cluster.find_first_of(kWildcards) != std::string::npos) {
    problems.push_back(
        fmt::format("the cluster's name '{}' has one of the characters * ? \\, which EC2's filters "
                    "take for wildcards: machines of other clusters would be listed as its own",
                    config.cluster));
  }
  if (config.join_timeout <= Duration::zero()) {
    problems.emplace_back("join_timeout is not positive");
  }
  if (config.reconcile.period <= Duration::zero()) {
    problems.emplace_back("reconcile.period is not positive");
  }
  if (!(config.reconcile.jitter >= 0 && config.reconcile.jitter < 1)) {
    problems.emplace_back("reconcile.jitter is not a share in [0, 1)");
  }
  for (const BatchWindow& window : {config.launch_window, config.terminate_window}) {
    if (window.idle < Duration::zero() || window.longest < window.idle) {
      problems.emplace_back("a batch window is negative, or longest is below idle");
    }
  }
  if (config.launch_batch < 1) problems.emplace_back("launch_batch is below 1");
  std::set<std::string> ids;
  for (const GroupConfig& group : config.groups) {
    check_group(group, problems);
    if (!ids.insert(group.id).second) {
      problems.push_back(fmt::format("two node groups have the id '{}'", group.id));
    }
  }
  return problems;
}

std::vector<TypeProblem> validate_types(const std::vector<std::string>& types,
                                        const ec2::Catalogue& catalogue) {
  std::vector<TypeProblem> problems;
  const ec2::InstanceType* first = nullptr;  // that is known
  for (std::size_t i = 0; i < types.size(); ++i) {
    const auto entry = catalogue.find(types[i]);
    if (entry == catalogue.end()) {
      problems.push_back({i, unknown_type(types[i], catalogue)});
      continue;
    }
    const ec2::InstanceType& type = entry->second;
    if (type.architecture.ends_with("_mac")) {
      problems.push_back({i, type.name + " is a Mac, which no kubelet runs on"});
      continue;
    }
    if (first == nullptr) first = &type;
    if (is_alike(type, *first)) continue;
    problems.push_back(
        {i, fmt::format("{} differs from {}: the types of one group must be equal in vCPU, memory, "
                        "architecture, number, model and memory of GPUs",
                        shape_of(type), shape_of(*first))});
  }
  return problems;
}

}  // namespace casim::provider
