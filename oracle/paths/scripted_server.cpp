#include "oracle/paths/scripted_server.h"

#include <algorithm>

namespace casim::oracle {

using sim::HttpCall;
using sim::HttpMethod;
using sim::HttpReply;
using sim::Phase;

const char* method_name(HttpMethod method) {
  switch (method) {
    case HttpMethod::kGet:
      return "GET";
    case HttpMethod::kPost:
      return "POST";
    case HttpMethod::kPut:
      return "PUT";
    case HttpMethod::kDelete:
      return "DELETE";
  }
  return "";
}

ScriptedServer::ScriptedServer(sim::Kernel& kernel, const Json& given)
    : kernel_(kernel), given_(given), is_url_known_(given.value("known_url", false)) {}

ScriptedServer::Outcome ScriptedServer::outcome_of(const Json& row) const {
  check_keys(row, {"status", "fault", "takes_s", "after_accept", "body"});
  Outcome outcome;
  outcome.status = row.value("status", 0);
  outcome.fault = row.value("fault", "");
  outcome.body = row.value("body", "");
  if (row.contains("takes_s")) outcome.takes = from_seconds(row.at("takes_s"));
  outcome.has_effect = row.value("after_accept", sim::is_http_success(outcome.status));
  return outcome;
}

ScriptedServer::Outcome ScriptedServer::next_outcome(const HttpCall& call) {
  const std::string method = method_name(call.method);
  const double t = to_seconds(kernel_.now());
  const Json windows = given_.value("windows", Json::array());
  for (const Json& window : windows) {
    check_keys(window, {"method", "from_s", "to_s", "outcome"});
    const bool is_in =
        t >= window.at("from_s").get<double>() && t < window.at("to_s").get<double>();
    if (window.at("method") == method && is_in) return outcome_of(window.at("outcome"));
  }
  if (call.method == HttpMethod::kGet) return {};
  std::string key = method;
  std::ranges::transform(key, key.begin(), [](char c) { return static_cast<char>(c - 'A' + 'a'); });
  const std::size_t n = sent_[{key, call.object}]++;
  const Json rows = given_.value(key, Json::array({{{"status", 200}}}));
  return outcome_of(rows.at(std::min(n, rows.size() - 1)));
}

bool ScriptedServer::is_there(const Thing& thing) const {
  const TimePoint now = kernel_.now();
  if (given_.contains("vanish_at_s")) {
    const TimePoint vanished = kTimeZero + from_seconds(given_.at("vanish_at_s"));
    const TimePoint accepted = thing.visible - seconds_of(given_, "invisible_s");
    if (accepted < vanished && now >= vanished) return false;
  }
  return now >= thing.visible && now < thing.gone;
}

bool ScriptedServer::finds(const HttpCall& call) const {
  if (is_url_known_) {
    return std::ranges::any_of(things_, [&](const Thing& thing) {
      return thing.object == call.object && is_there(thing);
    });
  }
  return !call.id.empty() && is_there(things_.at(std::stoul(call.id)));
}

// Of the form .body.KEY == "VALUE".
bool ScriptedServer::is_expected(const std::string& body) const {
  if (!given_.contains("expected_response")) return true;
  const std::string rule = given_.at("expected_response");
  const std::string start = ".body.";
  const std::size_t equals = rule.find(" == ");
  if (!rule.starts_with(start) || equals == std::string::npos) {
    throw std::runtime_error("expected_response is not of the form .body.KEY == VALUE: " + rule);
  }
  const Json reply = Json::parse(body, nullptr, false);
  const std::string key = rule.substr(start.size(), equals - start.size());
  return reply.is_object() && reply.value(key, Json()) == Json::parse(rule.substr(equals + 4));
}

void ScriptedServer::take_effect(const HttpCall& call, HttpReply& reply) {
  const TimePoint now = kernel_.now();
  switch (call.method) {
    case HttpMethod::kGet:
      return;
    case HttpMethod::kPost:
      reply.id = std::to_string(things_.size());
      things_.push_back({call.object, now + seconds_of(given_, "invisible_s")});
      return;
    case HttpMethod::kPut:
      updated_ = std::min(updated_, now);
      return;
    case HttpMethod::kDelete:
      for (Thing& thing : things_) {
        const bool is_meant = is_url_known_ ? thing.object == call.object
                                            : call.id == std::to_string(&thing - things_.data());
        // Each removal starts anew.
        if (is_meant) thing.gone = now + seconds_of(given_, "remove_takes_s");
      }
      return;
  }
}

int ScriptedServer::note(const HttpCall& call) {
  calls_.push_back({to_seconds(kernel_.now()), method_name(call.method), ""});
  return static_cast<int>(calls_.size()) - 1;
}

Awaitable<HttpReply> ScriptedServer::send(HttpCall call) {
  const auto number = static_cast<std::size_t>(note(call));
  const TimePoint began = kernel_.now();
  const Outcome outcome = next_outcome(call);
  const bool hangs = outcome.fault == "hang";
  calls_[number].result = outcome.fault;  // also of a call that is under way at the end
  HttpReply reply;
  if (hangs && outcome.has_effect) take_effect(call, reply);
  const TimePoint ends = began + outcome.takes.value_or(seconds_of(given_, "http_s"));
  if (hangs || ends > call.deadline) {
    co_await kernel_.clock(Phase::kWorld).sleep_until(call.deadline);
    calls_[number].result = "hang";
    co_return HttpReply{};
  }
  co_await kernel_.clock(Phase::kWorld).sleep_until(ends);
  if (outcome.has_effect) take_effect(call, reply);
  calls_[number].result = outcome.fault;
  if (!outcome.fault.empty()) co_return HttpReply{};
  reply.status = outcome.status;
  if (reply.status == 0) reply.status = finds(call) ? 200 : 404;  // a GET without a script
  reply.is_expected = is_expected(outcome.body);
  if (given_.contains("drift_at_s")) {
    reply.matches =
        kernel_.now() < kTimeZero + from_seconds(given_.at("drift_at_s")) || updated_ != kTimeNever;
  }
  if (!sim::is_http_success(reply.status)) reply.id.clear();
  calls_[number].result = std::to_string(reply.status);
  co_return reply;
}

}  // namespace casim::oracle
