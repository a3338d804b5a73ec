// The externalgrpc service on a completion queue: turns calls into calls of a provider and its
// answers into replies, in all wire versions at once. Each call is handled on the executor or in
// its turn, as the pump has it; only that differs between production and simulation.
//   - Without a provider (before attach, after detach) every call is answered UNAVAILABLE.
//   - A client that goes away cancels nothing: a mutation that has begun is finished, one that has
//     not begun is not started.
//   - Re-arms a method first thing when a call of it arrives, so order of arrival is kept.
// Sources: externalgrpc.md 1.2 to 1.5, 5.1; feasibility sections 1, 4.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "src/core/asio.h"
#include "src/core/clock.h"
#include "src/core/id.h"
#include "src/core/rpc_method.h"
#include "src/provider/provider.h"
#include "src/server/call_observer.h"
#include "src/server/pump.h"

namespace grpc {
class Service;
}

namespace casim::server {

// A call whose handler is at work, for diagnosis.
struct OpenCall {
  CallId id;
  RpcMethod method = RpcMethod::kNodeGroups;
  TimePoint since{};
  std::optional<TimePoint> cancelled;  // when the client went away
};

class ProviderService {
 public:
  struct Ports {
    Clock& clock;
    asio::any_io_executor executor;
    CallObserver& observer;
    bool numbers_calls = false;  // 1, 2, 3 to those that bring no number
  };

  explicit ProviderService(Ports ports);
  // Requires: never started, or closed and the queue drained. Handlers that still hang somewhere
  // are left to the executor's owner.
  ~ProviderService();

  grpc::Service& grpc_service();  // to register with a server
  void start(Pump& pump);         // once the server is built; the pump outlives the service
  // From here on nothing is started on the queue, so that it may be shut down; handlers at work
  // are cancelled and their callers get no answer.
  void close();

  // The provider answers from now on, in a new epoch.
  void attach(provider::Provider& provider);
  // Cancels the handlers at work: their calls are answered UNAVAILABLE once the executor has been
  // polled, and the provider may be destroyed then.
  void detach();
  const provider::Provider* provider() const;  // nullptr: detached
  std::uint64_t server_epoch() const;          // 0 before the first attach

  std::vector<OpenCall> open_calls() const;  // in order of arrival

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::server
