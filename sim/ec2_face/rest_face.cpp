#include "sim/ec2_face/rest_face.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sim/ec2_face/rest_machines.h"
#include "sim/ec2_face/rest_openapi.h"
#include "sim/ec2_face/rest_request.h"
#include "src/config/config.h"
#include "src/ec2/action.h"

namespace casim::sim {
namespace {

RestAnswer failed(ec2::AttemptError error) { return {.body = std::unexpected(std::move(error))}; }

std::string_view text_of(boost::beast::string_view text) { return {text.data(), text.size()}; }

RestAnswer nowhere(std::string_view method, std::string_view path, std::string allowed) {
  std::string places;
  for (const RestRoute& route : rest_routes()) {
    places +=
        fmt::format("{}{} {}", places.empty() ? "" : ", ",
                    std::string_view(boost::beast::http::to_string(route.method)), route.path);
  }
  ec2::AttemptError error = ec2::error_reply(
      ec2::ErrorCode::kInvalidAction,
      fmt::format("{} {} is nothing that can be asked here; allowed: {}", method, path, places));
  error.http_status = allowed.empty() ? 404 : 405;
  RestAnswer answer = failed(std::move(error));
  answer.allow = std::move(allowed);
  return answer;
}

ec2::Attempt<ec2::Instance> only(const ec2::InstanceList& found, const std::string& machine) {
  if (found.empty()) {
    return ec2::refuse(ec2::ErrorCode::kInvalidInstanceIdNotFound,
                       fmt::format("No machine has the id or client token '{}'.", machine));
  }
  if (found.size() == 1) return found.front();
  ec2::AttemptError error =
      ec2::error_reply(ec2::ErrorCode::kInvalidParameterValue,
                       fmt::format("{} machines have the client token '{}': name one by its id.",
                                   found.size(), machine));
  error.http_status = 409;
  return std::unexpected(std::move(error));
}

}  // namespace

// A call of EC2, as one of those that make up an answer.
template <class Reply>
struct RestFace::Step {
  ec2::Attempt<Reply> reply;
  std::optional<ReplyCut> cut = std::nullopt;  // it is the last one then

  bool goes_on() const { return reply && !cut; }

