#include "sim/ec2_face/admin.h"

#include <charconv>
#include <map>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>

#include "src/config/config.h"

namespace casim::sim {
namespace {

using boost::beast::http::status;
using boost::beast::http::verb;
using config::Value;

constexpr std::string_view kFaults = "/faults/";
constexpr std::string_view kAllowed =
    "allowed: GET /state, GET /instances, GET /faults, POST /faults, DELETE /faults/NUMBER, POST "
    "/time";

http::Response json(const Value& value, status code = status::ok) {
  http::Response response(code, 11);
  response.set(boost::beast::http::field::content_type, "application/json");
  response.body() = config::to_json(value);
  return response;
}

http::Response wrong(status code, std::string message) {
  while (message.ends_with('\n')) message.pop_back();
  Value value;
  value.set("error", message);
  return json(value, code);
}

status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kNotFound:
      return status::not_found;
    case ErrorCode::kFailedPrecondition:
      return status::conflict;
    default:
      return status::bad_request;
  }
}

// What a user asks of the time.
struct TimeMove {
  Duration advance{};
};

void describe(config::Visitor& v, TimeMove& move) {
  v.required("advance", move.advance, "how far virtual time moves on",
             config::at_least(Duration{}));
}

Value described(const ec2::Instance& instance) {
  Value one;
  one.set("id", instance.id);
  one.set("type", instance.type);
  one.set("zone", instance.zone);
  one.set("lifecycle", instance.lifecycle == ec2::Lifecycle::kSpot ? "spot" : "on-demand");
  one.set("state", ec2::name_of(instance.state));
  one.set("launch_time", config::write_wall_time(instance.launch_time));
  one.set("client_token", instance.client_token);
  Value tags = Value::Object{};
  for (const ec2::Tag& tag : instance.tags) tags.set(tag.key, tag.value);
  one.set("tags", std::move(tags));
  return one;
}

}  // namespace

// The world stands at the time of the arrival first, as behind its other address.
Awaitable<http::Reply> Admin::answer(http::Request request) {
  co_await asio::post(targets_.pace.executor(), asio::use_awaitable);
  co_return route(request);
}

http::Response Admin::route(const http::Request& request) {
  const std::string_view target(request.target().data(), request.target().size());
  const verb method = request.method();
  if (method == verb::get && target == "/state") return json(state());
  if (method == verb::get && target == "/instances") return json(instances());
  if (method == verb::get && target == "/faults") return json(targets_.faults.list());
  if (method == verb::post && target == "/faults") return add_fault(request.body());
  if (method == verb::delete_ && target.starts_with(kFaults)) {
    return end_fault(target.substr(kFaults.size()));
  }
  if (method == verb::post && target == "/time") return move_time(request.body());
  return wrong(status::not_found,
               fmt::format("{} {} is nothing that can be asked here; {}",
                           std::string(request.method_string()), target, kAllowed));
}

http::Response Admin::add_fault(std::string_view text) {
  const Result<std::uint32_t> number = targets_.faults.add(text);
  if (!number) return wrong(status_of(number.error().code), number.error().message);
  Value value;
  value.set("id", *number);
  return json(value, status::created);
}

http::Response Admin::end_fault(std::string_view text) {
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) {
    return wrong(status::not_found, fmt::format("\"{}\" is no number of a fault", text));
  }
  const Result<void> ended = targets_.faults.end(number);
  if (!ended) return wrong(status_of(ended.error().code), ended.error().message);
  return json(targets_.faults.list());
}

http::Response Admin::move_time(std::string_view text) {
  config::Problems problems;
  const auto document = config::parse_text(text, config::Format::kJson, {"time", {}}, problems);
  TimeMove move;
  if (document) config::read(*document, move, problems);
  if (problems.has_errors()) return wrong(status::bad_request, problems.text());
  targets_.pace.skip(move.advance);
  return json(time());
}

Value Admin::time() const {
  const TimePoint now = targets_.kernel.now();
  Value time;
  time.set("now", config::write_wall_time(targets_.kernel.wall(now)));
  time.set("since_start", config::write_duration(now - kTimeZero));
  if (targets_.speed > 0) {
    time.set("speed", targets_.speed);
    time.set("lag", config::write_duration(targets_.pace.lag()));
  } else {
    time.set("stepped", true);
  }
  return time;
}

Value Admin::state() const {
  std::map<std::string_view, int> by_state;
  for (const ec2::Instance& instance : targets_.model.instances()) {
    ++by_state[ec2::name_of(instance.state)];
  }
  Value states = Value::Object{};
  for (const auto& [name, count] : by_state) states.set(name, count);
  Value calls = Value::Object{};
  for (const auto& [action, outcomes] : targets_.calls.by_action()) {
    Value& of_action = calls.set(action, Value::Object{});
    for (const auto& [outcome, count] : outcomes) of_action.set(outcome, count);
  }
  Value state;
  state.set("time", time());
  state.set("instances", std::move(states));
  state.set("calls", std::move(calls));
  state.set("faults", targets_.faults.list());
  return state;
}

Value Admin::instances() const {
  Value::List all;
  for (const ec2::Instance& instance : targets_.model.instances()) {
    all.push_back(described(instance));
  }
  return all;
}

}  // namespace casim::sim
