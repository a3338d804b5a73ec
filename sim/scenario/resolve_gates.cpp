#include "sim/scenario/resolve_gates.h"

#include <set>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sim/scenario/pod_templates.h"
#include "src/config/names.h"

namespace casim::sim {
namespace {

class GateCheck {
 public:
  GateCheck(const Scenario& scenario, const config::Document& document, config::Problems& problems)
      : scenario_(scenario), document_(document), problems_(problems) {
    for (const GateConfig& gate : scenario_.scheduling_gates) lifted_.push_back(gate.name);
  }

  void run() {
    std::set<std::string> named;
    for_each_template(scenario_, [&](const FoundTemplate& found) {
      for (std::size_t i = 0; i < found.pod.scheduling_gates.size(); ++i) {
        const std::string& name = found.pod.scheduling_gates[i].name;
        named.insert(name);
        check_lifted(fmt::format("{}.schedulingGates[{}]", found.path, i), name);
      }
    });
    for (std::size_t i = 0; i < lifted_.size(); ++i) {
      if (named.contains(std::string(lifted_[i]))) continue;
      document_.warning(problems_, fmt::format("scheduling_gates[{}]", i), "no pod has this gate");
    }
    for (std::size_t i = 0; i < scenario_.workloads.size(); ++i) {
      const auto* initial = std::get_if<InitialWorkload>(&scenario_.workloads[i].body);
      if (initial == nullptr || initial->pod.scheduling_gates.empty()) continue;
      document_.error(problems_, fmt::format("workloads[{}].pod.schedulingGates", i),
                      "pods that are on a node from the start cannot have gates");
    }
  }

 private:
  void check_lifted(const std::string& path, const std::string& name) {
    for (const std::string_view lifted : lifted_) {
      if (lifted == name) return;
    }
    if (name.empty()) return;  // said already
    const std::string nearest = lifted_.empty() ? "" : config::suggestion(name, lifted_);
    document_.warning(
        problems_, path,
        fmt::format("nobody lifts \"{}\", so its pods wait for ever{}", name, nearest));
  }

  const Scenario& scenario_;
  const config::Document& document_;
  config::Problems& problems_;
  std::vector<std::string_view> lifted_;
};

}  // namespace

std::map<std::string, GateLift> resolve_gates(const Scenario& scenario) {
  std::map<std::string, GateLift> out;
  for (const GateConfig& gate : scenario.scheduling_gates) {
    GateLift& lift = out[gate.name];
    if (gate.lifted_after) lift.after = *gate.lifted_after;
    if (gate.lifted_at) lift.from = kTimeZero + *gate.lifted_at;
  }
  return out;
}

void check_gates(const Scenario& scenario, const config::Document& document,
                 config::Problems& problems) {
  GateCheck(scenario, document, problems).run();
}

}  // namespace casim::sim
