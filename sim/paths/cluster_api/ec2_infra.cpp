#include "sim/paths/cluster_api/ec2_infra.h"

#include <utility>

#include "src/provider/machine_tags.h"
#include "src/provider/placeholder.h"

namespace casim::sim {
namespace {

bool is_ended(const ec2::Instance& instance) {
  return instance.state == ec2::InstanceState::kShuttingDown ||
         instance.state == ec2::InstanceState::kTerminated;
}

bool is_not_found(const ec2::AttemptError& error) {
  return error.code == ec2::ErrorCode::kInvalidInstanceIdNotFound;
}

}  // namespace

Ec2Infra::Ec2Infra(Ports ports, Ec2InfraConfig config)
    : ports_(std::move(ports)),
      config_(std::move(config)),
      loop_(ports_.state.kernel, ports_.state.config.infra_workers,
            ports_.state.rules(ports_.state.config.min_spacing),
            [this](std::uint32_t key) { return round(key); }) {
  ports_.state.infra.subscribe([this](std::uint32_t key, const InfraMachineObject*,
                                      const InfraMachineObject*) { loop_.add(key); });
  ports_.state.machines.subscribe(
      [this](std::uint32_t, const MachineObject* before, const MachineObject* after) {
        if (after == nullptr || before == nullptr) return;
        if (after->status.is_bootstrapped != before->status.is_bootstrapped)
          loop_.add(after->infra);
      });
}

Awaitable<RoundEnd> Ec2Infra::round(std::uint32_t key) {
  const InfraMachineObject* seen = ports_.state.infra.seen(key).object;
  if (seen == nullptr) co_return RoundEnd::done();
  const InfraMachineObject infra = *seen;
  if (infra.is_deleted) co_return co_await take_down(key, infra);
  if (infra.has_failed || infra.is_provisioned) co_return RoundEnd::done();
  if (!infra.instance_id.empty()) co_return co_await look(key, infra);
  if (!infra.machine) co_return RoundEnd::done();  // its owner is an event
  const MachineObject* machine = ports_.state.machines.seen(*infra.machine).object;
  // Without bootstrap data there is nothing to start it with.
  if (machine == nullptr || !machine->status.is_bootstrapped) co_return RoundEnd::done();
  const MachineObject copy = *machine;
  co_return co_await make(key, infra, copy);
}

Awaitable<ec2::Attempt<ec2::InstanceList>> Ec2Infra::describe(
    ec2::DescribeInstancesRequest request) {
  ec2::Attempt<ec2::DescribeInstancesReply> reply =
      co_await ec2::send(ports_.api, std::move(request));
  if (!reply) co_return std::unexpected<ec2::AttemptError>(reply.error());
  co_return std::move(reply->instances);
}

Awaitable<RoundEnd> Ec2Infra::make(std::uint32_t key, const InfraMachineObject& infra,
                                   const MachineObject& machine) {
  ec2::DescribeInstancesRequest look_first;
  look_first.filters.push_back({std::string("tag:") + provider::kTokenTag, {machine.token}});
  const ec2::Attempt<ec2::InstanceList> found = co_await describe(std::move(look_first));
  if (!found) co_return co_await note_failure(key, found.error());
  for (const ec2::Instance& instance : *found) {
    if (!is_ended(instance)) co_return co_await note_made(key, instance);
  }
  const InfraTemplate of = ports_.template_of(infra.set);
  ec2::RunInstancesRequest request;
  request.instance_type = of.type;
  request.zone = infra.zone.empty() ? of.zone : infra.zone;
  request.image_id = config_.image_id;
  request.lifecycle = of.lifecycle;
  if (config_.client_token) request.client_token = machine.name + "/" + machine.token;
  request.tags = provider::machine_tags(config_.cluster, of.group, ports_.slot_of(machine.token),
                                        machine.token);
  const ec2::Attempt<ec2::RunInstancesReply> made =
      co_await ec2::send(ports_.api, std::move(request));
  if (!made) co_return co_await note_failure(key, made.error());
  if (made->instances.empty()) co_return RoundEnd::again();
  co_return co_await note_made(key, made->instances.front());
}

Awaitable<RoundEnd> Ec2Infra::note_made(std::uint32_t key, const ec2::Instance& instance) {
  const ec2::Instance made = instance;
  co_await ports_.state.request(key);
  ports_.state.infra.modify(key, [&](InfraMachineObject& i) {
    i.instance_id = made.id;
    i.zone = made.zone;
    i.provider_id = provider::make_provider_id(made.zone, made.id);
    i.failure.clear();
  });
  co_return RoundEnd::later(ports_.state.config.infra_poll_pending);
}

Awaitable<RoundEnd> Ec2Infra::note_failure(std::uint32_t key, const ec2::AttemptError& error) {
  const std::string code = ec2::reason_of(error);
  const InfraMachineObject* newest = ports_.state.infra.newest(key);
  if (newest != nullptr && newest->failure != code) {
    co_await ports_.state.request(key);
    ports_.state.infra.modify(key, [&](InfraMachineObject& i) { i.failure = code; });
  }
  co_return RoundEnd::again();
}

Awaitable<RoundEnd> Ec2Infra::look(std::uint32_t key, const InfraMachineObject& infra) {
  ec2::DescribeInstancesRequest request;
  request.instance_ids.push_back(infra.instance_id);
  const ec2::Attempt<ec2::InstanceList> found = co_await describe(std::move(request));
  // EC2 does not show at once what it has made.
  if (!found && is_not_found(found.error())) co_return RoundEnd::again();
  if (!found) co_return co_await note_failure(key, found.error());
  if (found->empty()) co_return RoundEnd::again();
  const ec2::Instance instance = found->front();
  if (instance.state == ec2::InstanceState::kPending) {
    co_return RoundEnd::later(ports_.state.config.infra_poll_pending);
  }
  const bool has_ended = is_ended(instance);
  co_await ports_.state.request(key);
  ports_.state.infra.modify(key, [&](InfraMachineObject& i) {
    i.has_failed = has_ended;
    i.is_provisioned = !has_ended;
    if (has_ended) i.failure = instance.state_reason_code;
  });
  co_return RoundEnd::done();
}

Awaitable<RoundEnd> Ec2Infra::take_down(std::uint32_t key, const InfraMachineObject& infra) {
  if (!infra.instance_id.empty()) {
    ec2::DescribeInstancesRequest request;
    request.instance_ids.push_back(infra.instance_id);
    const ec2::Attempt<ec2::InstanceList> found = co_await describe(std::move(request));
    if (!found && !is_not_found(found.error())) co_return RoundEnd::again();
    const bool is_there = found && !found->empty();
    if (is_there && found->front().state != ec2::InstanceState::kTerminated) {
      if (!is_ended(found->front())) {
        ec2::TerminateInstancesRequest terminate;
        terminate.instance_ids.push_back(infra.instance_id);
        const ec2::Attempt<ec2::TerminateInstancesReply> done =
            co_await ec2::send(ports_.api, std::move(terminate));
        if (!done) co_return RoundEnd::again();
      }
      co_return RoundEnd::later(ports_.state.config.infra_poll_pending);
    }
  }
  co_await ports_.state.request(key);
  ports_.state.infra.erase(key);
  co_return RoundEnd::done();
}

}  // namespace casim::sim
