#include <algorithm>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/autoscaler/scaleup/priority_expander.h"
#include "sim/faults/check.h"
#include "sim/scenario/autoscaler_flags.h"
#include "sim/scenario/check_hpas.h"
#include "sim/scenario/initial_quota.h"
#include "sim/scenario/initial_room.h"
#include "sim/scenario/load_scenario.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/resolve_budgets.h"
#include "sim/scenario/resolve_gates.h"
#include "sim/scenario/resolve_pod.h"
#include "sim/scenario/resolve_volumes.h"
#include "sim/scenario/validate_pods.h"
#include "src/config/names.h"
#include "src/provider/provider.h"

namespace casim::sim {
namespace {

class Validator {
 public:
  Validator(const Scenario& scenario, const config::Document& document, config::Problems& problems)
      : scenario_(scenario), document_(document), problems_(problems) {}

  void run() {
    is_whole_ = !problems_.has_errors();
    for (std::size_t i = 0; i < scenario_.node_groups.size(); ++i) {
      check_zones(i);
      const std::string path = fmt::format("node_groups[{}].instance_types", i);
      const std::vector<std::string>& types = scenario_.node_groups[i].instance_types;
      check_types(types, [&](std::size_t type) { return fmt::format("{}[{}]", path, type); });
    }
    for (std::size_t i = 0; i < scenario_.static_nodes.size(); ++i) {
      check_types({scenario_.static_nodes[i].instance_type},
                  [i](std::size_t) { return fmt::format("static_nodes[{}].instance_type", i); });
    }
    check_end();
    check_hpas(scenario_, document_, problems_);
    check_endless(scenario_, document_, problems_);
    check_faults();
    check_capacity();
    check_budgets(scenario_, document_, problems_);
    check_gates(scenario_, document_, problems_);
    check_volumes(scenario_, document_, problems_);
    validate_pods(scenario_, document_, problems_);
    if (!problems_.has_errors()) check_offers();
    if (!problems_.has_errors()) check_registered();
    if (!problems_.has_errors()) check_initial_nodes();
    if (!problems_.has_errors()) check_initial_pods();
    check_flags();
    if (!problems_.has_errors()) check_provider();
  }

 private:
  void error(const std::string& path, const std::string& message) {
    document_.error(problems_, path, message);
  }

  template <class Names>
  void unknown(const std::string& path, const std::string& what, const std::string& name,
               const Names& allowed) {
    const std::vector<std::string_view> views(allowed.begin(), allowed.end());
    error(path, fmt::format("unknown {} \"{}\"{}", what, name, config::suggestion(name, views)));
  }

  // A zone that does not exist would refuse every launch.
  void check_zones(std::size_t index) {
    const std::vector<std::string>& known = scenario_.ec2.zones;
    if (known.empty()) return;
    const std::vector<std::string>& zones = scenario_.node_groups[index].zones;
    for (std::size_t i = 0; i < zones.size(); ++i) {
      if (std::find(known.begin(), known.end(), zones[i]) != known.end()) continue;
      unknown(fmt::format("node_groups[{}].zones[{}]", index, i), "zone", zones[i], known);
    }
  }

  // EC2 refuses a type in a zone that does not offer it. Requires: known types.
  void check_offers() {
    for (std::size_t i = 0; i < scenario_.node_groups.size(); ++i) {
      const NodeGroupConfig& group = scenario_.node_groups[i];
      for (const std::string& name : group.instance_types) {
        const ec2::InstanceType& type = scenario_.ec2.catalogue->at(name);
        if (group.lifecycle == ec2::Lifecycle::kSpot && !type.has_spot) {
          error(fmt::format("node_groups[{}].lifecycle", i),
                fmt::format("EC2 does not sell {} as Spot", name));
        }
        for (const std::string& zone : group.zones) {
          if (ec2::is_offered(type, zone)) continue;
          const bool has_initial = group.initial > 0 && name == group.instance_types.front();
          tell_offer(fmt::format("node_groups[{}]", i), type, zone, has_initial);
        }
      }
    }
  }

