#include "sim/explain/target.h"

#include <algorithm>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "src/config/names.h"

namespace casim::sim {
namespace {

PodId pod_at(std::size_t index) { return PodId(static_cast<PodId::rep>(index)); }

std::string nearest_text(std::string_view word, const std::vector<std::string>& names) {
  const auto nearest = config::nearest_name(word, std::span<const std::string>(names));
  return nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : "";
}

Target target_of(PodId id, const ReplayedRun& run, std::string reason) {
  const PodRecord& pod = run.pods.pods()[id.value()];
  Target out;
  out.name = run.text_of(id).name;
  out.reason = std::move(reason);
  out.pod = id;
  out.from = pod.created;
  out.to = std::min(pod.ended, run.end);
  if (!pod.is_bound()) return out;
  const NodeRecord& node = run.nodes.nodes().at(pod.node.value());
  out.node = pod.node;
  out.instance = node.instance;
  out.group = node.group;
  // The node of a pod that it was there before has nothing to do with its wait.
  if (node.ready > pod.waits_from) out.made_by = run.nodes.provenance(pod.node);
  return out;
}

std::expected<std::vector<Target>, std::string> pod_named(const std::string& name,
                                                          const ReplayedRun& run) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < run.pods.pods().size(); ++i) {
    std::string own = run.text_of(pod_at(i)).name;
    if (own == name) return std::vector{target_of(pod_at(i), run, "")};
    names.push_back(std::move(own));
  }
  return std::unexpected(fmt::format("the run has no pod \"{}\"{}", name,
                                     names.empty() ? "; it has none" : nearest_text(name, names)));
}

// By its name, or by that of its machine.
std::expected<std::vector<Target>, std::string> node_named(const std::string& name,
                                                           const ReplayedRun& run) {
  std::vector<std::string> names;
  const auto& nodes = run.nodes.nodes();
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const NodeId id(static_cast<NodeId::rep>(i));
    if (nodes[i].name != name && nodes[i].instance != name) {
      names.push_back(nodes[i].name);
      continue;
    }
    Target out{.kind = SubjectKind::kNode,
               .name = nodes[i].name,
               .reason = "",
               .pod = {},
               .node = id,
               .instance = nodes[i].instance,
               .group = nodes[i].group,
               .made_by = run.nodes.provenance(id)};
    return std::vector{std::move(out)};
  }
  return std::unexpected(
      fmt::format("the run has no node \"{}\"{}", name, nearest_text(name, names)));
}

std::expected<std::vector<Target>, std::string> group_named(const std::string& name,
                                                            const ReplayedRun& run) {
  if (std::ranges::find(run.groups, name) != run.groups.end()) {
    Target out{.kind = SubjectKind::kGroup,
               .name = name,
               .reason = "",
               .pod = {},
               .node = {},
               .instance = "",
               .group = name,
               .made_by = {}};
    return std::vector{std::move(out)};
  }
  const std::vector<std::string_view> allowed(run.groups.begin(), run.groups.end());
  return std::unexpected(fmt::format("the scenario has no node group \"{}\"{}", name,
                                     config::suggestion(name, allowed)));
}

struct Wait {
  PodId pod;
  std::optional<Duration> total;  // none: it waits for ever
};

// Of scale_up_latency, shortest first, those without an answer last.
std::vector<Wait> waits_of(const ReplayedRun& run) {
  std::vector<Wait> out;
  for (std::size_t i = 0; i < run.pods.pods().size(); ++i) {
    const PodRecord& pod = run.pods.pods()[i];
    if (pod.daemon_set || pod.created < run.warmup) continue;
    const auto stages = stages_of(pod, run.nodes);
    if (stages && stages->scale_up) out.push_back({pod_at(i), stages->total});
    const bool waits = pod.unschedulable != kTimeNever && !pod.is_bound() && !pod.has_ended;
    if (waits && run.text_of(pod_at(i)).unfit.empty()) out.push_back({pod_at(i), std::nullopt});
  }
  std::ranges::stable_sort(out, {},
                           [](const Wait& wait) { return wait.total.value_or(Duration::max()); });
  return out;
}

std::expected<std::vector<Target>, std::string> slowest(const ReplayedRun& run) {
  const std::vector<Wait> waits = waits_of(run);
  if (waits.empty()) return std::unexpected("no pod of the run waited for a new node");
  const std::size_t rank = std::max<std::size_t>(1, (waits.size() * 99 + 99) / 100) - 1;
  const std::string of = fmt::format("of {} pods that waited for a new node", waits.size());
  std::vector<Target> out;
  out.push_back(target_of(waits.back().pod, run, "The longest wait " + of));
  // Of equal waits one is enough.
  if (waits[rank].total != waits.back().total) {
    out.push_back(target_of(waits[rank].pod, run, "The 99th percentile " + of));
  }
  return out;
}

}  // namespace

std::expected<std::vector<Target>, std::string> targets_of(const Subject& subject,
                                                           const ReplayedRun& run) {
  switch (subject.kind) {
    case SubjectKind::kPod:
      return pod_named(subject.name, run);
    case SubjectKind::kNode:
      return node_named(subject.name, run);
    case SubjectKind::kGroup:
      return group_named(subject.name, run);
    case SubjectKind::kLoop:
      if (subject.at > run.end) {
        return std::unexpected(fmt::format("the run ended at {:.3f} s, before {:.3f} s",
                                           to_seconds(run.end), to_seconds(subject.at)));
      }
      return std::vector{Target{.kind = SubjectKind::kLoop,
                                .name = subject.name,
                                .reason = "",
                                .pod = {},
                                .node = {},
                                .instance = "",
                                .group = "",
                                .made_by = {},
                                .from = subject.at}};
    case SubjectKind::kSlowest:
      return slowest(run);
  }
  return std::unexpected("nothing");
}

}  // namespace casim::sim
