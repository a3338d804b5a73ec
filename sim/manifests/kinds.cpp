#include "sim/manifests/kinds.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace casim::sim {
namespace {

struct Kind {
  std::string_view kind;
  std::vector<std::string_view> versions;  // served by Kubernetes 1.34 to 1.37
  std::string_view group;                  // of older versions
  KindRole role;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kKinds = {
      {"Deployment", {"apps/v1"}, "apps extensions", KindRole::kController},
      {"StatefulSet", {"apps/v1"}, "apps", KindRole::kController},
      {"DaemonSet", {"apps/v1"}, "apps extensions", KindRole::kController},
      {"ReplicaSet", {"apps/v1"}, "apps extensions", KindRole::kController},
      {"ReplicationController", {"v1"}, "", KindRole::kController},
      {"Job", {"batch/v1"}, "batch", KindRole::kBatch},
      {"CronJob", {"batch/v1"}, "batch", KindRole::kBatch},
      {"Pod", {"v1"}, "", KindRole::kBatch},
      {"HorizontalPodAutoscaler",
       {"autoscaling/v2", "autoscaling/v1"},
       "autoscaling",
       KindRole::kHpa},
      {"PodDisruptionBudget", {"policy/v1"}, "policy", KindRole::kCluster},
      {"PriorityClass", {"scheduling.k8s.io/v1"}, "scheduling.k8s.io", KindRole::kCluster},
      {"Namespace", {"v1"}, "", KindRole::kCluster},
      {"StorageClass", {"storage.k8s.io/v1"}, "storage.k8s.io", KindRole::kCluster},
  };
  return kKinds;
}

// They make pods, or change what pods ask for, and are not simulated.
constexpr std::string_view kUnsimulated[] = {"LimitRange",
                                             "ResourceQuota",
                                             "VerticalPodAutoscaler",
                                             "ScaledObject",
                                             "ScaledJob",
                                             "Rollout",
                                             "RuntimeClass",
                                             "MutatingWebhookConfiguration",
                                             "MutatingAdmissionPolicy"};

// Of another API: a custom resource may have the name of a kind of Kubernetes.
bool is_of(const Kind& kind, const std::string& api_version) {
  if (std::ranges::find(kind.versions, api_version) != kind.versions.end()) return true;
  const std::string group = api_version.substr(0, api_version.find('/'));
  if (api_version.find('/') == std::string::npos) return kind.group.empty();
  return !kind.group.empty() && kind.group.find(group) != std::string_view::npos;
}

bool is_kubernetes(const std::string& api_version) {
  const std::size_t slash = api_version.find('/');
  if (slash == std::string::npos) return true;
  const std::string group = api_version.substr(0, slash);
  return group.ends_with(".k8s.io") || group.find('.') == std::string::npos;
}

}  // namespace

KindRole role_of(const KubeObject& object, config::Problems& problems) {
  for (const Kind& kind : kinds()) {
    if (kind.kind != object.kind || !is_of(kind, object.api_version)) continue;
    if (std::ranges::find(kind.versions, object.api_version) == kind.versions.end()) {
      const config::Value* given = value_at(*object.value, "apiVersion");
      object_error(object, *given, "apiVersion",
                   fmt::format("there is no {} in \"{}\"; allowed: {}", object.kind,
                               object.api_version, fmt::join(kind.versions, ", ")),
                   problems);
    }
    return kind.role;
  }
  const bool matters = std::ranges::find(kUnsimulated, object.kind) != std::end(kUnsimulated);
  if (matters) return KindRole::kUnsimulated;
  return is_kubernetes(object.api_version) ? KindRole::kNothing : KindRole::kCustom;
}

}  // namespace casim::sim