  // How nodes are said to differ from the template is possible, and is a difference. Requires:
  // known types.
  void check_registered() {
    for (std::size_t i = 0; i < scenario_.node_groups.size(); ++i) {
      const std::optional<RegisteredNode>& given = scenario_.node_groups[i].registered;
      if (!given) continue;
      const std::string path = fmt::format("node_groups[{}].registered", i);
      const provider::NodeTemplate node =
          resolve_group(scenario_.node_groups[i], scenario_).node_template;
      std::vector<std::string> keys;
      for (const auto& [key, value] : node.labels) keys.push_back(key);
      for (std::size_t k = 0; k < given->without_labels.size(); ++k) {
        const std::string& key = given->without_labels[k];
        if (node.labels.contains(key)) continue;
        unknown(fmt::format("{}.without_labels[{}]", path, k), "label of the template", key, keys);
      }
      for (const auto& [key, value] : given->labels) {
        const auto same = node.labels.find(key);
        if (same == node.labels.end() || same->second != value) continue;
        error(fmt::format("{}.labels.{}", path, key), "the template has this label too");
      }
      check_label_lists(path, *given);
      PodSpec all;
      all.requests = given->allocatable;
      const std::string why = why_not(all, {}, {}, node.capacity);
      if (!why.empty()) error(path + ".allocatable", "its machine " + why);
    }
  }

  // A label is said in one place, or the places contradict each other.
  void check_label_lists(const std::string& path, const RegisteredNode& given) {
    for (std::size_t i = 0; i < given.zone_labels.size(); ++i) {
      const std::string& key = given.zone_labels[i];
      const std::string place = fmt::format("{}.zone_labels[{}]", path, i);
      if (given.labels.contains(key)) error(place, "is in labels too");
      if (key == "topology.kubernetes.io/zone") error(place, "every node has this label");
    }
    for (std::size_t i = 0; i < given.without_labels.size(); ++i) {
      const std::string& key = given.without_labels[i];
      const std::string place = fmt::format("{}.without_labels[{}]", path, i);
      if (given.labels.contains(key)) error(place, "is in labels too");
      if (std::ranges::find(given.zone_labels, key) != given.zone_labels.end()) {
        error(place, "is in zone_labels too");
      }
    }
  }

  void tell_offer(const std::string& group, const ec2::InstanceType& type, const std::string& zone,
                  bool has_initial) {
    const std::string offered = type.zones->empty()
                                    ? "in no zone of its Region"
                                    : fmt::format("in {}", fmt::join(*type.zones, ", "));
    const std::string text =
        fmt::format("{} does not offer {}; it is offered {}", zone, type.name, offered);
    if (has_initial) {
      error(group + ".initial", "initial nodes take turns over the zones, and " + text);
    } else {
      document_.warning(problems_, group + ".zones",
                        text + ": launches are refused as Unsupported");
    }
  }

  // Of one group, or of one node. What could not be read is empty, and was said already.
  template <class PathOf>
  void check_types(const std::vector<std::string>& types, PathOf path_of) {
    for (const auto& [type, message] : provider::validate_types(types, *scenario_.ec2.catalogue)) {
      if (types[type].empty() && !is_whole_) continue;
      error(path_of(type), message);
    }
  }

  void check_group_name(const std::string& path, const std::string& name) {
    if (name.empty() && !is_whole_) return;
    std::vector<std::string> names;
    for (const NodeGroupConfig& group : scenario_.node_groups) names.push_back(group.name);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      unknown(path, "node group", name, names);
    }
  }

  void check_initial_nodes() {
    for (const QuotaProblem& problem : initial_nodes_above_quota(scenario_)) {
      error(fmt::format("node_groups[{}].initial", problem.group), problem.message);
    }
  }

  // Their nodes exist, and take all that is put on them.
  void check_initial_pods() {
    InitialRoom room(scenario_);
    for (std::size_t i = 0; i < scenario_.workloads.size(); ++i) {
      const auto* initial = std::get_if<InitialWorkload>(&scenario_.workloads[i].body);
      if (initial == nullptr) continue;
      const std::string path = fmt::format("workloads[{}]", i);
      const auto pod = std::make_shared<const PodSpec>(resolve_pod("", initial->pod, scenario_));
      take_room(path, initial->place, pod, room);
      for (std::size_t p = 0; p < initial->also.size(); ++p) {
        take_room(fmt::format("{}.also[{}]", path, p), initial->also[p], pod, room);
      }
    }
  }

  void take_room(const std::string& path, const InitialPlace& place, const PodSpecPtr& pod,
                 InitialRoom& room) {
    check_group_name(path + ".group", place.group);
    if (!room.has_group(place.group)) return;
    const int nodes = room.nodes_of(place.group);
    if (place.first > nodes || place.nodes > nodes - place.first) {
      error(path + ".nodes", fmt::format("the group has {} initial nodes", nodes));
      return;
    }
    for (int n = place.first; n < place.first + place.nodes; ++n) {
      for (int i = 0; i < place.per_node; ++i) {
        const std::string why = room.put(place.group, n, pod);
        if (why.empty()) continue;
        error(path + (i == 0 ? ".pod" : ".per_node"),
              i == 0 ? fmt::format("node {} {}", n, why)
                     : fmt::format("node {} has room for {} of them: it {}", n, i, why));
        return;
      }
    }
  }

