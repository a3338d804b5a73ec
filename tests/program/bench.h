// A provider program with its cloud, its files and an autoscaler's client.
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>
#include <nlohmann/json.hpp>

#include "src/proto/externalgrpc.grpc.pb.h"
#include "tests/program/certificates.h"
#include "tests/program/child.h"
#include "tests/program/fake_cloud.h"
#include "tests/provider/stores.h"

namespace casim::live {

namespace pb = ::clusterautoscaler::cloudprovider::v1::externalgrpc;

using Json = nlohmann::json;

// What a client shows and trusts; empty: plaintext.
struct ClientPems {
  std::string ca;
  std::string certificate;
  std::string key;
};

inline std::string pem_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// One client of a provider, as an autoscaler: one channel, a deadline for each call.
class Caller {
 public:
  explicit Caller(const std::string& address, const ClientPems& pems = {}) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // a connection of its own
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 20);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 100);
    std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
    if (!pems.ca.empty()) {
      grpc::SslCredentialsOptions tls;
      tls.pem_root_certs = pems.ca;
      tls.pem_cert_chain = pems.certificate;
      tls.pem_private_key = pems.key;
      credentials = grpc::SslCredentials(tls);
    }
    channel_ = grpc::CreateCustomChannel(address, credentials, arguments);
    stub_ = pb::CloudProvider::NewStub(channel_);
  }

  template <class Request, class Reply>
  grpc::Status call(grpc::Status (pb::CloudProvider::Stub::*method)(grpc::ClientContext*,
                                                                    const Request&, Reply*),
                    const Request& request, Reply& reply) {
    grpc::ClientContext context;
    context.set_deadline(
        gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(20, GPR_TIMESPAN)));
    return (stub_.get()->*method)(&context, request, &reply);
  }

  grpc::Status increase(const std::string& group, int delta) {
    pb::NodeGroupIncreaseSizeRequest request;
    request.set_id(group);
    request.set_delta(delta);
    pb::NodeGroupIncreaseSizeResponse reply;
    return call(&pb::CloudProvider::Stub::NodeGroupIncreaseSize, request, reply);
  }

  // Minus the code of an error.
  int target(const std::string& group) {
    pb::NodeGroupTargetSizeRequest request;
    request.set_id(group);
    pb::NodeGroupTargetSizeResponse reply;
    const grpc::Status status = call(&pb::CloudProvider::Stub::NodeGroupTargetSize, request, reply);
    return status.ok() ? reply.targetsize() : -status.error_code();
  }

  pb::NodeGroupNodesResponse nodes(const std::string& group) {
    pb::NodeGroupNodesRequest request;
    request.set_id(group);
    pb::NodeGroupNodesResponse reply;
    call(&pb::CloudProvider::Stub::NodeGroupNodes, request, reply);
    return reply;
  }

  std::vector<std::string> ids(const std::string& group) {
    const pb::NodeGroupNodesResponse all = nodes(group);
    std::vector<std::string> names;
    for (const auto& instance : all.instances()) names.push_back(instance.id());
    return names;
  }

  // None of the group's slots waits for its machine.
  bool has_machines(const std::string& group) {
    return std::ranges::none_of(ids(group), [](const std::string& id) {
      return id.find("/i-placeholder-") != std::string::npos;
    });
  }

  grpc::Status remove(const std::string& group, const std::vector<std::string>& provider_ids) {
    pb::NodeGroupDeleteNodesRequest request;
    request.set_id(group);
    for (const std::string& id : provider_ids) {
      request.add_nodes()->set_providerid(id);
      request.mutable_nodes()->rbegin()->set_name(id);
    }
    pb::NodeGroupDeleteNodesResponse reply;
    return call(&pb::CloudProvider::Stub::NodeGroupDeleteNodes, request, reply);
  }

  grpc::Status join(const std::string& provider_id) {
    pb::NodeGroupForNodeRequest request;
    request.mutable_node()->set_providerid(provider_id);
    request.mutable_node()->set_name("node-of-" + provider_id);
    pb::NodeGroupForNodeResponse reply;
    return call(&pb::CloudProvider::Stub::NodeGroupForNode, request, reply);
  }

  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }

 private:
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<pb::CloudProvider::Stub> stub_;
};

inline Json group_json(const std::string& name, int max = 10) {
  return {{"name", name},
          {"max", max},
          {"instance_types", {"m6i.large", "m5.large"}},
          {"zones", {"us-east-1a", "us-east-1b"}},
          {"image_id", "ami-test"}};
}

class ProgramBench {
 public:
  ProgramBench() {
    config = {{"schema_version", 1},
              {"cluster", "test"},
              {"node_groups", {group_json("a"), group_json("b-c")}},
              {"provider",
               {{"reconcile_period", "300ms"},
                {"terminate_window", {{"idle", "0s"}, {"longest", "0s"}}},
                {"relaunch", {{"base", "50ms"}, {"max_backoff", "200ms"}}}}},
              {"nodes", {{"kube_reserved", "none"}}},
              {"ec2", {{"endpoint", cloud.url()}}},
              {"listen", {{"address", "127.0.0.1:0"}}},
              {"http", "127.0.0.1:0"},
              {"store", {{"file", path("store.db")}}},
              {"drain_timeout", "5s"}};
    config["node_groups"][0]["options"] = {{"scale_down_unneeded_time", "90s"}};
    config["node_groups"][1]["usd_per_hour"] = 0.096;
  }

  std::string path(const char* name) const { return (folder / name).string(); }

  // Writes the configuration.
  std::string file() const {
    const std::string name = path("provider.json");
    std::ofstream(name) << config.dump(2);
    return name;
  }

  // Server and client certificates of one CA, and the configuration that demands them.
  void use_tls() {
    ca = make_identity({"test CA"});
    write_pem(ca, folder / "ca.pem", folder / "ca.key");
    renew("server");
    renew("client");
    config["listen"]["tls"] = {{"certificate", path("server.pem")},
                               {"key", path("server.key")},
                               {"client_ca", path("ca.pem")},
                               {"reload_interval", "1s"}};
  }

  void renew(const std::string& name) {
    write_pem(make_identity({name, &ca}), folder / (name + ".pem").c_str(),
              folder / (name + ".key").c_str());
  }

  ClientPems pems(const char* name = "client") const {
    const std::string base(name);
    return {pem_of(folder / "ca.pem"), pem_of(folder / (base + ".pem").c_str()),
            pem_of(folder / (base + ".key").c_str())};
  }

  std::unique_ptr<Child> start(std::vector<std::string> more = {},
                               std::vector<std::string> environment = {}) {
    std::vector<std::string> arguments = {"--config", file()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    auto child = std::make_unique<Child>(arguments, folder / "", std::move(environment));
    child->wait_until_listening();
    return child;
  }

  static std::string address(const Child& child) {
    return "localhost:" + std::to_string(child.port());
  }

  provider::TemporaryFolder folder;
  FakeCloud cloud;
  Json config;
  Identity ca;
};

}  // namespace casim::live
