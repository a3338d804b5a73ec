#include "src/live/check.h"

#include <fmt/format.h>

#include "src/live/plan.h"
#include "src/server/reply_size.h"

namespace casim::live {
namespace {

// The Region only prices groups here; the environment is main's.
provider::Config plan_without_environment(const ProviderFile& file) {
  return plan_provider(file, plan_region(file, [](const std::string&) { return std::nullopt; }));
}

std::string mebibytes(std::size_t bytes) {
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024 * 1024));
}

}  // namespace

void warn_of_sizes(const ProviderFile& file, const std::filesystem::path& path,
                   config::Problems& problems) {
  const provider::Config config = plan_without_environment(file);
  const auto warn = [&](std::string at, std::string message) {
    problems.add({.severity = config::Severity::kWarning,
                  .file = path.string(),
                  .path = std::move(at),
                  .message = std::move(message)});
  };
  for (std::size_t i = 0; i < config.groups.size(); ++i) {
    const server::FullGroup full = server::full_reply_of(config.groups[i]);
    const std::string at = fmt::format("node_groups[{}].max", i);
    if (full.running >= server::kReplyWarning) {
      warn(at, fmt::format("with that many machines NodeGroupNodes answers {}, and the "
                           "autoscaler's client refuses more than {}: its loops would abort; use "
                           "several groups",
                           mebibytes(full.running), mebibytes(server::kReplyLimit)));
    } else if (full.failed >= server::kReplyWarning) {
      warn(at, fmt::format("if all of them fail to launch, NodeGroupNodes answers up to {}, and "
                           "the autoscaler's client refuses more than {}; use several groups",
                           mebibytes(full.failed), mebibytes(server::kReplyLimit)));
    }
  }
  const std::size_t groups = server::groups_reply_of(config.groups);
  if (groups >= server::kReplyWarning) {
    warn("node_groups", fmt::format("NodeGroups answers {}, and the autoscaler's client refuses "
                                    "more than {}",
                                    mebibytes(groups), mebibytes(server::kReplyLimit)));
  }
}

std::vector<std::string> describe_plan(const ProviderFile& file) {
  const provider::Config config = plan_without_environment(file);
  std::vector<std::string> lines = {fmt::format(
      "cluster {}: {} groups, store {}, listens at {}{}", file.cluster, config.groups.size(),
      file.store.file.string(), file.listen.address, file.listen.tls ? " (TLS)" : "")};
  for (const provider::GroupConfig& group : config.groups) {
    const Resources& room = group.node_template.allocatable;
    lines.push_back(fmt::format(
        "  {}: {} to {} nodes of {} in {}; each leaves {}m CPU, {} MiB and {} pods", group.id,
        group.min_size, group.max_size, fmt::join(group.instance_types, ", "),
        fmt::join(group.zones, ", "), room.cpu.value(), room.memory.value() >> 20, room.pods));
  }
  return lines;
}

}  // namespace casim::live
