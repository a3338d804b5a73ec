#include "bench/provider_load/fleet.h"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include "src/async/task_scope.h"
#include "src/provider/launch_token.h"
#include "src/provider/machine_tags.h"
#include "src/provider/placeholder.h"
#include "src/provider/sqlite_store.h"

namespace casim::bench {
namespace {

constexpr const char* kCluster = "test";  // of tests/program/bench.h
constexpr const char* kZone = "us-east-1a";

std::string instance_id(int machine) { return fmt::format("i-{:017x}", machine + 1); }

std::string token_of(int machine) { return fmt::format("casim-{}-load", machine); }

Awaitable<void> commit(provider::Store& store, provider::Batch batch) {
  const Result<void> done = co_await store.commit(std::move(batch));
  if (!done) throw std::runtime_error(done.error().message);
}

// Any request with an id.
template <class Request>
CallBytes call_with_id(const char* method, const std::string& id) {
  Request request;
  request.set_id(id);
  return {method, request.SerializeAsString()};
}

}  // namespace

Fleet::Fleet(int groups, int machines_each) : groups_(groups), each_(machines_each) {
  live::Json all = live::Json::array();
  for (int i = 0; i < groups; ++i) {
    all.push_back(live::group_json(group(i), machines_each + 10));
    all.back()["options"] = {{"scale_down_unneeded_time", "90s"}};
  }
  bench_.config["node_groups"] = all;
  bench_.config["provider"] = live::Json::object();  // as it is without a word
  fill_cloud();
  fill_store();
}

std::string Fleet::group(int index) { return fmt::format("group-{}", index); }

std::string Fleet::provider_id(int machine) const {
  return provider::make_provider_id(kZone, instance_id(machine));
}

void Fleet::fill_cloud() {
  bench_.cloud.ask<int>([this] {
    for (int machine = 0; machine < groups_ * each_; ++machine) {
      ec2::Instance instance;
      instance.id = instance_id(machine);
      instance.type = "m6i.large";
      instance.zone = kZone;
      instance.state = ec2::InstanceState::kRunning;
      instance.client_token = token_of(machine);
      instance.tags =
          provider::machine_tags(kCluster, group(machine / each_),
                                 SlotId(static_cast<std::uint64_t>(machine)), token_of(machine));
      bench_.cloud.ec2().instances.emplace(instance.id, std::move(instance));
    }
    return 0;
  });
}

void Fleet::fill_store() {
  asio::io_context io{1};
  auto opened = provider::SqliteStore::open({bench_.path("store.db"), kCluster}, io.get_executor());
  if (!opened) throw std::runtime_error(opened.error().message);
  if (!(*opened)->load()) throw std::runtime_error("the store cannot be read");
  provider::Batch batch;
  for (int machine = 0; machine < groups_ * each_; ++machine) {
    provider::Slot slot;
    slot.id = SlotId(static_cast<std::uint64_t>(machine));
    slot.group = group(machine / each_);
    slot.state = provider::SlotState::kRunning;
    slot.token = token_of(machine);
    slot.instance_id = instance_id(machine);
    slot.provider_id = provider_id(machine);
    slot.node_name = fmt::format("ip-10-0-{}-{}.ec2.internal", machine / 256, machine % 256);
    batch.put.push_back(std::move(slot));
  }
  spawn(io.get_executor(), commit(**opened, std::move(batch)));
  io.run();
}

std::unique_ptr<live::Child> Fleet::start() {
  auto child = bench_.start();
  if (child->port() == 0) throw std::runtime_error("casim-provider: " + child->text());
  return child;
}

std::unique_ptr<live::Child> Fleet::start_echo(ClosedLoop& provider,
                                               const std::vector<CallBytes>& calls) {
  const std::filesystem::path folder = bench_.folder / "replies";
  std::filesystem::create_directories(folder);
  for (const CallBytes& call : calls) {
    std::ofstream(folder / call.method, std::ios::binary) << provider.ask(call);
  }
  auto child =
      std::make_unique<live::Child>(std::vector<std::string>{folder.string()}, bench_.folder / "",
                                    std::vector<std::string>{}, CASIM_ECHO_SERVER);
  if (!child->wait_until_listening()) throw std::runtime_error("echo_server: " + child->text());
  return child;
}

bool Fleet::has_listed() {
  const int machines = groups_ * each_;
  return bench_.cloud.ask<int>([this, machines] {
    int listed = 0;
    for (const ec2::DescribeInstancesRequest& page : bench_.cloud.ec2().describes) {
      listed += page.max_results;
    }
    return listed >= machines ? 1 : 0;
  }) == 1;
}

CallBytes Fleet::owner_of(int machine) const {
  live::pb::NodeGroupForNodeRequest request;
  live::pb::ExternalGrpcNode& node = *request.mutable_node();
  node.set_providerid(provider_id(machine));
  node.set_name(fmt::format("ip-10-0-{}-{}.ec2.internal", machine / 256, machine % 256));
  for (int i = 0; i < 15; ++i) {
    (*node.mutable_labels())[fmt::format("node.kubernetes.io/label-{}", i)] = "some-value";
  }
  for (int i = 0; i < 5; ++i) {
    (*node.mutable_annotations())[fmt::format("volumes.kubernetes.io/annotation-{}", i)] = "true";
  }
  return {"NodeGroupForNode", request.SerializeAsString()};
}

CallBytes Fleet::nodes_of(int group_index) {
  return call_with_id<live::pb::NodeGroupNodesRequest>("NodeGroupNodes", group(group_index));
}

CallBytes Fleet::target_of(int group_index) {
  return call_with_id<live::pb::NodeGroupTargetSizeRequest>("NodeGroupTargetSize",
                                                            group(group_index));
}

std::vector<CallBytes> Fleet::loop_calls() const {
  std::vector<CallBytes> calls = {{"Refresh", ""}};
  for (int i = 0; i < groups_; ++i) {
    calls.push_back(target_of(i));
    calls.push_back(nodes_of(i));
    calls.push_back(call_with_id<live::pb::NodeGroupTemplateNodeInfoRequest>(
        "NodeGroupTemplateNodeInfo", group(i)));
    for (int node = 0; node < each_; ++node) {
      calls.push_back(owner_of(i * each_ + node));
      // Asked per node that may go, not per group.
      if (node % 4 == 0) {
        calls.push_back(call_with_id<live::pb::NodeGroupAutoscalingOptionsRequest>(
            "NodeGroupGetOptions", group(i)));
      }
    }
  }
  return calls;
}

std::string address_of(const live::Child& server) {
  return fmt::format("127.0.0.1:{}", server.port());
}

double resident_mb(const live::Child& server) {
  std::ifstream status(fmt::format("/proc/{}/status", server.pid()));
  for (std::string word; status >> word;) {
    double kib = 0;
    if (word == "VmRSS:" && status >> kib) return kib / 1024;
  }
  return 0;
}

}  // namespace casim::bench
