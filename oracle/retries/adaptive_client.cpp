#include "oracle/retries/adaptive_client.h"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "oracle/retries/retry_client.h"
#include "src/backoff/adaptive_limiter.h"
#include "src/ec2/failure_kind.h"

namespace casim::oracle {
namespace {

// The recordings' clock counted floating point seconds from here, and answers that fall on a half
// second to the last bit belong to the half second which its rounding says.
constexpr double kClockStart = 1'000'000;
constexpr double kRateTolerance = 1e-4;

std::optional<ec2::AttemptError> answer_named(const std::string& name) {
  if (name == "ok") return std::nullopt;
  if (name == "throttle") return ec2::error_reply(ec2::ErrorCode::kRequestLimitExceeded, "");
  if (name == "error") return ec2::error_reply(ec2::ErrorCode::kInternalError, "");
  throw std::runtime_error("unknown answer " + name);
}

class AdaptiveClient {
 public:
  explicit AdaptiveClient(const Json& one)
      : given_(one.at("given")),
        settings_(settings_of_case(one)),
        quota_(*settings_.quota),
        now_(kClockStart + given_.at("clock_start_s").get<double>()),
        limiter_(now_) {
    check_keys(given_, {"operation", "u", "clock_start_s", "round_trip_s", "gap_between_calls_s",
                        "answers_per_call", "max_attempts", "quota", "knobs"});
  }

  Json run() {
    Json calls = Json::array();
    for (const Json& answers : given_.at("answers_per_call")) {
      calls.push_back(call(answers));
      now_ += given_.at("gap_between_calls_s").get<double>();
    }
    return {{"calls", calls}, {"quota_after", quota_.available()}};
  }

 private:
  double seen() const { return now_ - kClockStart; }

  Json call(const Json& answers) {
    Json story = {{"call_at_s", seen()},
                  {"attempts", 0},
                  {"sent_at_s", Json::array()},
                  {"backoff_s", Json::array()},
                  {"limiter_waits_s", Json::array()},
                  {"final_error", nullptr},
                  {"after_each_answer", Json::array()}};
    backoff::Retry retry(settings_, &quota_, {});
    for (std::size_t attempt = 0;; ++attempt) {
      wait_for_token(story);
      story["sent_at_s"].push_back(seen());
      story["attempts"] = attempt + 1;
      now_ += given_.at("round_trip_s").get<double>();
      const std::optional<ec2::AttemptError> error = answer_named(answers.at(attempt));
      const backoff::FailureKind kind =
          error ? failure_kind_of(*error, settings_.classification) : backoff::FailureKind::kFinal;
      limiter_.on_answer(kind == backoff::FailureKind::kThrottle, now_);
      story["after_each_answer"].push_back(state());
      if (!error) {
        retry.on_success();
        return story;
      }
      const auto delay = retry.on_failure(kind, {}, given_.at("u"), {});
      if (!delay) {
        story["final_error"] = name_of_error(*error, settings_.classification);
        return story;
      }
      story["backoff_s"].push_back(to_seconds(*delay));
      now_ += to_seconds(*delay);
    }
  }

  void wait_for_token(Json& story) {
    const double from = now_;
    while (const double wait = limiter_.take(now_)) now_ += wait;
    if (now_ > from) story["limiter_waits_s"].push_back({from - kClockStart, now_ - from});
  }

  Json state() const {
    const backoff::AdaptiveLimiter::State& s = limiter_.state();
    return {{"t_s", seen()},
            {"measured_rate", s.measured_rate},
            {"fill_rate", s.fill_rate},
            {"capacity", s.capacity},
            {"tokens", s.tokens},
            {"enabled", s.is_on}};
  }

  const Json& given_;
  backoff::RetrySettings settings_;
  backoff::RetryQuota quota_;
  double now_;
  backoff::AdaptiveLimiter limiter_;
};

std::string find_difference(const std::string& path, const Json& expected, const Json& got) {
  if (expected.is_number() && got.is_number()) {
    if (std::abs(expected.get<double>() - got.get<double>()) <= kRateTolerance) return "";
  } else if (expected.is_array() && got.is_array() && expected.size() == got.size()) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      std::string inner = find_difference(fmt::format("{}[{}]", path, i), expected[i], got[i]);
      if (!inner.empty()) return inner;
    }
    return "";
  } else if (expected.is_object() && got.is_object()) {
    for (const auto& [key, value] : expected.items()) {
      if (!got.contains(key)) return fmt::format("unknown expectation {}.{}", path, key);
      std::string inner = find_difference(path + "." + key, value, got.at(key));
      if (!inner.empty()) return inner;
    }
    return "";
  } else if (expected == got) {
    return "";
  }
  return fmt::format("{}: expected {}, got {}", path, expected.dump(), got.dump());
}

}  // namespace

std::string find_adaptive_difference(const Json& one) {
  return find_difference("expect", one.at("expect"), AdaptiveClient(one).run());
}

}  // namespace casim::oracle
