#include "sim/paths/rancher/registration.h"

#include <algorithm>

namespace casim::sim {

RancherRegistration::RancherRegistration(const RancherConfig& config, const Random& random)
    : config_(config),
      random_(random),
      tokens_(config.token, random),
      worker_free_(static_cast<std::size_t>(config.server_workers), kTimeZero) {}

Duration RancherRegistration::draw(const Distribution& of, const char* name, std::uint64_t machine,
                                   std::uint64_t n) const {
  return of.duration(random_.uniform(name, machine, n));
}

bool RancherRegistration::is_reachable(TimePoint at) const {
  if (!config_.unreachable) return true;
  const TimePoint from = kTimeZero + config_.unreachable->at;
  return at < from || at >= from + config_.unreachable->length;
}

RancherRegistration::Course RancherRegistration::run(const std::string& machine, TimePoint ordered,
                                                     TimePoint begins) {
  const std::uint64_t key = hash_bytes(machine);
  Course course;
  const auto lost = [&](Failure why) {
    course.failure = why;
    return course;
  };
  std::optional<TimePoint> at = call(config_.script_download, "rancher.script", key, begins);
  if (at) at = call(config_.ca_fetch, "rancher.ca", key, *at);
  if (!at) return lost(Failure::kGaveUp);
  const bool has_wrong_sum =
      config_.ca_mismatch_from && begins >= kTimeZero + *config_.ca_mismatch_from;
  if (has_wrong_sum) return lost(Failure::kCaMismatch);  // the script exits at once
  at = call(config_.healthz, "rancher.healthz", key, *at);
  if (at) at = call(config_.binary_download, "rancher.binary", key, *at);
  if (!at) return lost(Failure::kGaveUp);
  TimePoint read{};
  switch (config_.token.source) {
    case RancherTokenSource::kStaticUserData:
      read = kTimeZero;
      break;
    case RancherTokenSource::kFetchedAtBoot:
      read = begins;
      break;
    case RancherTokenSource::kXrInjected:
      read = ordered;
      break;
  }
  at = connect(key, tokens_.good_until(read), *at, course);
  if (!at) return lost(Failure::kGaveUp);
  const TimePoint started = *at + draw(config_.agent_start, "rancher.agent", key);
  const TimePoint planned = started + draw(config_.plan_ready, "rancher.plan_ready", key);
  const double tick = random_.uniform("rancher.node_lookup", key, 0);
  course.at = apply_plan(key, planned) + from_seconds(tick * to_seconds(config_.node_lookup_tick));
  return course;
}

std::optional<TimePoint> RancherRegistration::call(const Distribution& takes, const char* name,
                                                   std::uint64_t machine, TimePoint at) const {
  for (int i = 0; i < config_.max_tries; ++i) {
    const auto n = static_cast<std::uint64_t>(i);
    if (!is_reachable(at)) {
      at += config_.connect_timeout + config_.retry_sleep;
      continue;
    }
    at += draw(takes, name, machine, n);
    const double luck =
        random_.uniform("rancher.http_error", hash_combine(machine, hash_bytes(name)), n);
    if (luck >= config_.http_errors) return at;
    at += config_.retry_sleep;
  }
  return std::nullopt;
}

std::optional<TimePoint> RancherRegistration::connect(std::uint64_t machine, TimePoint good_until,
                                                      TimePoint at, Course& course) {
  std::optional<TimePoint> served;
  for (int i = 0; i < config_.max_tries; ++i) {
    ++course.connects;
    if (!is_reachable(at)) {
      at += config_.connect_timeout + config_.retry_sleep;
      continue;
    }
    const Duration takes = draw(config_.connect_call, "rancher.connect", machine, course.connects);
    const double luck = random_.uniform("rancher.connect_error", machine, course.connects);
    // An unknown token is an error like any other, and is tried like any other.
    if (luck < config_.http_errors || at >= good_until) {
      at += takes + config_.retry_sleep;
      continue;
    }
    // The server goes on with what it has begun when the client has cut the call.
    if (!served) served = serve(machine, at);
    if (*served + takes <= at + config_.max_time) return std::max(at, *served) + takes;
    at += config_.max_time + config_.retry_sleep;
  }
  return std::nullopt;
}

TimePoint RancherRegistration::serve(std::uint64_t machine, TimePoint at) {
  const auto worker = std::ranges::min_element(worker_free_);
  const TimePoint begins = std::max(at, *worker);
  *worker = begins + draw(config_.machine_object_create, "rancher.machine_object", machine);
  const double tick = random_.uniform("rancher.planner", machine, 0);
  return *worker + from_seconds(tick * to_seconds(config_.planner_tick));
}

TimePoint RancherRegistration::apply_plan(std::uint64_t machine, TimePoint at) const {
  for (std::uint64_t n = 0;; ++n) {
    at += draw(config_.plan_apply, "rancher.plan_apply", machine, n);
    if (random_.uniform("rancher.plan_fails", machine, n) >= config_.plan_fails) return at;
    at += config_.plan_cooldown;
  }
}

}  // namespace casim::sim
