#include "sim/workloads/controller_events.h"

#include <algorithm>

#include "src/core/random.h"

namespace casim::sim {

namespace {

constexpr std::size_t kMaxQueued = 1000;
constexpr std::size_t kMaxObjects = 4096;  // maxLruCacheEntries
constexpr double kBurst = 25;              // defaultSpamBurst
constexpr double kPerSecond = 1.0 / 300;   // defaultSpamQPS

}  // namespace

void ControllerEvents::record(const std::string& uid) {
  if (waiting_.size() >= kMaxQueued) {
    ++dropped_;
    return;
  }
  waiting_.push_back(hash_bytes(uid));
  if (!is_writing_) write_next();
}

void ControllerEvents::write_next() {
  is_writing_ = false;
  while (!waiting_.empty()) {
    const std::uint64_t object = waiting_.front();
    waiting_.pop_front();
    if (!is_allowed(object)) {
      ++dropped_;
      continue;
    }
    is_writing_ = true;
    client_.touch([this](const Result<void>&) { write_next(); });
    return;
  }
}

bool ControllerEvents::is_allowed(std::uint64_t object) {
  const TimePoint now = kernel_.now();
  const auto [found, is_new] = buckets_.try_emplace(object);
  Bucket& bucket = found->second;
  if (is_new) {
    bucket.tokens = kBurst;
    by_use_.push_front(object);
  } else {
    bucket.tokens = std::min(kBurst, bucket.tokens + to_seconds(now - bucket.last) * kPerSecond);
    by_use_.splice(by_use_.begin(), by_use_, bucket.used);
  }
  bucket.last = now;
  bucket.used = by_use_.begin();
  const bool allowed = bucket.tokens >= 1;
  if (allowed) bucket.tokens -= 1;
  if (buckets_.size() > kMaxObjects) {
    buckets_.erase(by_use_.back());
    by_use_.pop_back();
  }
  return allowed;
}

}  // namespace casim::sim
