// The provider's gRPC server inside a simulation: an in-process connection and one completion queue
// that the kernel polls between events. It outlives the provider's crashes: while none is attached
// to the service, calls are answered UNAVAILABLE.
// Source: feasibility sections 1, 2, 7.
#pragma once

#include <memory>
#include <stdexcept>

#include "sim/kernel/kernel.h"
#include "src/core/time.h"
#include "src/server/call_observer.h"
#include "src/server/provider_service.h"

namespace casim::sim {

class InProcess;

// A handler did not come to an end although its call had been cancelled, or had passed its
// deadline, long ago. Leaves Kernel::run(); the process exits with code 3.
class StuckHandler : public std::runtime_error {
 public:
  StuckHandler(server::OpenCall call, TimePoint now);

  const server::OpenCall& call() const { return call_; }

 private:
  server::OpenCall call_;
};

class SimulatedServer {
 public:
  static constexpr Duration kPatience = std::chrono::seconds(60);

  // Both outlive it. The observer may be told of calls until the service is closed.
  SimulatedServer(Kernel& kernel, server::CallObserver& observer);
  // Requires: no call of a GrpcProviderRpc is awaited. Cancels what handlers are at work and
  // settles the kernel, so a provider that is attached still stands.
  ~SimulatedServer();

  server::ProviderService& service();  // attach() and detach() go here
  InProcess& connection();             // for clients in sim/rpc

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::sim
