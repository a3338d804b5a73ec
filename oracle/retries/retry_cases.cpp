#include "oracle/retries/retry_cases.h"

#include <fmt/format.h>

#include <cmath>
#include <string>
#include <vector>

#include "oracle/retries/adaptive_client.h"
#include "oracle/retries/delay_formula.h"
#include "oracle/retries/retry_client.h"

namespace casim::oracle {
namespace {

constexpr double kDelayTolerance = 1e-6;  // s; delays are whole nanoseconds

// All calls of a case with one u.
struct ClientStory {
  std::vector<CallStory> calls;
  Json quota_after;
};

ClientStory run_client(const Json& one, double u) {
  const Json& given = one.at("given");
  check_keys(given, {"operation", "errors", "then", "max_attempts", "quota", "calls", "knobs"});
  const backoff::RetrySettings settings = settings_of_case(one);
  const ScriptedAnswers answers(given);
  std::optional<backoff::RetryQuota> quota;
  if (settings.quota && !given.at("quota").is_null()) {
    quota.emplace(*settings.quota, given.at("quota").get<int>());
  }
  ClientStory story;
  for (int i = 0; i < given.at("calls").get<int>(); ++i) {
    story.calls.push_back(run_call(settings, quota ? &*quota : nullptr, answers, u));
  }
  if (quota) story.quota_after = quota->available();
  return story;
}

std::string compare(const std::string& key, const Json& expected, const Json& got) {
  if (expected == got) return "";
  return fmt::format("{}: expected {}, got {}", key, expected.dump(), got.dump());
}

std::string check_one_delay(const std::string& name, const Json& expected, double got, double u) {
  const auto differs = [&](double value) { return std::abs(value - got) > kDelayTolerance; };
  const auto say = [&](const std::string& what) {
    return fmt::format("{}: expected {}, got {} with u = {}", name, what, got, u);
  };
  if (expected.contains("formula")) {
    const std::string formula = expected.at("formula");
    if (differs(evaluate_delay(formula, u))) return say(formula);
  }
  if (u == 0 && differs(expected.at("min_s"))) return say("min_s " + expected.at("min_s").dump());
  if (u == 1 && differs(expected.at("max_s"))) return say("max_s " + expected.at("max_s").dump());
  return "";
}

std::string check_delays(const Json& expected, const std::vector<double>& got, double u) {
  if (expected.size() != got.size()) {
    return fmt::format("delays: expected {}, got {}", expected.size(), got.size());
  }
  for (std::size_t i = 0; i < got.size(); ++i) {
    const std::string broken =
        check_one_delay(fmt::format("delays[{}]", i), expected[i], got[i], u);
    if (!broken.empty()) return broken;
  }
  return "";
}

std::string check_key(const std::string& key, const Json& expected, const ClientStory& got,
                      double u) {
  const CallStory& last = got.calls.back();
  if (key == "attempts") return compare(key, expected, last.attempts);
  if (key == "delays") return check_delays(expected, last.delays_s, u);
  if (key == "stopped_by") return compare(key, expected, last.stopped_by);
  if (key == "quota_after") return compare(key, expected, got.quota_after);
  if (key == "final_error") {
    return compare(key, expected, last.final_error.empty() ? Json() : Json(last.final_error));
  }
  Json per_call = Json::array();
  if (key == "attempts_per_call") {
    for (const CallStory& call : got.calls) per_call.push_back(call.attempts);
    return compare(key, expected, per_call);
  }
  if (key == "stopped_by_per_call") {
    for (const CallStory& call : got.calls) per_call.push_back(call.stopped_by);
    return compare(key, expected, per_call);
  }
  return "unknown expectation " + key;
}

std::string find_difference(const Json& one) {
  if (one.at("given").contains("answers_per_call")) return find_adaptive_difference(one);
  // The least, the greatest, and one that takes part in every formula.
  for (const double u : {0.0, 1.0, 0.375}) {
    const ClientStory got = run_client(one, u);
    for (const auto& [key, expected] : one.at("expect").items()) {
      std::string broken = check_key(key, expected, got, u);
      if (!broken.empty()) return broken;
    }
  }
  return "";
}

class RetryKind : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    return one.is_object() && one.contains("preset") && one.contains("given") &&
           one.at("given").is_object() && one.contains("expect") &&
           (one.at("given").contains("errors") || one.at("given").contains("answers_per_call"));
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.id = one.at("id");
    result.family = one.at("preset");
    result.difference = find_difference(one);
    result.passed = result.difference.empty();
    return result;
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_retry_kind() { return std::make_unique<RetryKind>(); }

}  // namespace casim::oracle
