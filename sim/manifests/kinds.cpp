#include "sim/manifests/kinds.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/config/names.h"

namespace casim::sim {
namespace {

struct Kind {
  std::string_view kind;
  std::vector<std::string_view> versions;  // served by Kubernetes 1.34 to 1.37
  KindRole role;
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> kKinds = {
      {"Deployment", {"apps/v1"}, KindRole::kController},
      {"StatefulSet", {"apps/v1"}, KindRole::kController},
      {"DaemonSet", {"apps/v1"}, KindRole::kController},
      {"ReplicaSet", {"apps/v1"}, KindRole::kController},
      {"ReplicationController", {"v1"}, KindRole::kController},
      {"Job", {"batch/v1"}, KindRole::kBatch},
      {"CronJob", {"batch/v1"}, KindRole::kBatch},
      {"Pod", {"v1"}, KindRole::kBatch},
      {"HorizontalPodAutoscaler", {"autoscaling/v2", "autoscaling/v1"}, KindRole::kHpa},
      {"PodDisruptionBudget", {"policy/v1"}, KindRole::kCluster},
      {"PriorityClass", {"scheduling.k8s.io/v1"}, KindRole::kCluster},
      {"Namespace", {"v1"}, KindRole::kCluster},
      {"StorageClass", {"storage.k8s.io/v1"}, KindRole::kCluster},
      {"PersistentVolume", {"v1"}, KindRole::kCluster},
      {"PersistentVolumeClaim", {"v1"}, KindRole::kCluster},
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

// Kinds of Kubernetes on which nothing here depends.
constexpr std::string_view kNothing[] = {"APIService",
                                         "Binding",
                                         "CSIDriver",
                                         "CSINode",
                                         "CSIStorageCapacity",
                                         "CertificateSigningRequest",
                                         "ClusterRole",
                                         "ClusterRoleBinding",
                                         "ClusterTrustBundle",
                                         "ComponentStatus",
                                         "ConfigMap",
                                         "ControllerRevision",
                                         "CustomResourceDefinition",
                                         "DeviceClass",
                                         "DeviceTaintRule",
                                         "EndpointSlice",
                                         "Endpoints",
                                         "Event",
                                         "FlowSchema",
                                         "IPAddress",
                                         "Ingress",
                                         "IngressClass",
                                         "Lease",
                                         "LeaseCandidate",
                                         "List",
                                         "MutatingAdmissionPolicyBinding",
                                         "NetworkPolicy",
                                         "Node",
                                         "NodeMetrics",
                                         "PodCertificateRequest",
                                         "PodMetrics",
                                         "PodSecurityPolicy",
                                         "PodTemplate",
                                         "PriorityLevelConfiguration",
                                         "ResourceClaim",
                                         "ResourceClaimTemplate",
                                         "ResourceSlice",
                                         "Role",
                                         "RoleBinding",
                                         "Secret",
                                         "Service",
                                         "ServiceAccount",
                                         "ServiceCIDR",
                                         "StorageVersionMigration",
                                         "TokenReview",
                                         "ValidatingAdmissionPolicy",
                                         "ValidatingAdmissionPolicyBinding",
                                         "ValidatingWebhookConfiguration",
                                         "VolumeAttachment",
                                         "VolumeAttributesClass"};

// Served by the API server itself; other groups that end in k8s.io are of add-ons.
constexpr std::string_view kOwnGroups[] = {"",
                                           "admissionregistration.k8s.io",
                                           "apiextensions.k8s.io",
                                           "apiregistration.k8s.io",
                                           "apps",
                                           "authentication.k8s.io",
                                           "authorization.k8s.io",
                                           "autoscaling",
                                           "batch",
                                           "certificates.k8s.io",
                                           "coordination.k8s.io",
                                           "discovery.k8s.io",
                                           "events.k8s.io",
                                           "extensions",
                                           "flowcontrol.apiserver.k8s.io",
                                           "networking.k8s.io",
                                           "node.k8s.io",
                                           "policy",
                                           "rbac.authorization.k8s.io",
                                           "resource.k8s.io",
                                           "scheduling.k8s.io",
                                           "storage.k8s.io",
                                           "storagemigration.k8s.io"};

bool is_among(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::string group_of(const std::string& api_version) {
  const std::size_t slash = api_version.find('/');
  return slash == std::string::npos ? "" : api_version.substr(0, slash);
}

bool is_kubernetes(const std::string& api_version) {
  const std::string group = group_of(api_version);
  return group.ends_with(".k8s.io") || group.find('.') == std::string::npos;
}

void refuse_version(const KubeObject& object, const Kind& kind, config::Problems& problems) {
  const config::Value* given = value_at(*object.value, "apiVersion");
  object_error(object, given == nullptr ? *object.value : *given, "apiVersion",
               fmt::format("there is no {} in \"{}\"; allowed: {}", object.kind, object.api_version,
                           fmt::join(kind.versions, ", ")),
               problems);
}

// A slip of the pen would lose its pods.
void warn_of_unknown(const KubeObject& object, config::Problems& problems) {
  std::vector<std::string_view> names;
  for (const Kind& kind : kinds()) names.push_back(kind.kind);
  names.insert(names.end(), std::begin(kUnsimulated), std::end(kUnsimulated));
  names.insert(names.end(), std::begin(kNothing), std::end(kNothing));
  const auto nearest = config::nearest_name(object.kind, std::span<const std::string_view>(names));
  const config::Value* given = value_at(*object.value, "kind");
  object_warning(
      object, given == nullptr ? *object.value : *given, "kind",
      fmt::format("Kubernetes has no such kind in \"{}\", it is left out{}", object.api_version,
                  nearest ? fmt::format("; did you mean \"{}\"?", *nearest) : ""),
      problems);
}

}  // namespace

KindRole role_of(const KubeObject& object, config::Problems& problems) {
  // Of another API: a custom resource may have the name of a kind of Kubernetes.
  const bool is_own = is_among(kOwnGroups, group_of(object.api_version));
  for (const Kind& kind : kinds()) {
    if (kind.kind != object.kind || !is_own) continue;
    if (!is_among(kind.versions, object.api_version)) refuse_version(object, kind, problems);
    return kind.role;
  }
  if (is_among(kUnsimulated, object.kind)) return KindRole::kUnsimulated;
  if (is_own && !is_among(kNothing, object.kind)) warn_of_unknown(object, problems);
  return is_kubernetes(object.api_version) ? KindRole::kNothing : KindRole::kCustom;
}

}  // namespace casim::sim
