#include "sim/paths/credentials/credentials.h"

namespace casim::sim {

TimePoint SecretCredentials::written(std::uint64_t rotation) const {
  const TimePoint turn =
      kTimeZero + config_.first + config_.period * static_cast<std::int64_t>(rotation - 1);
  return config_.mode == RotationMode::kLateWrite ? turn + config_.late_write : turn;
}

TimePoint SecretCredentials::revoked(std::uint64_t rotation) const {
  const TimePoint turn =
      kTimeZero + config_.first + config_.period * static_cast<std::int64_t>(rotation - 1);
  return config_.mode == RotationMode::kOverlap ? turn + config_.overlap : turn;
}

Duration SecretCredentials::staleness(std::uint64_t n) const {
  const auto part = [&](const char* name, Duration most) {
    return from_seconds(random_.uniform(name, 0, n) * to_seconds(most));
  };
  if (config_.reader == SecretReader::kApi) return config_.watch_delay;
  Duration total = part("credentials.sync", config_.kubelet_sync) +
                   part("credentials.cache", config_.kubelet_cache);
  if (config_.reader == SecretReader::kProcessCache) {
    total += part("credentials.process", config_.process_cache);
  }
  return total;
}

TimePoint SecretCredentials::read(std::uint64_t rotation) const {
  if (config_.reader == SecretReader::kEnv) return kTimeNever;
  return written(rotation) + staleness(rotation);
}

std::uint64_t SecretCredentials::key_in_use(TimePoint at) const {
  std::uint64_t key = 0;
  while (written(key + 1) <= at && read(key + 1) <= at) ++key;
  return key;
}

// Of a deleted secret a mounted volume keeps its files; of a broken one it gets the new content.
bool SecretCredentials::is_damage_seen(TimePoint at) const {
  if (!config_.broken || config_.reader == SecretReader::kEnv) return false;
  const bool is_mounted = config_.reader != SecretReader::kApi;
  if (is_mounted && config_.broken->how == SecretDamage::kDeleted) return false;
  const TimePoint from = kTimeZero + config_.broken->at;
  constexpr std::uint64_t kBegin = 1'000'000;  // draws of their own
  constexpr std::uint64_t kEnd = 1'000'001;
  return at >= from + staleness(kBegin) && at < from + config_.broken->length + staleness(kEnd);
}

// Without a secret no call leaves the process. It is answered here as one that EC2 refuses, so that
// it is counted.
std::optional<ec2::ErrorCode> SecretCredentials::refusal_at(TimePoint at) {
  if (is_damage_seen(at)) return ec2::ErrorCode::kAuthFailure;
  const std::uint64_t key = key_in_use(at);
  if (at >= revoked(key + 1)) return ec2::ErrorCode::kAuthFailure;
  return std::nullopt;
}

std::optional<ec2::ErrorCode> SessionCredentials::refusal_at(TimePoint at) {
  while (next_try_ <= at) {
    const bool is_over =
        config_.never_renewed_after && next_try_ >= kTimeZero + *config_.never_renewed_after;
    const double luck = random_.uniform("credentials.refresh", 0, tries_++);
    if (!is_over && luck >= config_.refresh_fails) {
      expires_ = next_try_ + config_.validity;
      next_try_ = expires_ - config_.margin;
    } else {
      next_try_ += config_.retry;
    }
  }
  if (at >= expires_) return ec2::ErrorCode::kRequestExpired;
  return std::nullopt;
}

}  // namespace casim::sim
