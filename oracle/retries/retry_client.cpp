#include "oracle/retries/retry_client.h"

#include <algorithm>
#include <cctype>

#include "src/ec2/failure_kind.h"

namespace casim::oracle {
namespace {

ec2::BodyForm form_of(const std::string& body) {
  if (body.empty()) return ec2::BodyForm::kEmpty;
  return body.front() == '<' ? ec2::BodyForm::kXml : ec2::BodyForm::kOther;
}

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

ec2::AttemptError fault_of(const std::string& name) {
  if (name == "reset") return ec2::no_reply(ec2::Fault::kReset);
  if (name == "read_timeout") return ec2::no_reply(ec2::Fault::kReadTimeout);
  throw std::runtime_error("unknown fault " + name);
}

ec2::AttemptError error_of(const Json& entry) {
  check_keys(entry, {"status", "code", "headers", "body", "fault"});
  if (entry.contains("fault")) return fault_of(entry.at("fault"));
  ec2::AttemptError error;
  error.http_status = entry.at("status");
  if (entry.contains("code") && !entry.at("code").is_null()) {
    error.code = ec2::ReplyCode::parse(entry.at("code").get<std::string>());
  }
  if (entry.contains("body") && !entry.at("body").is_null()) {
    error.body = form_of(entry.at("body"));
    if (error.body != ec2::BodyForm::kXml) error.code = {};
  }
  const Json headers = entry.value("headers", Json::object());
  for (const auto& [name, value] : headers.items()) {
    if (lower_case(name) == "x-amz-retry-after") {
      error.retry_after = ec2::parse_retry_after(value.get<std::string>());
    }
    if (lower_case(name) == "retry-after") {
      error.http_retry_after = ec2::parse_http_retry_after(value.get<std::string>());
    }
  }
  return error;
}

backoff::Preset preset_named(const std::string& name) {
  for (const auto& [preset, text] : enum_names(backoff::Preset{})) {
    if (text == name) return preset;
  }
  throw std::runtime_error("unknown preset " + name);
}

std::string text_of(backoff::GaveUp why) {
  switch (why) {
    case backoff::GaveUp::kNotRetryable:
      return "not_retryable";
    case backoff::GaveUp::kMaxAttempts:
      return "max_attempts";
    case backoff::GaveUp::kTotalTimeout:
      return "total_timeout";
    case backoff::GaveUp::kQuota:
      return "quota";
  }
  return "";
}

}  // namespace

backoff::RetrySettings settings_of_case(const Json& one) {
  backoff::RetryConfig config{.preset = preset_named(one.at("preset"))};
  const Json& given = one.at("given");
  if (given.contains("max_attempts")) config.max_attempts = given.at("max_attempts").get<int>();
  const Json knobs = given.value("knobs", Json::object());
  check_keys(knobs, {"retry_429", "retry_non_xml_5xx"});
  if (knobs.contains("retry_429")) config.retry_429 = knobs.at("retry_429").get<bool>();
  if (knobs.contains("retry_non_xml_5xx")) {
    config.retry_non_xml_5xx = knobs.at("retry_non_xml_5xx").get<bool>();
  }
  return settings_of(config);
}

ScriptedAnswers::ScriptedAnswers(const Json& given) : last_repeats_(given.at("then") == "last") {
  if (!last_repeats_ && given.at("then") != "ok") {
    throw std::runtime_error("then: expected ok or last, got " + given.at("then").dump());
  }
  for (const Json& entry : given.at("errors")) errors_.push_back(error_of(entry));
}

std::optional<ec2::AttemptError> ScriptedAnswers::answer(std::size_t attempt) const {
  if (attempt < errors_.size()) return errors_[attempt];
  if (last_repeats_ && !errors_.empty()) return errors_.back();
  return std::nullopt;
}

std::string name_of_error(const ec2::AttemptError& error, const backoff::Classification& rule) {
  switch (error.fault) {
    case ec2::Fault::kNone:
      break;
    case ec2::Fault::kReset:
      return "connection_reset";
    case ec2::Fault::kConnectTimeout:
      return "connect_timeout";
    case ec2::Fault::kReadTimeout:
      return "read_timeout";
    case ec2::Fault::kIncompleteReply:
      return "incomplete_reply";
  }
  if (!is_readable(error, rule)) return "unparsable_reply";
  if (!error.code.empty()) return std::string(error.code.text());
  return "http_" + std::to_string(error.http_status);
}

CallStory run_call(const backoff::RetrySettings& settings, backoff::RetryQuota* quota,
                   const ScriptedAnswers& answers, double u) {
  CallStory story;
  TimePoint now{};
  backoff::Retry retry(settings, quota, now);
  while (true) {
    const std::optional<ec2::AttemptError> error =
        answers.answer(static_cast<std::size_t>(story.attempts));
    ++story.attempts;
    if (!error) {
      retry.on_success();
      story.stopped_by = "success";
      return story;
    }
    const backoff::FailureKind kind = failure_kind_of(*error, settings.classification);
    const auto hint = ec2::hint_of(*error, settings.hints);
    const auto delay = retry.on_failure(kind, hint, u, now);
    if (!delay) {
      story.final_error = name_of_error(*error, settings.classification);
      story.stopped_by = text_of(delay.error());
      return story;
    }
    story.delays_s.push_back(to_seconds(*delay));
    now += *delay;
  }
}

}  // namespace casim::oracle