  // The answer where it ends here.
  RestAnswer end() && {
    if (!reply) return {.body = std::unexpected(std::move(reply.error())), .cut = cut};
    return {.body = config::Value(config::Value::Object{}), .cut = cut};
  }
};

template <class Request>
Awaitable<RestFace::Step<typename Request::Reply>> RestFace::call(Request request) {
  WireAnswer answer = co_await face_.call(std::move(request));
  if (!answer.reply) {
    co_return Step<typename Request::Reply>{std::unexpected(std::move(answer.reply.error())),
                                            answer.cut};
  }
  co_return Step<typename Request::Reply>{ec2::reply_from<Request>(*std::move(answer.reply)),
                                          answer.cut};
}

Awaitable<http::Reply> RestFace::answer(http::Request request) {
  std::string id = co_await face_.receive();
  RestAnswer answer = co_await route(std::move(request));
  co_return rest_reply(std::move(answer), face_.stamp(std::move(id)));
}

Awaitable<RestAnswer> RestFace::route(http::Request request) {
  const std::string target(text_of(request.target()));
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string path = target.substr(0, mark);
  std::string query = target.substr(std::min(mark + 1, target.size()));
  const RestMatch match = match_rest(request.method(), path);
  if (match.route == nullptr || match.route->needs_token) {
    if (auto caller = bearer_.check(request); !caller) {
      co_return failed(std::move(caller.error()));
    }
  }
  if (match.route == nullptr) {
    co_return nowhere(text_of(request.method_string()), path, match.allowed);
  }
  RestAnswer answer{.body = config::Value()};
  switch (match.route->operation) {
    case RestOperation::kCreate:
      answer = co_await create(std::move(request));
      break;
    case RestOperation::kList:
      answer = co_await list(std::move(query));
      break;
    case RestOperation::kRead:
      answer = co_await read(match.machine);
      break;
    case RestOperation::kUpdate:
      answer = co_await update(match.machine, std::move(request.body()));
      break;
    case RestOperation::kRemove:
      answer = co_await remove(match.machine);
      break;
    case RestOperation::kOpenApi:
      answer.body = rest_openapi();
      break;
  }
  answer.status = match.route->status;
  co_return answer;
}

Awaitable<RestAnswer> RestFace::create(http::Request request) {
  ec2::Attempt<NewMachine> machine = read_new_machine(request);
  if (!machine) co_return failed(std::move(machine.error()));
  auto launched = co_await call(run_request(*std::move(machine)));
  if (!launched.reply) co_return std::move(launched).end();
  assert(launched.reply->instances.size() == 1);
  const ec2::Instance& instance = launched.reply->instances.front();
  co_return RestAnswer{.body = config::write(machine_of(instance)),
                       .cut = launched.cut,
                       .location = "/v1/machines/" + instance.id};
}

Awaitable<RestAnswer> RestFace::list(std::string query) {
  auto request = read_list_query(query);
  if (!request) co_return failed(std::move(request.error()));
  auto described = co_await call(*std::move(request));
  if (!described.reply) co_return std::move(described).end();
  RestMachineList found{.machines = {}, .next_token = std::move(described.reply->next_token)};
  for (const ec2::Instance& instance : described.reply->instances) {
    found.machines.push_back(machine_of(instance));
  }
  co_return RestAnswer{.body = config::write(found), .cut = described.cut};
}

Awaitable<RestFace::Step<ec2::Instance>> RestFace::find(std::string machine) {
  auto described = co_await call(describe_request(machine));
  if (!described.reply) {
    co_return Step<ec2::Instance>{std::unexpected(std::move(described.reply.error())),
                                  described.cut};
  }
  co_return Step<ec2::Instance>{only(described.reply->instances, machine), described.cut};
}

Awaitable<RestAnswer> RestFace::read(std::string machine) {
  auto found = co_await find(std::move(machine));
  if (!found.reply) co_return std::move(found).end();
  co_return RestAnswer{.body = config::write(machine_of(*found.reply)), .cut = found.cut};
}

Awaitable<RestAnswer> RestFace::update(std::string machine, std::string body) {
  ec2::Attempt<MachineChange> change = read_change(body);
  if (!change) co_return failed(std::move(change.error()));
  auto found = co_await find(std::move(machine));
  if (!found.goes_on()) co_return std::move(found).end();
  ec2::CreateTagsRequest request;
  request.resource_ids = {found.reply->id};
  request.tags = tags_of(change->tags);
  auto tagged = co_await call(std::move(request));
  if (!tagged.reply) co_return std::move(tagged).end();
  RestMachine changed = machine_of(*found.reply);
  for (const auto& [key, value] : change->tags) changed.tags[key] = value;
  co_return RestAnswer{.body = config::write(changed), .cut = tagged.cut};
}

Awaitable<RestAnswer> RestFace::remove(std::string machine) {
  if (!is_instance_id(machine)) {
    auto found = co_await find(std::move(machine));
    if (!found.goes_on()) co_return std::move(found).end();
    machine = found.reply->id;
  }
  ec2::TerminateInstancesRequest request;
  request.instance_ids = {machine};
  auto removed = co_await call(std::move(request));
  if (!removed.reply) co_return std::move(removed).end();
  assert(removed.reply->changes.size() == 1);
  const ec2::StateChange& change = removed.reply->changes.front();
  co_return RestAnswer{.body = config::write(RemovedMachine{
                           .id = change.id,
                           .state = std::string(ec2::name_of(change.current)),
                           .previous_state = std::string(ec2::name_of(change.previous))}),
                       .cut = removed.cut};
}

}  // namespace casim::sim
