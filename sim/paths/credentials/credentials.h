// What EC2 makes of the credentials in use at an instant. Source: provisioning-paths.md 4.2, 4.3.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "sim/paths/credentials/config.h"
#include "src/core/random.h"
#include "src/core/time.h"
#include "src/ec2/error_code.h"

namespace casim::sim {

class Credentials {
 public:
  virtual ~Credentials() = default;
  // The error of a call that is made at `at`; none: they are good. Requires: times that do not
  // fall.
  virtual std::optional<ec2::ErrorCode> refusal_at(TimePoint at) = 0;
};

// A key pair in a secret: the process has the one that it read last, whether or not it still holds.
class SecretCredentials final : public Credentials {
 public:
  // The randomness outlives it.
  SecretCredentials(const RotatedCredentials& config, const Random& random)
      : config_(config), random_(random) {}

  std::optional<ec2::ErrorCode> refusal_at(TimePoint at) override;

 private:
  // Rotations are numbered from 1; the n-th brings key n.
  TimePoint written(std::uint64_t rotation) const;
  TimePoint revoked(std::uint64_t rotation) const;  // the key before it
  TimePoint read(std::uint64_t rotation) const;     // by the process; kTimeNever: never
  Duration staleness(std::uint64_t n) const;
  std::uint64_t key_in_use(TimePoint at) const;
  bool is_damage_seen(TimePoint at) const;

  RotatedCredentials config_;
  const Random& random_;
};

// Sessions of a limited validity, renewed in time; a renewal can fail, and is tried again.
class SessionCredentials final : public Credentials {
 public:
  SessionCredentials(const TemporaryCredentials& config, const Random& random)
      : config_(config),
        random_(random),
        expires_(kTimeZero + config.validity),
        next_try_(expires_ - config.margin) {}

  std::optional<ec2::ErrorCode> refusal_at(TimePoint at) override;

 private:
  TemporaryCredentials config_;
  const Random& random_;
  TimePoint expires_;
  TimePoint next_try_;
  std::uint64_t tries_ = 0;
};

}  // namespace casim::sim