  // Each once, in order.
  static void add_each(const std::vector<std::string>& names, std::vector<std::string_view>& to) {
    for (const std::string& name : names) {
      if (std::ranges::find(to, name) == to.end()) to.push_back(name);
    }
  }

  FaultSurroundings surroundings() const {
    FaultSurroundings all;
    all.duration = scenario_.duration;
    for (const NodeGroupConfig& group : scenario_.node_groups) {
      all.node_groups.push_back(group.name);
      if (group.lifecycle == ec2::Lifecycle::kSpot) all.spot_groups.push_back(group.name);
      add_each(group.zones, all.zones);
      add_each(group.instance_types, all.instance_types);
    }
    for (const StaticNodeConfig& node : scenario_.static_nodes) {
      all.static_nodes.push_back(node.name);
    }
    return all;
  }

  void check_faults() {
    const FaultSurroundings all = surroundings();
    for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
      scenario_.faults[i].check(
          FaultCheck(all, fmt::format("faults[{}]", i), document_, problems_));
    }
  }

  // A pool that no group uses is probably misspelt.
  void check_capacity() {
    const FaultSurroundings all = surroundings();
    const CapacityConfig& capacity = scenario_.ec2.capacity;
    for (std::size_t i = 0; i < capacity.pools.size(); ++i) {
      const FaultCheck check(all, fmt::format("ec2.capacity.pools[{}]", i), document_, problems_);
      check.names_type("instance_type", capacity.pools[i].type);
      check.names_zone("zone", capacity.pools[i].zone);
    }
    for (std::size_t i = 0; i < capacity.shortages.size(); ++i) {
      const FaultCheck check(all, fmt::format("ec2.capacity.shortages[{}]", i), document_,
                             problems_);
      check.names_types("instance_types", capacity.shortages[i].instance_types);
      check.names_zones("zones", capacity.shortages[i].zones);
    }
  }

  // Wall time ends in the year 2262. Timers that are armed at the end need room, and so does a load
  // that decides the end (assumed).
  void check_end() {
    constexpr Duration kYear = std::chrono::hours(24 * 366);
    const Duration length = scenario_.duration.value_or(10 * kYear);
    const Duration begin = std::max(Duration{}, scenario_.start.time_since_epoch());
    if (begin < Duration::max() - kYear && length <= Duration::max() - kYear - begin) return;
    error(scenario_.duration ? "duration" : "start",
          "the run would go beyond the year 2261, where wall time ends");
  }

  void check_flags() {
    const auto parsed = autoscaler_options(scenario_.autoscaler);
    for (const FlagProblem& problem : parsed.problems) {
      const std::string place = problem.flag.empty() ? "" : "." + problem.flag;
      error("autoscaler.flags" + place, problem.message);
    }
    for (const std::string& warning : parsed.warnings) {
      document_.warning(problems_, "autoscaler.flags", warning);
    }
    check_api_limit();
    check_priorities(parsed.options.expanders);
  }

  // One limit under two names.
  void check_api_limit() {
    if (!scenario_.autoscaler.api) return;
    for (const auto& [flag, value] : scenario_.autoscaler.flags) {
      std::string name = flag;
      std::replace(name.begin(), name.end(), '_', '-');
      if (name != "kube-client-qps" && name != "kube-client-burst") continue;
      error("autoscaler.api", fmt::format("the flag {} sets this too: keep one of them", flag));
    }
  }

  void check_priorities(const std::vector<std::string>& expanders) {
    const bool asks = std::find(expanders.begin(), expanders.end(), "priority") != expanders.end();
    const std::optional<std::string>& text = scenario_.autoscaler.priorities;
    const bool is_unread = text && text->empty() && !is_whole_;  // and said already
    const auto parsed = GroupPriorities::parse(text.value_or("{}"));
    if (!parsed) {
      if (is_unread) return;
      error("autoscaler.priorities",
            fmt::format("must map whole numbers to lists of regular expressions (Go's syntax): {}",
                        parsed.error()));
    } else if (text.has_value() != asks) {
      document_.warning(problems_, "autoscaler",
                        asks ? "the expander \"priority\" has no priorities and keeps all options"
                             : "priorities have no effect without the expander \"priority\"");
    }
  }

  void check_provider() {
    for (const std::string& problem : provider::validate(resolve_provider(scenario_))) {
      error("node_groups", problem);
    }
  }

  const Scenario& scenario_;
  const config::Document& document_;
  config::Problems& problems_;
  bool is_whole_ = true;  // all could be read
};

}  // namespace

void validate(const Scenario& scenario, const config::Document& document,
              config::Problems& problems) {
  Validator(scenario, document, problems).run();
}

}  // namespace casim::sim
