#include "sim/import/import.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "sim/import/autoscaler_arguments.h"
#include "sim/import/cluster_nodes.h"
#include "sim/import/cluster_pods.h"
#include "sim/import/cluster_workloads.h"

namespace casim::sim {
namespace {

using config::Value;

// "2026-01-05T08:00:00Z": of that form, texts compare as times do.
bool is_instant(std::string_view text) {
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:ddZ";
  return text.size() == kForm.size() && std::ranges::equal(text, kForm, [](char c, char form) {
           return form == 'd' ? std::isdigit(static_cast<unsigned char>(c)) != 0 : c == form;
         });
}

// The newest instant that a node speaks of: when the snapshot was taken.
std::string instant_of(const std::vector<KubeObject>& nodes) {
  std::string newest;
  const auto see = [&newest](std::string text) {
    if (is_instant(text)) newest = std::max(newest, std::move(text));
  };
  for (const KubeObject& node : nodes) {
    see(text_at(*node.value, "metadata.creationTimestamp"));
    const Value* conditions = value_at(*node.value, "status.conditions");
    const auto* items = conditions == nullptr ? nullptr : conditions->as_list();
    for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
      see(text_at((*items)[i], "lastHeartbeatTime"));
    }
  }
  return newest.empty() ? "2026-01-05T08:00:00Z" : newest;
}

class ClusterImport {
 public:
  ClusterImport(const ImportOptions& options, config::Problems& problems)
      : options_(options), problems_(problems) {}

  Imported run(const std::vector<ManifestFile>& files) {
    for (const ManifestFile& file : files) {
      for (KubeObject& object : objects_in(file.documents, "default", problems_)) {
        if (is_repeated(object)) continue;
        if (object.kind == "Node") nodes_.push_back(object);
        objects_.push_back(std::move(object));
      }
    }
    if (repeated_ > 0) {
      out_.notes.push_back(fmt::format(
          "objects that are there several times, of which the first counts: {}", repeated_));
    }
    if (nodes_.empty() && !problems_.has_errors()) {
      problems_.add({config::Severity::kError, files.empty() ? "" : files.front().name, 0, 0, "",
                     "no Node is in it: kubectl get nodes,pods,... -A -o json prints them"});
    }
    if (problems_.has_errors()) return {};
    const AutoscalerArguments autoscaler = find_autoscaler();
    add_notes(autoscaler.notes);
    ClusterNodes nodes = group_nodes(nodes_, autoscaler.groups);
    for (const std::string& name : nodes.unmatched_bounds) {
      out_.notes.push_back(fmt::format("flag --nodes names {}, of which no node is there", name));
    }
    add_notes(nodes.notes);
    ClusterWorkloads workloads = import_workloads(objects_, nodes, problems_);
    add_notes(workloads.notes);
    if (nodes.node_groups.empty()) {
      problems_.add({config::Severity::kError, files.front().name, 0, 0, "",
                     "no node is of a group: all are of the control plane, lost or left out"});
    }
    write(nodes, workloads, autoscaler);
    return std::move(out_);
  }

 private:
  void add_notes(const std::vector<std::string>& notes) {
    out_.notes.insert(out_.notes.end(), notes.begin(), notes.end());
  }

  // Files may overlap, and two versions of an API show one object.
  bool is_repeated(const KubeObject& object) {
    if (object.name.empty()) return false;
    const std::string group = object.api_version.substr(0, object.api_version.find('/'));
    const bool is_core = object.api_version.find('/') == std::string::npos;
    const bool is_new =
        seen_.insert({is_core ? "" : group, object.kind, object.namespace_name, object.name})
            .second;
    repeated_ += is_new ? 0 : 1;
    return !is_new;
  }

  AutoscalerArguments find_autoscaler() {
    std::optional<AutoscalerArguments> found;
    for (const KubeObject& object : objects_) {
      if (found || object.kind != "Deployment") continue;
      found = autoscaler_arguments_of(object);
      if (found && options_.autoscaler_arguments.empty()) {
        out_.notes.push_back(fmt::format("autoscaler.flags are those of {}", object.label()));
      }
    }
    if (!options_.autoscaler_arguments.empty()) {
      AutoscalerArguments given =
          read_autoscaler_arguments(shell_words(options_.autoscaler_arguments), "");
      if (found) given.version = found->version;
      return given;
    }
    if (!found) {
      out_.notes.emplace_back(
          "no cluster-autoscaler is in it: its flags are the defaults; --args takes a command "
          "line");
    }
    return found.value_or(AutoscalerArguments{});
  }

  // Of the priority expander.
  std::string priorities() const {
    for (const KubeObject& object : objects_) {
      if (object.kind == "ConfigMap" && object.name == "cluster-autoscaler-priority-expander") {
        return text_at(*object.value, "data.priorities");
      }
    }
    return "";
  }

  void write(ClusterNodes& nodes, ClusterWorkloads& workloads,
             const AutoscalerArguments& autoscaler) {
    Value& out = out_.scenario;
    out.set("schema_version", 1);
    out.set("description", "A snapshot of a cluster: what does it do next?");
    out.set("start", instant_of(nodes_));
    out.set("duration", "1h");
    out.set("node_groups", std::move(nodes.node_groups));
    if (!nodes.static_nodes.empty()) out.set("static_nodes", std::move(nodes.static_nodes));
    for (auto& [list, items] : workloads.lists) out.set(list, std::move(items));
    Value settings;
    if (!autoscaler.version.empty()) settings.set("version", autoscaler.version);
    for (const auto& [name, value] : autoscaler.flags) {
      Value flags = settings.find("flags") == nullptr ? Value() : *settings.find("flags");
      flags.set(name, value);
      settings.set("flags", std::move(flags));
    }
    if (const std::string text = priorities(); !text.empty()) settings.set("priorities", text);
    if (!settings.is_null()) out.set("autoscaler", std::move(settings));
    constexpr int kUsualPods = 110;
    if (nodes.most_pods > kUsualPods) {
      Value node_settings;
      node_settings.set("max_pods_cap", nodes.most_pods);
      out.set("nodes", std::move(node_settings));
    }
    Value ec2;
    if (!nodes.instance_types.is_null()) {
      ec2.set("instance_types", std::move(nodes.instance_types));
    }
    // The account holds what it has: its quota is another than that of a new one.
    constexpr std::int64_t kUsualVcpus = 1152;
    if (nodes.most_vcpus > kUsualVcpus) {
      ec2.set("vcpu_quota", nodes.most_vcpus);
      out_.notes.push_back(
          fmt::format("ec2.vcpu_quota is not in the snapshot: {}, enough for all "
                      "groups at their max, is taken",
                      nodes.most_vcpus));
    }
    if (!ec2.is_null()) out.set("ec2", std::move(ec2));
  }

  const ImportOptions& options_;
  config::Problems& problems_;
  std::vector<KubeObject> objects_;
  std::vector<KubeObject> nodes_;
  std::set<std::array<std::string, 4>> seen_;  // API group, kind, namespace, name
  int repeated_ = 0;
  Imported out_;
};

}  // namespace

Imported import_cluster(const std::vector<ManifestFile>& files, const ImportOptions& options,
                        config::Problems& problems) {
  return ClusterImport(options, problems).run(files);
}

}  // namespace casim::sim
