#include "sim/manifests/pod_shape.h"

namespace casim::sim {
namespace {

constexpr const char* kRequired = "requiredDuringSchedulingIgnoredDuringExecution";
constexpr const char* kPreferred = "preferredDuringSchedulingIgnoredDuringExecution";

const Shape& resources_shape() {
  static const Shape kShape{
      .taken = {{"requests"}, {"limits"}}, .nothing = {}, .apart = {"claims"}};
  return kShape;
}

Shape container_shape(bool is_init) {
  static const Shape kPorts{.taken = {{"hostPort"}, {"protocol"}, {"hostIP"}},
                            .nothing = {},
                            .apart = {"name", "containerPort"}};
  Shape shape{.taken = {{"name"}, {"resources", &resources_shape()}, {"ports", &kPorts}},
              .nothing = {"image",
                          "imagePullPolicy",
                          "command",
                          "args",
                          "workingDir",
                          "env",
                          "envFrom",
                          "volumeMounts",
                          "volumeDevices",
                          "livenessProbe",
                          "readinessProbe",
                          "startupProbe",
                          "lifecycle",
                          "terminationMessagePath",
                          "terminationMessagePolicy",
                          "securityContext",
                          "stdin",
                          "stdinOnce",
                          "tty",
                          "resizePolicy",
                          "restartPolicyRules"},
              .apart = {}};
  if (is_init) {
    shape.taken.push_back({"restartPolicy"});
  } else {
    shape.nothing.push_back("restartPolicy");
  }
  return shape;
}

const Shape& affinity_shape() {
  static const Shape kNodeTerm{
      .taken = {{"matchExpressions"}}, .nothing = {}, .apart = {"matchFields"}};
  static const Shape kNodeRequired{
      .taken = {{"nodeSelectorTerms", &kNodeTerm}}, .nothing = {}, .apart = {}};
  static const Shape kNodePreferred{
      .taken = {{"weight"}, {"preference", &kNodeTerm}}, .nothing = {}, .apart = {}};
  static const Shape kNode{.taken = {{kRequired, &kNodeRequired}, {kPreferred, &kNodePreferred}},
                           .nothing = {},
                           .apart = {}};
  static const Shape kTerm{.taken = {{"labelSelector", &label_selector_shape()},
                                     {"topologyKey"},
                                     {"namespaces"},
                                     {"namespaceSelector", &label_selector_shape()},
                                     {"matchLabelKeys"},
                                     {"mismatchLabelKeys"}},
                           .nothing = {},
                           .apart = {}};
  static const Shape kPreferredTerm{
      .taken = {{"weight"}, {"podAffinityTerm", &kTerm}}, .nothing = {}, .apart = {}};
  static const Shape kPods{
      .taken = {{kRequired, &kTerm}, {kPreferred, &kPreferredTerm}}, .nothing = {}, .apart = {}};
  static const Shape kShape{
      .taken = {{"nodeAffinity", &kNode}, {"podAffinity", &kPods}, {"podAntiAffinity", &kPods}},
      .nothing = {},
      .apart = {}};
  return kShape;
}

const Shape& spread_shape() {
  static const Shape kShape{.taken = {{"maxSkew"},
                                      {"topologyKey"},
                                      {"whenUnsatisfiable"},
                                      {"labelSelector", &label_selector_shape()},
                                      {"minDomains"},
                                      {"nodeAffinityPolicy"},
                                      {"nodeTaintsPolicy"},
                                      {"matchLabelKeys"}},
                            .nothing = {},
                            .apart = {}};
  return kShape;
}

const Shape& tolerations_shape() {
  static const Shape kShape{
      .taken = {{"key"}, {"operator"}, {"value"}, {"effect"}, {"tolerationSeconds"}},
      .nothing = {},
      .apart = {}};
  return kShape;
}

}  // namespace

const Shape& label_selector_shape() {
  static const Shape kExpressions{
      .taken = {{"key"}, {"operator"}, {"values"}}, .nothing = {}, .apart = {}};
  static const Shape kShape{
      .taken = {{"matchLabels"}, {"matchExpressions", &kExpressions}}, .nothing = {}, .apart = {}};
  return kShape;
}

const Shape& pod_spec_shape() {
  static const Shape kContainer = container_shape(false);
  static const Shape kInit = container_shape(true);
  static const Shape kShape{
      .taken = {{"resources", &resources_shape()},
                {"containers", &kContainer},
                {"initContainers", &kInit},
                {"overhead"},
                {"nodeSelector"},
                {"affinity", &affinity_shape()},
                {"tolerations", &tolerations_shape()},
                {"topologySpreadConstraints", &spread_shape()},
                {"priorityClassName"},
                {"preemptionPolicy"},
                {"schedulerName"},
                {"terminationGracePeriodSeconds"}},
      .nothing = {"dnsPolicy",
                  "dnsConfig",
                  "serviceAccountName",
                  "serviceAccount",
                  "automountServiceAccountToken",
                  "hostPID",
                  "hostIPC",
                  "hostUsers",
                  "shareProcessNamespace",
                  "securityContext",
                  "imagePullSecrets",
                  "hostname",
                  "subdomain",
                  "setHostnameAsFQDN",
                  "hostnameOverride",
                  "hostAliases",
                  "enableServiceLinks",
                  "readinessGates",
                  "os",
                  "ephemeralContainers",
                  "priority"},
      .apart = {"volumes", "restartPolicy", "hostNetwork", "nodeName", "activeDeadlineSeconds",
                "runtimeClassName", "resourceClaims", "schedulingGates"}};
  return kShape;
}

}  // namespace casim::sim
