#include <algorithm>
#include <cstdlib>

#include "oracle/paths/path_story.h"
#include "sim/paths/queue/work_queue.h"

namespace casim::oracle {
namespace {

using sim::Kernel;
using sim::Phase;
using sim::QueueRules;
using sim::WorkQueue;

QueueRules rules_of(const Json& given) {
  const Json& limiter = given.at("limiter");
  check_keys(limiter, {"kind", "base_s", "cap_s", "spacing_s"});
  const std::string kind = limiter.at("kind");
  QueueRules rules;
  rules.has_one_time = given.at("priority_queue");
  if (kind == "stock") {
    if (rules.has_one_time) rules.backoff.qps = 0;  // no bucket with the priority queue
    return rules;
  }
  rules.backoff.qps = 0;
  if (kind == "item") {
    rules.backoff.first = from_seconds(limiter.at("base_s"));
    rules.backoff.longest = from_seconds(limiter.at("cap_s"));
    return rules;
  }
  if (kind != "cluster_api") throw std::runtime_error("unknown limiter " + kind);
  rules.spacing = from_seconds(limiter.at("spacing_s"));
  rules.backoff.on_top = rules.spacing;
  return rules;
}

class QueueCase {
 public:
  explicit QueueCase(const Json& given)
      : script_(given.at("script").get<std::vector<std::string>>()),
        service_(from_seconds(given.at("service_s"))),
        end_(from_seconds(given.at("duration_s"))),
        tries_(given.at("items").get<std::size_t>()),
        queue_(
            kernel_, given.at("workers"), [this](WorkQueue::Key key) { begin(key); },
            rules_of(given)) {
    add_all();
    for (const double t : numbers_of(given, "events_at_s")) {
      kernel_.at(kTimeZero + from_seconds(t), Phase::kWorld, [this] { add_all(); });
    }
  }

  PathStory run() {
    kernel_.run(kTimeZero + end_, 10'000'000);
    PathStory story;
    story.lists["attempts_at_s"] = attempts_;
    return story;
  }

 private:
  void add_all() {
    for (WorkQueue::Key key = 0; key < tries_.size(); ++key) queue_.add(key);
  }

  void begin(WorkQueue::Key key) {
    attempts_.push_back(to_seconds(kernel_.now()));
    const std::size_t n = std::min(tries_[key]++, script_.size() - 1);
    if (service_ == Duration{}) return end(key, script_[n]);
    kernel_.after(service_, Phase::kWorld, [this, key, n] { end(key, script_[n]); });
  }

  void end(WorkQueue::Key key, const std::string& outcome) {
    constexpr const char* kAfter = "after ";
    if (outcome == "ok") return queue_.end(key, true);
    if (outcome == "error" || outcome == "requeue") return queue_.end(key, false);
    if (!outcome.starts_with(kAfter)) throw std::runtime_error("unknown outcome " + outcome);
    queue_.end_after(key, from_seconds(std::stod(outcome.substr(6))));
  }

  Kernel kernel_{WallTime{}};
  std::vector<std::string> script_;
  Duration service_;
  Duration end_;
  std::vector<std::size_t> tries_;  // by key
  std::vector<double> attempts_;
  WorkQueue queue_;
};

}  // namespace

PathStory run_queue_case(const Json& given) {
  check_keys(given, {"limiter", "priority_queue", "items", "workers", "service_s", "script",
                     "events_at_s", "duration_s"});
  return QueueCase(given).run();
}

}  // namespace casim::oracle
