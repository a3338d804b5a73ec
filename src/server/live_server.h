// The service on a TCP port or a Unix socket: what production runs. The completion queue has a
// thread of its own, which handles calls itself where it may take a turn (live_pump.h).
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "src/async/turn.h"
#include "src/core/asio.h"
#include "src/core/time.h"
#include "src/server/provider_service.h"
#include "src/server/tls_files.h"

namespace casim::server {

// Where a server listens, and to whom.
struct ListenOptions {
  std::string address;                         // "host:port", port 0: a free one; "unix:/path"
  std::optional<TlsFiles> tls = std::nullopt;  // none: plaintext
};

// Servers that are built from then on also say what they offer, by gRPC's reflection. gRPC knows
// this for the whole process only: for main, before anything is built.
void offer_reflection();

class LiveServer {
 public:
  // Throws std::runtime_error when the address cannot be had. Starts `service`, which outlives
  // this object, as the executor does and the turn: that of all that runs on the executor, and the
  // caller's now; null: there is none, and handlers run on the executor's thread.
  LiveServer(ProviderService& service, asio::any_io_executor executor, const ListenOptions& options,
             Turn* turn = nullptr);
  // Requires: shut_down() has finished, or the executor will never run again and the caller has no
  // turn.
  ~LiveServer();

  int port() const;  // that it listens at; 0: a Unix socket

  // What gRPC's health service answers; serving from the start.
  void set_serving(bool is_serving);

  // Takes no new calls, gives those in flight `grace` to finish, cancels the rest, closes the
  // service. Real time: not for simulations.
  Awaitable<void> shut_down(Duration grace);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::server
