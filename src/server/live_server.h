// The service on a TCP port: what production runs. The completion queue has a thread of its own;
// handlers run on the executor's thread.
#pragma once

#include <memory>
#include <string>

#include "src/core/asio.h"
#include "src/core/time.h"
#include "src/server/provider_service.h"

namespace casim::server {

class LiveServer {
 public:
  // Listens at "host:port"; port 0 takes a free one. Insecure: TLS comes with the credentials.
  // Throws std::runtime_error when the address cannot be had. Starts `service`, which outlives
  // this object, as the executor does.
  LiveServer(ProviderService& service, asio::any_io_executor executor, const std::string& address);
  // Requires: shut_down() has finished, or the executor will never run again.
  ~LiveServer();

  int port() const;  // that it listens at

  // Takes no new calls, gives those in flight `grace` to finish, cancels the rest, closes the
  // service. Real time: not for simulations.
  Awaitable<void> shut_down(Duration grace);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::server
