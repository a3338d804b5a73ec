// The credentials with which EC2 is called: fixed, or read from a secret that is rotated, or
// temporary ones that expire. Source: provisioning-paths.md 4.
#pragma once

#include <optional>

#include "src/core/time.h"

namespace casim::sim {

// How the process that calls EC2 reads the secret, and so how old its copy may be.
enum class SecretReader {
  kApi,           // of the API server, at each use: the watch delay
  kVolume,        // a mounted file: the kubelet's sync, and its cache
  kEnv,           // at its start, never again
  kProcessCache,  // a mounted file, and a cache of its own in addition
};

enum class RotationMode {
  kOverlap,   // the new one is there before the old one goes
  kHardCut,   // at the same time
  kLateWrite  // later
};

enum class SecretDamage { kDeleted, kMalformed };

// For a while there is no secret, or one that cannot be read.
struct BrokenSecret {
  Duration at{};
  Duration length{};
  SecretDamage how = SecretDamage::kDeleted;
};

struct StaticCredentials {};

struct RotatedCredentials {
  SecretReader reader = SecretReader::kApi;
  RotationMode mode = RotationMode::kOverlap;
  Duration first = std::chrono::hours(24);   // rotation, from the start
  Duration period = std::chrono::hours(24);  // assumed
  Duration overlap = std::chrono::hours(1);  // assumed
  Duration late_write{};
  Duration kubelet_sync = std::chrono::seconds(60);
  Duration kubelet_cache = std::chrono::seconds(1);  // watch mode; up to 60 s with TTL
  Duration process_cache = std::chrono::seconds(900);
  Duration watch_delay = std::chrono::milliseconds(50);  // assumed
  std::optional<BrokenSecret> broken;
};

struct TemporaryCredentials {
  Duration validity = std::chrono::hours(1);
  Duration margin = std::chrono::seconds(300);  // assumed: before the end they are renewed
  double refresh_fails = 0.001;                 // assumed: share of tries
  Duration retry = std::chrono::seconds(60);    // assumed
  std::optional<Duration> never_renewed_after;  // from then on every try fails
};

}  // namespace casim::sim
