#include "oracle/scheduler/scheduler_cases.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "oracle/scheduler/scheduler_world.h"

namespace casim::oracle {

using Json = nlohmann::json;

namespace {

// Cases write times with at most six decimals.
constexpr Duration kTolerance = std::chrono::microseconds(1);

TimePoint case_time_of(const Json& seconds) { return kTimeZero + from_seconds(seconds); }

bool is_at(TimePoint a, TimePoint b) { return a - b <= kTolerance && b - a <= kTolerance; }

std::string text(TimePoint t) { return std::to_string(to_seconds(t)); }

using Pods = std::vector<PodStory>;

const PodStory* find(const Pods& pods, const std::string& name) {
  const auto at =
      std::find_if(pods.begin(), pods.end(), [&](const PodStory& pod) { return pod.name == name; });
  return at == pods.end() ? nullptr : &*at;
}

template <class Test>
int count(const Pods& pods, Test test) {
  return static_cast<int>(std::count_if(pods.begin(), pods.end(), test));
}

bool is_pending(const PodStory& pod) { return !pod.bound && !pod.is_gone; }

std::string expect_count(const std::string& what, int expected, int got) {
  if (expected == got) return "";
  return what + ": expected " + std::to_string(expected) + ", got " + std::to_string(got);
}

std::string check_binds(const Json& binds, const Pods& pods) {
  for (const Json& bind : binds) {
    const std::string name = bind.at("pod");
    const PodStory* pod = find(pods, name);
    if (!pod || !pod->bound) return name + " is not bound";
    if (!is_at(*pod->bound, case_time_of(bind.at("t")))) {
      return name + " is bound at " + text(*pod->bound) + ", expected " + bind.at("t").dump();
    }
    if (bind.contains("node") && bind.at("node") != pod->node) {
      return name + " is bound to " + pod->node + ", expected " + bind.at("node").dump();
    }
    const Json any = bind.value("any_of", Json::array());
    if (!any.empty() && std::find(any.begin(), any.end(), pod->node) == any.end()) {
      return name + " is bound to " + pod->node + ", expected one of " + any.dump();
    }
  }
  return "";
}

std::string check_pending(const Json& names, const Pods& pods) {
  std::vector<std::string> expected = names;
  std::vector<std::string> got;
  for (const PodStory& pod : pods) {
    if (is_pending(pod)) got.push_back(pod.name);
  }
  std::sort(expected.begin(), expected.end());
  std::sort(got.begin(), got.end());
  return expected == got ? "" : "pending: expected " + names.dump() + ", got " + Json(got).dump();
}

std::string check_failed(const Json& expected, const Pods& pods) {
  for (const PodStory& pod : pods) {
    const Json times = expected.value(pod.name, Json::array());
    Json got = Json::array();
    for (const TimePoint t : pod.failed) got.push_back(to_seconds(t));
    bool is_equal = times.size() == pod.failed.size();
    for (std::size_t i = 0; is_equal && i < times.size(); ++i) {
      is_equal = is_at(pod.failed[i], case_time_of(times[i]));
    }
    if (!is_equal) {
      return pod.name + " failed at " + got.dump() + ", expected " + times.dump();
    }
  }
  return "";
}

std::string check_failed_total(const Json& expected, const Pods& pods) {
  std::size_t got = 0;
  for (const PodStory& pod : pods) got += pod.failed.size();
  return expect_count("failed attempts", expected, static_cast<int>(got));
}

std::string check_failed_counts(const Json& list, const Pods& pods) {
  for (const Json& one : list) {
    const TimePoint t = case_time_of(one.at("t"));
    int got = 0;
    for (const PodStory& pod : pods) {
      got += static_cast<int>(std::count_if(pod.failed.begin(), pod.failed.end(),
                                            [&](TimePoint f) { return is_at(f, t); }));
    }
    const std::string broken = expect_count("failed at " + text(t), one.at("count"), got);
    if (!broken.empty()) return broken;
  }
  return "";
}

std::string check_bind_counts(const Json& list, const Pods& pods) {
  for (const Json& one : list) {
    const TimePoint t = case_time_of(one.at("t"));
    const int got = count(pods, [&](const PodStory& pod) {
      return pod.bound && is_at(*pod.bound, t) &&
             (!one.contains("node") || one.at("node") == pod.node);
    });
    const std::string broken = expect_count("bound at " + text(t), one.at("count"), got);
    if (!broken.empty()) return broken;
  }
  return "";
}

std::string check_deleted(const Json& list, const Pods& pods) {
  for (const Json& one : list) {
    const TimePoint t = case_time_of(one.at("t"));
    const std::string of = one.at("of");
    const int got = count(pods, [&](const PodStory& pod) {
      return pod.deleted && is_at(*pod.deleted, t) &&
             (pod.name == of || pod.name.starts_with(of + "-"));
    });
    const std::string broken = expect_count("deleted at " + text(t), one.at("count"), got);
    if (!broken.empty()) return broken;
  }
  return "";
}

std::string check_nominated(const Json& list, const Pods& pods) {
  for (const Json& one : list) {
    const std::string name = one.at("pod");
    const PodStory* pod = find(pods, name);
    if (!pod || !pod->nominated) return name + " was not nominated";
    if (!is_at(*pod->nominated, case_time_of(one.at("t")))) {
      return name + " was nominated at " + text(*pod->nominated);
    }
    if (one.contains("node") && one.at("node") != pod->nominated_node) {
      return name + " was nominated to " + pod->nominated_node;
    }
  }
  return "";
}

std::string check_per_node(const Json& sorted, const Pods& pods) {
  std::map<std::string, int> counts;
  for (const PodStory& pod : pods) {
    if (pod.bound && !pod.was_given) ++counts[pod.node];
  }
  std::vector<int> got;
  for (const auto& [node, n] : counts) got.push_back(n);
  std::vector<int> expected = sorted;
  std::erase(expected, 0);
  std::sort(got.begin(), got.end());
  std::sort(expected.begin(), expected.end());
  return got == expected ? "" : "per node: got " + Json(got).dump();
}

std::string check_span(const Json& span, const Pods& pods) {
  for (const PodStory& pod : pods) {
    if (!pod.bound || pod.was_given) continue;
    const TimePoint t = *pod.bound;
    if (t + kTolerance < case_time_of(span.at("from")) ||
        t - kTolerance > case_time_of(span.at("to"))) {
      return pod.name + " is bound at " + text(t);
    }
  }
  return "";
}

std::string check_progress(const Json& list, const Pods& pods) {
  for (const Json& one : list) {
    const TimePoint t = case_time_of(one.at("t"));
    const int bound =
        count(pods, [&](const PodStory& p) { return p.bound && *p.bound <= t && !p.was_given; });
    const int marked = count(pods, [&](const PodStory& p) { return p.marked && *p.marked <= t; });
    std::string broken = expect_count("bound by " + text(t), one.at("bound"), bound);
    if (broken.empty()) {
      broken = expect_count("marked by " + text(t), one.at("marked"), marked);
    }
    if (!broken.empty()) return broken;
  }
  return "";
}

using Check = std::string (*)(const Json&, const Pods&);

constexpr std::pair<const char*, Check> kChecks[] = {
    {"binds", check_binds},
    {"pending", check_pending},
    {"pending_count",
     [](const Json& n, const Pods& pods) {
       return expect_count("pending", n, count(pods, is_pending));
     }},
    {"failed_attempts", check_failed},
    {"failed_attempt_total", check_failed_total},
    {"failed_attempt_counts", check_failed_counts},
    {"bind_counts", check_bind_counts},
    {"deleted", check_deleted},
    {"first_nominated", check_nominated},
    {"per_node_sorted", check_per_node},
    {"t", check_span},
    {"progress", check_progress},
};

// Tells the scheduler's cases from others by what its worlds consist of.
class SchedulerKind : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    if (!one.is_object() || !one.contains("given") || !one.contains("expect")) return false;
    const Json& given = one.at("given");
    if (!given.is_object() || given.contains("groups") || !given.contains("duration_s") ||
        !given.contains("events") || !given.contains("nodes")) {
      return false;
    }
    const Json& nodes = given.at("nodes");
    return nodes.is_array() && std::all_of(nodes.begin(), nodes.end(),
                                           [](const Json& node) { return node.contains("cpu_m"); });
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.id = one.at("id");
    result.family = one.value("family", result.id.substr(0, result.id.rfind('-')));
    SchedulerWorld world(one.at("given"));
    world.run();
    for (const auto& [key, expected] : one.at("expect").items()) {
      const auto check = std::find_if(std::begin(kChecks), std::end(kChecks),
                                      [&](const auto& known) { return key == known.first; });
      result.difference = check == std::end(kChecks) ? "unknown expectation " + key
                                                     : check->second(expected, world.pods());
      if (!result.difference.empty()) return result;
    }
    result.passed = true;
    return result;
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_scheduler_kind() { return std::make_unique<SchedulerKind>(); }

}  // namespace casim::oracle
