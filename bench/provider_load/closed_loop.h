// A client that asks as fast as it is answered: so many calls in flight, each lane with its next
// call when the last one is over. Replies are taken as bytes, so that little of the time is the
// client's own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "src/core/clock.h"

namespace casim::bench {

// One call as bytes, with the name of its method.
struct CallBytes {
  std::string method;  // "Refresh"
  std::string request;
};

// What came of a loop. Latencies are sorted.
struct LoopOutcome {
  double calls_per_s = 0;
  std::vector<Duration> latencies;

  Duration quantile(double q) const;
};

// Throws std::runtime_error where a call fails.
class ClosedLoop {
 public:
  // Lanes go through the calls from different ones on, over one connection.
  ClosedLoop(Clock& clock, const std::string& address, std::vector<CallBytes> calls);
  ~ClosedLoop();

  LoopOutcome run(int in_flight, Duration length);

  // One call; its reply.
  std::string ask(const CallBytes& call);

 private:
  struct Lane;
  void start(Lane& lane);

  Clock& clock_;
  std::vector<CallBytes> calls_;
  std::vector<std::string> paths_;
  std::vector<grpc::ByteBuffer> requests_;
  grpc::GenericStub stub_;
  grpc::CompletionQueue queue_;
};

std::shared_ptr<grpc::Channel> connect(const std::string& address);

}  // namespace casim::bench
