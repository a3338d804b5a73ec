#include "sim/paths/crossplane/ec2_gateway.h"

#include <optional>
#include <utility>

#include "src/async/run_until.h"
#include "src/provider/machine_tags.h"

namespace casim::sim {
namespace {

constexpr int kOk = 200;
constexpr int kCreated = 201;
constexpr int kGone = 404;
constexpr int kGatewayTimeout = 504;
// In the place of an id that nobody knows yet.
constexpr const char* kNull = "null";

HttpReply failed(const ec2::AttemptError& error) {
  HttpReply reply;
  if (error.fault != ec2::Fault::kNone) return reply;
  reply.status = error.http_status >= 400 ? error.http_status : kGatewayTimeout;
  reply.error = ec2::reason_of(error);
  return reply;
}

HttpReply found(const ec2::Instance& instance, int status) {
  HttpReply reply;
  reply.status = status;
  reply.id = instance.id;
  reply.state = ec2::name_of(instance.state);
  return reply;
}

HttpReply gone() {
  HttpReply reply;
  reply.status = kGone;
  return reply;
}

bool is_live(const ec2::Instance& instance) {
  return instance.state != ec2::InstanceState::kShuttingDown &&
         instance.state != ec2::InstanceState::kTerminated;
}

}  // namespace

Awaitable<HttpReply> Ec2Gateway::send(HttpCall call) {
  switch (call.method) {
    case HttpMethod::kPost:
      co_return co_await create(std::move(call));
    case HttpMethod::kDelete:
      co_return co_await remove(std::move(call));
    case HttpMethod::kGet:
    case HttpMethod::kPut:  // the composition has no update mapping
      break;
  }
  co_return co_await observe(std::move(call));
}

Awaitable<ec2::Attempt<ec2::AnyReply>> Ec2Gateway::attempt(ec2::AnyRequest request,
                                                           TimePoint deadline) {
  std::optional<ec2::Attempt<ec2::AnyReply>> answer =
      co_await run_until(clock_, deadline, api_.call(std::move(request)));
  if (answer) co_return *std::move(answer);
  co_return std::unexpected<ec2::AttemptError>(ec2::no_reply(ec2::Fault::kReadTimeout));
}

Awaitable<HttpReply> Ec2Gateway::create(HttpCall call) {
  const XMachine* owner = find_owner_(call.object);
  if (owner == nullptr) co_return gone();
  ec2::RunInstancesRequest request;
  request.instance_type = owner->type;
  request.zone = owner->zone;
  request.image_id = config_.image_id;
  request.lifecycle = owner->lifecycle;
  if (config_.client_token == CrossplaneClientToken::kXrUid) request.client_token = owner->token;
  request.tags = provider::machine_tags(config_.cluster, owner->group, owner->slot, owner->token);
  ec2::AnyRequest any(std::move(request));
  ec2::Attempt<ec2::AnyReply> answer = co_await attempt(std::move(any), call.deadline);
  if (!answer) co_return failed(answer.error());
  const auto reply = ec2::reply_from<ec2::RunInstancesRequest>(*std::move(answer));
  if (reply.instances.empty()) co_return gone();
  co_return found(reply.instances.front(), kCreated);
}

Awaitable<HttpReply> Ec2Gateway::observe(HttpCall call) {
  const XMachine* owner = find_owner_(call.object);
  ec2::DescribeInstancesRequest request;
  const bool by_token = config_.observe_url == CrossplaneObserveUrl::kKnown && owner != nullptr;
  if (by_token) {
    request.filters.push_back({std::string("tag:") + provider::kTokenTag, {owner->token}});
  } else {
    request.instance_ids.push_back(call.id.empty() ? kNull : call.id);
  }
  ec2::AnyRequest any(std::move(request));
  ec2::Attempt<ec2::AnyReply> answer = co_await attempt(std::move(any), call.deadline);
  if (!answer && answer.error().code == ec2::ErrorCode::kInvalidInstanceIdNotFound) {
    co_return gone();
  }
  if (!answer) co_return failed(answer.error());
  const auto reply = ec2::reply_from<ec2::DescribeInstancesRequest>(*std::move(answer));
  for (const ec2::Instance& instance : reply.instances) {
    if (is_live(instance)) co_return found(instance, kOk);
  }
  co_return gone();
}

Awaitable<HttpReply> Ec2Gateway::remove(HttpCall call) {
  ec2::TerminateInstancesRequest request;
  request.instance_ids.push_back(call.id.empty() ? kNull : call.id);
  ec2::AnyRequest any(std::move(request));
  const ec2::Attempt<ec2::AnyReply> answer = co_await attempt(std::move(any), call.deadline);
  if (!answer) co_return failed(answer.error());
  HttpReply reply;
  reply.status = kOk;
  co_return reply;
}

}  // namespace casim::sim
