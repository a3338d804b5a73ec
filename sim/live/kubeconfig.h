// The way into a cluster, as kubectl has it: server and credentials of the current context.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "src/config/problems.h"

namespace casim::sim {

struct ClusterAccess {
  std::string server;               // "https://127.0.0.1:6443"
  bool skips_verification = false;  // insecure-skip-tls-verify
  std::string ca_pem;               // empty: the system's
  std::string server_name;          // that the certificate must have; empty: the host of `server`
  std::string token;                // empty: none
  std::string certificate_pem;      // of the client; empty: none
  std::string key_pem;
};

// Nothing, and problems at their places, when the file or one it names cannot be read, a name
// refers to nothing, or the credentials are of a kind that casim has not: exec, auth-provider,
// passwords.
std::optional<ClusterAccess> read_kubeconfig(const std::filesystem::path& file,
                                             config::Problems& problems);

}  // namespace casim::sim
