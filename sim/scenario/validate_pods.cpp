#include "sim/scenario/validate_pods.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/scenario/pod_templates.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/resolve_pod.h"
#include "src/config/names.h"

namespace casim::sim {
namespace {

class PodValidator {
 public:
  PodValidator(const Scenario& scenario, const config::Document& document,
               config::Problems& problems)
      : scenario_(scenario), document_(document), problems_(problems) {}

  void run() {
    check_images();
    check_priority_classes();
    check_label_keys();
    check_arrivals();
    if (!problems_.has_errors()) check_extended_resources();
  }

 private:
  // A resource that nobody offers is probably misspelt; its pods are pending for ever.
  void check_extended_resources() {
    std::set<std::string> offered;
    const auto add = [&offered](const Resources& resources) {
      for (const auto& [name, count] : resources.extended) offered.insert(name);
    };
    for (const NodeGroupConfig& group : scenario_.node_groups) {
      add(resolve_group(group, scenario_).node_template.allocatable);
    }
    for (const StaticNodeConfig& node : scenario_.static_nodes) {
      add(resolve_static_node(node, scenario_).allocatable);
    }
    const std::vector<std::string_view> names(offered.begin(), offered.end());
    for_each_pod([&](const std::string& path, const PodTemplate& pod) {
      for (const auto& [name, count] : requests_of(pod).extended) {
        if (count == 0 || offered.contains(name)) continue;
        document_.warning(problems_, path,
                          fmt::format("no node offers \"{}\"{}", name,
                                      names.empty() ? "" : config::suggestion(name, names)));
      }
    });
  }

  void check_priority_classes() {
    const std::vector<std::string> known = priority_class_names(scenario_);
    const std::vector<std::string_view> names(known.begin(), known.end());
    for_each_pod([&](const std::string& path, const PodTemplate& pod) {
      if (!pod.priority_class_name) return;
      const std::string& name = *pod.priority_class_name;
      const auto chosen = find_priority_class(name, scenario_);
      if (!chosen) {
        error(path + ".priorityClassName",
              fmt::format("no priority class \"{}\"{}", name, config::suggestion(name, names)));
      } else if (pod.preemption_policy && *pod.preemption_policy != chosen->preemption_policy) {
        error(path + ".preemptionPolicy", "is another than that of the priority class");
      }
    });
    const auto is_default = [](const PriorityClassConfig& each) { return each.global_default; };
    if (std::ranges::count_if(scenario_.priority_classes, is_default) > 1) {
      error("priority_classes", "more than one is globalDefault");
    }
  }

  // An image that nobody pulls says something that has no effect.
  void check_images() {
    if (scenario_.nodes.image_pulls) return;
    for_each_pod([&](const std::string& path, const PodTemplate& pod) {
      if (!pod.image) return;
      document_.warning(problems_, path + ".image", "has no effect without nodes.image_pulls");
    });
  }

  // Labels that the controllers of the real cluster give to pods, and ours do not.
  void check_label_keys() {
    const std::vector<std::string> known = all_controller_labels();
    for_each_template(scenario_, [&](const FoundTemplate& found) {
      const PodTemplate& pod = found.pod;
      const std::vector<std::string> given = controller_labels(found.workload);
      const auto check = [&](const std::vector<std::string>& keys) {
        for (const std::string& key : keys) {
          if (std::ranges::find(known, key) == known.end()) continue;
          if (pod.labels && pod.labels->contains(key)) continue;
          if (std::ranges::find(given, key) != given.end()) continue;
          error(found.path, fmt::format("matchLabelKeys names {}, which pods here do not have: "
                                        "give them the label",
                                        key));
        }
      };
      for (const TopologySpreadTemplate& spread : pod.topology_spread_constraints) {
        check(spread.match_label_keys);
      }
      if (!pod.affinity) return;
      for (const auto* affinity : {&pod.affinity->pod_affinity, &pod.affinity->pod_anti_affinity}) {
        if (!*affinity) continue;
        for (const PodAffinityTermTemplate& term : (*affinity)->required) {
          check(term.match_label_keys);
          check(term.mismatch_label_keys);
        }
        for (const PreferredPodTerm& term : (*affinity)->preferred) {
          check(term.term.match_label_keys);
          check(term.term.mismatch_label_keys);
        }
      }
    });
  }

  // Arrivals end. What a distribution replaces is not said twice.
  void check_arrivals() {
    for (std::size_t i = 0; i < scenario_.workloads.size(); ++i) {
      const auto* given = std::get_if<ArrivalWorkload>(&scenario_.workloads[i].body);
      if (given == nullptr) continue;
      const std::string path = fmt::format("workloads[{}]", i);
      if (!given->to && !scenario_.duration) {
        error(path + ".to", "missing; without a duration of the run its arrivals need an end");
      }
      const EmpiricalRows rows = given->rows.value_or(EmpiricalRows());
      const Resources requests = requests_of(given->pod);
      const auto twice = [&](const std::string& member, bool is_said, bool is_said_before) {
        if (is_said && is_said_before) error(path + member, "is said in another place too");
      };
      twice(".sizes.cpu", given->sizes.cpu.has_value(), requests.cpu > MilliCpu());
      twice(".sizes.memory", given->sizes.memory.has_value(), requests.memory > Bytes());
      twice(".rows.cpu", rows.cpu.has_value(), given->sizes.cpu || requests.cpu > MilliCpu());
      twice(".rows.memory", rows.memory.has_value(),
            given->sizes.memory || requests.memory > Bytes());
      twice(".rows.run_for", rows.run_for.has_value(), given->run_for.has_value());
    }
  }

  template <class Visit>
  void for_each_pod(Visit visit) const {
    for_each_template(scenario_, [&](const FoundTemplate& found) { visit(found.path, found.pod); });
  }

  void error(const std::string& path, const std::string& message) {
    document_.error(problems_, path, message);
  }

  const Scenario& scenario_;
  const config::Document& document_;
  config::Problems& problems_;
};

}  // namespace

void validate_pods(const Scenario& scenario, const config::Document& document,
                   config::Problems& problems) {
  PodValidator(scenario, document, problems).run();
}

}  // namespace casim::sim
