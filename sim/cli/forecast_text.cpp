#include "sim/cli/forecast_text.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/config/units.h"

namespace casim::sim {
namespace {

constexpr double kGib = 1024.0 * 1024 * 1024;
constexpr std::size_t kBar = 30;

std::string time_text(Duration at) {
  return config::write_duration(std::chrono::floor<std::chrono::seconds>(at));
}

std::string amounts(const Resources& requests) {
  std::string text = to_string(requests.cpu) + " cpu, " + to_string(requests.memory) + " memory";
  for (const auto& [name, amount] : requests.extended) text += fmt::format(", {} {}", amount, name);
  return text;
}

std::string workload_line(const ForecastWorkload& w) {
  if (w.pods == 0) return fmt::format("    {:<16} no pods\n", w.name);
  std::string runs = "stay";
  const double ending = w.sum.pods - static_cast<double>(w.stay);
  if (ending > 0.5) runs = "run " + time_text(from_seconds(w.run_s / ending)) + " on average";
  return fmt::format("    {:<16} pods: {}; they {}; mean request {:.2f} cpu, {:.2f} GiB\n", w.name,
                     w.pods, runs, w.sum.cpu / w.sum.pods, w.sum.memory / w.sum.pods / kGib);
}

std::string table(const LoadForecast& f) {
  std::string text = fmt::format("  Over time, the most within each {}\n", time_text(f.slot));
  text += fmt::format("    {:<10} {:>10} {:>10} {:>10} {:>12}\n", "from", "arrivals", "pods", "cpu",
                      "memory");
  for (std::size_t i = 0; i < f.slots.size(); ++i) {
    const ForecastSlot& slot = f.slots[i];
    const double share = f.cpu.value > 0 ? slot.most.cpu / f.cpu.value : 0;
    const auto length = static_cast<std::size_t>(std::lround(share * kBar));
    const std::string bar(std::min(length, kBar), '#');
    const std::string line =
        fmt::format("    {:<10} {:>10.0f} {:>10.0f} {:>10.1f} {:>8.1f} GiB  {}",
                    time_text(f.slot * static_cast<std::int64_t>(i)), slot.arrivals, slot.most.pods,
                    slot.most.cpu, slot.most.memory / kGib, bar);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string group_line(const ForecastGroup& g) {
  if (g.nodes.value == 0) return fmt::format("    {:<16} nothing fits there\n", g.name);
  const double nodes = std::ceil(g.nodes.value - 1e-6);
  return fmt::format("    {:<16} {:.0f} nodes at {}, by {}; max {}{}\n", g.name, nodes,
                     time_text(g.nodes.at), g.decided_by, g.max,
                     nodes > g.max ? ": too few, unless other nodes take the rest" : "");
}

// The commonest first.
std::string unfit_lines(std::vector<ForecastUnfit> unfit) {
  constexpr std::size_t kShown = 10;
  if (unfit.empty()) return "";
  std::ranges::stable_sort(unfit, std::greater<>(), &ForecastUnfit::pods);
  std::string text = "\n  Never fit, and are left out above\n";
  std::uint64_t more = 0;
  for (std::size_t i = 0; i < unfit.size(); ++i) {
    if (i >= kShown) {
      more += unfit[i].pods;
      continue;
    }
    text += fmt::format("    {:<16} {} pods of {}: {}\n", unfit[i].workload, unfit[i].pods,
                        amounts(unfit[i].requests), unfit[i].why);
  }
  if (more == 0) return text;
  return text + fmt::format("    and {} pods of {} other sizes\n", more, unfit.size() - kShown);
}

}  // namespace

std::string to_text(const LoadForecast& f) {
  std::string text = "\n  Workloads\n";
  for (const ForecastWorkload& workload : f.workloads) text += workload_line(workload);
  text += "\n  What follows is what would be there if each pod ran from its arrival on.\n\n";
  text += table(f);
  text += fmt::format("\n  Peaks\n    {:.0f} pods at {}, {:.1f} cpu at {}, {:.1f} GiB at {}\n",
                      f.pods.value, time_text(f.pods.at), f.cpu.value, time_text(f.cpu.at),
                      f.memory.value / kGib, time_text(f.memory.at));
  text += "\n  Node groups, if all that fits went there: the least number of nodes at the peak\n";
  for (const ForecastGroup& group : f.groups) text += group_line(group);
  if (!f.daemon_sets.empty()) {
    text += fmt::format("\n  Not counted: a pod on each node of {}, and the surge of rollouts\n",
                        fmt::join(f.daemon_sets, ", "));
  }
  text += unfit_lines(f.unfit);
  if (f.is_cut) {
    text += fmt::format("\n  Only the first {} pods were looked at.\n", LoadForecast::kMostPods);
  }
  return text;
}

}  // namespace casim::sim
