#include "sim/autoscaler/cluster/event_recorder.h"

#include <algorithm>

#include "src/core/random.h"

namespace casim::sim {
namespace {

constexpr std::size_t kQueueMax = 1000;                      // maxQueuedEvents
constexpr std::size_t kKnownMax = 8192;                      // defaultLRUCache
constexpr Duration kSpamInterval = std::chrono::minutes(5);  // defaultQPS, defaultBurstSize 1

}  // namespace

EventRecorder::EventRecorder(const AutoscalerOptions& options, ClusterWriter& writer,
                             const Clock& clock, TaskScope& scope)
    : options_(options), writer_(writer), clock_(clock), scope_(scope), written_max_(kKnownMax) {}

void EventRecorder::about_pod(std::string_view reason, PodId pod) {
  record(hash_combine(hash_bytes(reason), hash_combine(hash_bytes("pod"), pod.value())));
}

void EventRecorder::about_node(std::string_view reason, std::string_view node) {
  record(hash_combine(hash_bytes(reason), hash_combine(hash_bytes("node"), hash_bytes(node))));
}

void EventRecorder::about_config_map(std::string_view reason, std::string_view name) {
  record(hash_combine(hash_bytes(reason), hash_combine(hash_bytes("map"), hash_bytes(name))));
}

void EventRecorder::about_status(std::string_view message) {
  if (options_.write_status_configmap) record(hash_bytes(message));
}

void EventRecorder::record(std::uint64_t key) {
  if (waiting_.size() >= kQueueMax) return;
  waiting_.push_back(key);
  if (is_writing_) return;
  is_writing_ = true;
  scope_.spawn(write_all());
}

Awaitable<void> EventRecorder::write_all() {
  while (!waiting_.empty()) {
    const std::uint64_t key = waiting_.front();
    waiting_.pop_front();
    if (!is_spam(key)) co_await writer_.write_event();
  }
  is_writing_ = false;
}

bool EventRecorder::is_spam(std::uint64_t key) {
  if (options_.record_duplicated_events) return false;
  const TimePoint now = clock_.now();
  const auto [at, is_new] = written_.try_emplace(key, now);
  if (!is_new && now - at->second < kSpamInterval) return true;
  at->second = now;
  if (is_new && written_.size() > written_max_) forget_old();
  return false;
}

// What is old says nothing; the real cache forgets the least recently used instead.
void EventRecorder::forget_old() {
  const TimePoint now = clock_.now();
  erase_if(written_, [&](const auto& entry) { return now - entry.second >= kSpamInterval; });
  written_max_ = std::max(kKnownMax, 2 * written_.size());
}

}  // namespace casim::sim
