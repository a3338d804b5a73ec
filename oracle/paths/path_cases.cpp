#include "oracle/paths/path_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "oracle/paths/path_story.h"

namespace casim::oracle {
namespace {

constexpr double kExact = 0.001;  // s

// How far from an expectation still passes.
struct Tolerance {
  double seconds = kExact;
  double share = 0;  // of a count
  double least = 0;  // likewise
};

Tolerance tolerance_of(const Json& one, const std::string& family) {
  if (family == "request" || family == "disposable") return {0.1, 0, 0};
  if (family == "gate") return {0.1, 0.03, 2};
  if (family == "machines") return {one.at("tolerance_s").get<double>() + 1e-6, 0, 0};
  return {};
}

PathStory run_family(const std::string& family, const Json& given) {
  if (family == "queue") return run_queue_case(given);
  if (family == "request" || family == "gate" || family == "disposable") {
    return run_request_case(given);
  }
  if (family == "machines") return run_machines_case(given);
  if (family == "breaker") return run_breaker_case(given);
  throw std::runtime_error("unknown family " + family);
}

std::string differs(const std::string& key, const Json& expected, const Json& got) {
  return fmt::format("{}: expected {}, got {}", key, expected.dump(), got.dump());
}

std::string compare_calls(const Json& expected, const PathStory& story, double tolerance) {
  const std::size_t n = std::max(expected.size(), story.calls.size());
  for (std::size_t i = 0; i < n; ++i) {
    const std::string key = fmt::format("calls[{}]", i);
    if (i >= expected.size()) {
      const PathCall& call = story.calls[i];
      return fmt::format("{}: expected none, got {} at {}", key, call.method, call.t);
    }
    const Json& row = expected[i];
    if (i >= story.calls.size()) return fmt::format("{}: expected {}, got none", key, row.dump());
    const PathCall& call = story.calls[i];
    const Json& result = row.at("result");
    const std::string wanted = result.is_string() ? result.get<std::string>() : result.dump();
    const bool is_equal = row.at("method") == call.method && wanted == call.result &&
                          std::abs(row.at("t").get<double>() - call.t) <= tolerance;
    if (!is_equal) {
      return differs(key, row, {{"t", call.t}, {"method", call.method}, {"result", call.result}});
    }
  }
  return "";
}

std::string compare_list(const std::string& key, const Json& expected,
                         const std::vector<double>& got, double tolerance) {
  bool is_equal = expected.size() == got.size();
  for (std::size_t i = 0; is_equal && i < got.size(); ++i) {
    is_equal = std::abs(expected[i].get<double>() - got[i]) <= tolerance;
  }
  return is_equal ? "" : differs(key, expected, got);
}

std::string compare_counts(const std::string& key, const Json& expected,
                           const std::vector<double>& times, const Tolerance& tolerance) {
  for (const Json& row : expected) {
    const double t = row.at("t");
    const double n = row.at("n");
    const auto got =
        static_cast<double>(std::ranges::count_if(times, [t](double at) { return at < t - 1e-9; }));
    if (std::abs(n - got) > std::max(tolerance.least, tolerance.share * n)) {
      return fmt::format("{}: expected {} before {}, got {}", key, n, t, got);
    }
  }
  return "";
}

std::vector<double> times_of(const PathStory& story, const std::string& method) {
  std::vector<double> times;
  for (const PathCall& call : story.calls) {
    if (method.empty() || call.method == method) times.push_back(call.t);
  }
  return times;
}

std::vector<double> after_first_drop(const std::vector<double>& passed,
                                     const std::vector<double>& dropped) {
  constexpr std::size_t kMost = 12;
  std::vector<double> times;
  for (const double t : passed) {
    if (!dropped.empty() && t > dropped.front() && times.size() < kMost) times.push_back(t);
  }
  return times;
}

// Those of the lists, which are empty where nothing happened.
std::string check_list(const std::string& key, const Json& expected, const PathStory& story,
                       const Tolerance& tolerance) {
  const auto list = [&](const char* name) {
    const auto found = story.lists.find(name);
    return found == story.lists.end() ? std::vector<double>{} : found->second;
  };
  const std::vector<double> attempts = list("attempts_at_s");
  if (key == "total" && expected != attempts.size()) return differs(key, expected, attempts.size());
  if (key == "total") return "";
  if (key == "last_s" && !attempts.empty()) {
    return compare_list(key, Json::array({expected}), {attempts.back()}, tolerance.seconds);
  }
  if (key == "attempts_by") return compare_counts(key, expected, attempts, tolerance);
  const std::vector<double> passed = list("passed_at_s");
  const std::vector<double> dropped = list("dropped_at_s");
  if (key == "passed" || key == "dropped") {
    const std::size_t n = key == "passed" ? passed.size() : dropped.size();
    return expected == n ? "" : differs(key, expected, n);
  }
  if (key == "first_drop_s") {
    const Json got = dropped.empty() ? Json() : Json(dropped.front());
    return expected == got ? "" : differs(key, expected, got);
  }
  if (key == "passed_after_first_drop_at_s") {
    return compare_list(key, expected, after_first_drop(passed, dropped), kExact);
  }
  if (!story.lists.contains(key)) return "unknown expectation " + key;
  const bool is_time = key.ends_with("_at_s");  // else numbers of machines
  return compare_list(key, expected, list(key.c_str()), is_time ? tolerance.seconds : 0);
}

std::string check(const std::string& key, const Json& expected, const PathStory& story,
                  const Tolerance& tolerance) {
  if (key == "calls") return compare_calls(expected, story, tolerance.seconds);
  if (key == "created")
    return expected == story.created ? "" : differs(key, expected, story.created);
  if (key == "failed") return expected == story.failed ? "" : differs(key, expected, story.failed);
  if (key == "posts_by") {
    return compare_counts(key, expected, times_of(story, "POST"), tolerance);
  }
  if (key == "calls_by") return compare_counts(key, expected, times_of(story, ""), tolerance);
  if (key == "gone_at_s") {
    if (!story.gone_at) return differs(key, expected, Json());
    return compare_list(key, Json::array({expected}), {*story.gone_at}, tolerance.seconds);
  }
  if (key == "conditions") {
    for (const auto& [name, state] : expected.items()) {
      const auto found = story.conditions.find(name);
      const Json got = found == story.conditions.end() ? Json() : Json(found->second);
      if (got != state) return differs(key + "." + name, state, got);
    }
    return "";
  }
  return check_list(key, expected, story, tolerance);
}

class PathKind : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    if (!one.is_object() || !one.contains("expect") || !one.contains("given")) return false;
    const Json& given = one.at("given");
    if (!given.is_object()) return false;
    return given.contains("script") || given.contains("max_reconcile_rate") ||
           given.contains("infra_s") || given.contains("bursts");
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.id = one.at("id");
    result.family = one.at("family");
    const PathStory story = run_family(result.family, one.at("given"));
    const Tolerance tolerance = tolerance_of(one, result.family);
    for (const auto& [key, expected] : one.at("expect").items()) {
      result.difference = check(key, expected, story, tolerance);
      if (!result.difference.empty()) return result;
    }
    result.passed = true;
    return result;
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_path_kind() { return std::make_unique<PathKind>(); }

}  // namespace casim::oracle
