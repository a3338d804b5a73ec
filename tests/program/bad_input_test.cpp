// Nonsense on every call: a clear status, and nothing has changed.
#include <limits>

#include <grpcpp/generic/generic_stub.h>

#include "tests/catch.h"
#include "tests/program/bench.h"

using namespace casim;
using namespace casim::live;
using grpc::StatusCode;
using Stub = pb::CloudProvider::Stub;

namespace {

// Any bytes as the request of a method.
grpc::Status send_bytes(Caller& caller, const std::string& method, const std::string& bytes) {
  grpc::GenericStub stub(caller.channel());
  grpc::ClientContext context;
  context.set_deadline(
      gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(20, GPR_TIMESPAN)));
  grpc::CompletionQueue queue;
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer buffer(&slice, 1);
  const auto call = stub.PrepareUnaryCall(
      &context, "/clusterautoscaler.cloudprovider.v1.externalgrpc.CloudProvider/" + method, buffer,
      &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  return status;
}

// All that an autoscaler can see.
std::string state_of(Caller& caller) {
  std::string all;
  pb::NodeGroupsResponse groups;
  caller.call(&Stub::NodeGroups, pb::NodeGroupsRequest(), groups);
  all += groups.SerializeAsString();
  for (const char* group : {"a", "b-c"}) {
    all += std::to_string(caller.target(group)) + caller.nodes(group).SerializeAsString();
  }
  return all;
}

constexpr const char* kMethods[] = {"NodeGroups",
                                    "NodeGroupForNode",
                                    "PricingNodePrice",
                                    "PricingPodPrice",
                                    "GPULabel",
                                    "GetAvailableGPUTypes",
                                    "Cleanup",
                                    "Refresh",
                                    "NodeGroupTargetSize",
                                    "NodeGroupIncreaseSize",
                                    "NodeGroupDeleteNodes",
                                    "NodeGroupDecreaseTargetSize",
                                    "NodeGroupNodes",
                                    "NodeGroupTemplateNodeInfo",
                                    "NodeGroupGetOptions"};

struct Started {
  Started() : child(bench.start()), caller(ProgramBench::address(*child)) {
    REQUIRE(caller.increase("a", 3).ok());
    REQUIRE(eventually([&] { return caller.has_machines("a") && bench.cloud.live() == 3; }));
    before = state_of(caller);
  }

  ProgramBench bench;
  std::unique_ptr<Child> child;
  Caller caller;
  std::string before;
};

}  // namespace

TEST_CASE("bytes that are no message are refused by every call", "[program]") {
  Started s;
  for (const char* method : kMethods) {
    CAPTURE(method);
    // A length beyond the end, a field without an end, a group that never ends, bad UTF-8.
    for (const std::string& bytes :
         {std::string("\x0a\xff\xff\xff\xff\x0f"), std::string("\xff\xff\xff"),
          std::string(100, '\x0b'), std::string("\x12\x05 ab", 4)}) {
      const grpc::Status status = send_bytes(s.caller, method, bytes);
      CHECK_FALSE(status.ok());
      CHECK(status.error_code() != StatusCode::DEADLINE_EXCEEDED);
    }
  }
  CHECK(send_bytes(s.caller, "NoSuchMethod", "").error_code() == StatusCode::UNIMPLEMENTED);
  CHECK(state_of(s.caller) == s.before);
}

TEST_CASE("sizes and groups that make no sense change nothing", "[program]") {
  Started s;
  constexpr int kMost = std::numeric_limits<int>::max();
  constexpr int kLeast = std::numeric_limits<int>::min();
  for (const int delta : {0, -1, kLeast}) {
    CHECK(s.caller.increase("a", delta).error_code() == StatusCode::INVALID_ARGUMENT);
  }
  for (const int delta : {8, kMost}) {
    CHECK(s.caller.increase("a", delta).error_code() == StatusCode::FAILED_PRECONDITION);
  }
  for (const std::string& group :
       {std::string(), std::string("A"), std::string("a\0", 2), std::string(100'000, 'a')}) {
    CHECK(s.caller.increase(group, 1).error_code() == StatusCode::NOT_FOUND);
    CHECK(s.caller.target(group) == -StatusCode::NOT_FOUND);
    CHECK(s.caller.remove(group, {"x"}).error_code() == StatusCode::NOT_FOUND);
  }
  for (const int delta : {0, 1, kMost}) {
    pb::NodeGroupDecreaseTargetSizeRequest request;
    request.set_id("a");
    request.set_delta(delta);
    pb::NodeGroupDecreaseTargetSizeResponse reply;
    CHECK(s.caller.call(&Stub::NodeGroupDecreaseTargetSize, request, reply).error_code() ==
          StatusCode::INVALID_ARGUMENT);
  }
  CHECK(state_of(s.caller) == s.before);
}

TEST_CASE("nodes that are nobody's are not deleted, and cost no other node its life", "[program]") {
  Started s;
  const std::string own = s.caller.ids("a").at(0);
  for (const std::string& stranger :
       {std::string(), std::string("aws:///us-east-1a/i-999999"),
        std::string("aws:///us-east-1a/i-placeholder-a-18446744073709551616"),
        std::string("aws:///us-east-1a/i-placeholder-a--1"), std::string(50'000, 'x')}) {
    CHECK(s.caller.remove("a", {own, stranger}).error_code() == StatusCode::NOT_FOUND);
    CHECK(s.caller.join(stranger).ok());  // of no group, and never an error
  }
  CHECK(s.caller.remove("b-c", {own}).error_code() == StatusCode::NOT_FOUND);
  CHECK(state_of(s.caller) == s.before);
  CHECK(s.bench.cloud.live() == 3);
}

TEST_CASE("requests with nothing in them are answered by every call", "[program]") {
  Started s;
  for (const char* method : kMethods) {
    CAPTURE(method);
    const StatusCode code = send_bytes(s.caller, method, "").error_code();
    CHECK((code == StatusCode::OK || code == StatusCode::NOT_FOUND ||
           code == StatusCode::INVALID_ARGUMENT));
  }
  CHECK(state_of(s.caller) == s.before);
}
