// gRPC's own services beside the provider's.
#include <csignal>

#include <sys/resource.h>

#include <grpcpp/generic/generic_stub.h>

#include "tests/catch.h"
#include "tests/program/bench.h"

using namespace casim;
using namespace casim::live;

namespace {

// The reply's bytes, or the name of the failure.
std::string ask(Caller& caller, const std::string& path) {
  grpc::GenericStub stub(caller.channel());
  grpc::ClientContext context;
  context.set_deadline(
      gpr_time_add(gpr_now(GPR_CLOCK_REALTIME), gpr_time_from_seconds(20, GPR_TIMESPAN)));
  grpc::CompletionQueue queue;
  const grpc::ByteBuffer nothing(nullptr, 0);
  const auto call = stub.PrepareUnaryCall(&context, path, nothing, &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  grpc::Slice slice;
  if (!status.ok() || !answer.DumpToSingleSlice(&slice).ok()) return status.error_message();
  return {reinterpret_cast<const char*>(slice.begin()), slice.size()};
}

}  // namespace

TEST_CASE("gRPC's health service says that the provider serves", "[program]") {
  ProgramBench bench;
  const auto child = bench.start();
  Caller caller(ProgramBench::address(*child));
  CHECK(ask(caller, "/grpc.health.v1.Health/Check") == "\x08\x01");  // SERVING
  child->signal(SIGTERM);
  CHECK(child->wait().exit_code == 0);
}

TEST_CASE("a provider that can store nothing more serves no more", "[program]") {
  std::signal(SIGXFSZ, SIG_IGN);  // the child's too: its writes fail instead
  ProgramBench bench;
  const auto child = bench.start();
  Caller caller(ProgramBench::address(*child));
  const rlimit nothing{0, 0};
  REQUIRE(::prlimit(child->pid(), RLIMIT_FSIZE, &nothing, nullptr) == 0);
  CHECK(caller.increase("a", 1).error_code() == grpc::StatusCode::INTERNAL);
  CHECK(eventually(
      [&] { return ask(caller, "/grpc.health.v1.Health/Check") == "\x08\x02"; }));  // NOT_SERVING
}
