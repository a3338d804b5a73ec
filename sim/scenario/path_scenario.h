// How machines come to be, how they become nodes, and with which credentials EC2 is called: the
// parts of a scenario that stand between the provider and the nodes. Each is one of several kinds.
// Source: provisioning-paths.md 1.5, 2.5, 3.5, 4.4.
#pragma once

#include <variant>

#include "sim/paths/cluster_api/config.h"
#include "sim/paths/credentials/config.h"
#include "sim/paths/crossplane/config.h"
#include "sim/paths/rancher/config.h"

namespace casim::sim {

// The provider calls EC2 itself.
struct DirectPath {};

struct PathScenario {
  std::variant<DirectPath, CrossplaneConfig, ClusterApiPathConfig> body;
};

// The kubelet comes with the image and registers by itself.
struct KubeletRegistration {};

struct RegistrationScenario {
  std::variant<KubeletRegistration, RancherConfig> body;
};

struct CredentialsScenario {
  std::variant<StaticCredentials, RotatedCredentials, TemporaryCredentials> body;
};

}  // namespace casim::sim
