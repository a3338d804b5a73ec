#include "sim/import/owner_manifests.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/import/live_pods.h"

namespace casim::sim {
namespace {

using config::Value;

bool is_complete(const KubeObject& job) {
  const Value* conditions = value_at(*job.value, "status.conditions");
  const auto* items = conditions == nullptr ? nullptr : conditions->as_list();
  return items != nullptr && std::ranges::any_of(*items, [](const Value& condition) {
           const std::string type = text_at(condition, "type");
           return (type == "Complete" || type == "Failed") &&
                  text_at(condition, "status") == "True";
         });
}

bool is_paused(const KubeObject& object) {
  const Value* paused = value_at(*object.value, "spec.paused");
  return object.kind == "Deployment" && paused != nullptr && *paused == Value(true);
}

Value* member(Value* of, const char* name) {
  Value* found = of == nullptr ? nullptr : of->find(name);
  return found == nullptr || found->as_object() == nullptr ? nullptr : found;
}

void erase(Value& object, std::string_view key) {
  std::erase_if(*object.as_object(), [&](const Value::Entry& entry) { return entry.key == key; });
}

// Volumes that a StatefulSet's claims became.
void erase_claimed(Value& spec, const KubeObject& object) {
  const Value* claims = value_at(*object.value, "spec.volumeClaimTemplates");
  Value* volumes = spec.find("volumes");
  if (claims == nullptr || claims->as_list() == nullptr || volumes == nullptr ||
      volumes->as_list() == nullptr) {
    return;
  }
  std::erase_if(*volumes->as_list(), [&](const Value& volume) {
    return std::ranges::any_of(*claims->as_list(), [&](const Value& claim) {
      return text_at(claim, "metadata.name") == text_at(volume, "name");
    });
  });
}

class OwnerReader {
 public:
  explicit OwnerReader(const ClusterPods& pods) : pods_(pods) {}

  void add(const KubeObject& object) {
    if (object.kind == "Pod" || object.kind == "Node" || object.kind == "Event") return;
    if (object.kind == "Job") return add_job(object);
    const bool is_owned = !controller_of(object).kind.empty();
    // Not ReplicaSets of Deployments, nor what is of a custom owner but these.
    if (is_owned && object.kind != "StatefulSet" && object.kind != "DaemonSet" &&
        object.kind != "Deployment") {
      return;
    }
    if (is_paused(object)) return paused_.push_back(object.name);
    Value copy = copy_of(object);
    if (is_replica_keeper(object.kind)) take_live_spec(object, copy);
    out_.file.documents.emplace_back(std::move(copy));
  }

  OwnerManifests take() {
    say(complete_jobs_, "finished Jobs, left out");
    say(jobs_, "Jobs, whose pods begin anew, without those that succeeded");
    list(paused_, "paused Deployments, whose pods are kept and which make no others");
    list(differ_,
         "pods ask for other things than the template of their owner, and are taken as "
         "they are");
    return std::move(out_);
  }

 private:
  // In typed lists only the list says the kind.
  static Value copy_of(const KubeObject& object) {
    Value copy = *object.value;
    if (copy.find("kind") == nullptr) copy.set("kind", object.kind);
    if (copy.find("apiVersion") == nullptr) copy.set("apiVersion", object.api_version);
    return copy;
  }

  void add_job(const KubeObject& object) {
    if (is_complete(object)) {
      ++complete_jobs_;
      return;
    }
    Value copy = copy_of(object);
    const Value* wanted = value_at(copy, "spec.completions");
    const Value* succeeded = value_at(copy, "status.succeeded");
    if (wanted != nullptr && succeeded != nullptr) {
      const std::int64_t left = wanted->as_int64().value_or(1) - succeeded->as_int64().value_or(0);
      if (left <= 0) {
        ++complete_jobs_;
        return;
      }
      copy.find("spec")->set("completions", left);
    }
    ++jobs_;
    out_.file.documents.emplace_back(std::move(copy));
  }

  // After admission pods may ask for more than their template: sidecars, LimitRanges, resizes.
  void take_live_spec(const KubeObject& object, Value& copy) {
    const auto owned = pods_.owned.find({object.kind, object.namespace_name, object.name});
    Value* pod_template = member(member(&copy, "spec"), "template");
    if (owned == pods_.owned.end() || pod_template == nullptr) return;
    config::Problems told_later;
    ManifestNotes noted_later;
    const Value written = PodFields(told_later, noted_later)
                              .pod_of(object, *pod_template, "spec.template", RestartRule::kAny);
    if (told_later.has_errors()) return;
    const std::string shape = shape_of(written);
    const bool differs = std::ranges::any_of(
        owned->second.groups, [&](const AlikePods& group) { return group.shape != shape; });
    if (!differs) return;
    differ_.push_back(object.label());
    const AlikePods& group = owned->second.largest();
    if (group.shape == shape) return;
    Value spec = *value_at(*group.example->value, "spec");
    erase(spec, "nodeName");
    if (object.kind == "StatefulSet") erase_claimed(spec, object);
    pod_template->set("spec", std::move(spec));
  }

  void say(int count, const char* what) {
    if (count > 0) out_.notes.push_back(fmt::format("{}: {}", what, count));
  }

  void list(const std::vector<std::string>& names, const char* what) {
    if (!names.empty()) out_.notes.push_back(fmt::format("{}: {}", what, fmt::join(names, ", ")));
  }

  const ClusterPods& pods_;
  std::vector<std::string> paused_;
  std::vector<std::string> differ_;
  int complete_jobs_ = 0;
  int jobs_ = 0;
  OwnerManifests out_{{"snapshot", {}}, {}};
};

}  // namespace

bool is_replica_keeper(const std::string& kind) {
  static const std::set<std::string> kKinds = {"Deployment", "StatefulSet", "ReplicaSet",
                                               "ReplicationController"};
  return kKinds.contains(kind);
}

OwnerManifests owner_manifests(const std::vector<KubeObject>& objects, const ClusterPods& pods) {
  OwnerReader reader(pods);
  for (const KubeObject& object : objects) reader.add(object);
  return reader.take();
}

}  // namespace casim::sim
