// EC2 that real clients can call: the model with its conditions, the time that drives it, and its
// two addresses. What casim ec2 runs; everything is on one io_context and one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "sim/ec2/config.h"
#include "sim/ec2_face/bearer_check.h"
#include "sim/ec2_face/signature_check.h"
#include "sim/faults/fault.h"
#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/http/server.h"

namespace casim::sim {

struct LiveEc2Options {
  Ec2Config ec2;
  std::uint64_t seed = 1;
  std::vector<Fault> faults;  // of EC2 alone, from the start on
  double speed = 1;           // of virtual time against real time; above 0
  bool stepped = false;       // instead: pace.h
  SignatureMode signatures = SignatureMode::kParse;
  std::vector<KnownCredentials> credentials;
  RestAccess rest;
  http::ServerOptions api;
  http::ServerOptions admin;
};

class LiveEc2 {
 public:
  // Listens at once; throws std::runtime_error where it cannot. `real` runs on `io`; both outlive
  // it.
  LiveEc2(asio::io_context& io, Clock& real, LiveEc2Options options);
  ~LiveEc2();
  LiveEc2(const LiveEc2&) = delete;
  LiveEc2& operator=(const LiveEc2&) = delete;

  std::string url() const;  // of both faces
  std::string admin_url() const;

  // Serves until shut_down() is over.
  void run();
  // For a task on executor().
  Awaitable<void> shut_down(Duration grace);
  asio::any_io_executor executor();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim
