// gRPC's health service, for the server as a whole, on the completion queue that the other calls
// come from. gRPC's own has threads which poll the sockets beside the queue's: they get the bytes
// of most calls first and have to wake that one, and a call took half as long again. It is answered
// between turns: not while a reload reads the store. Source: gRPC's "GRPC Health Checking
// Protocol".
#pragma once

#include <memory>

#include "src/server/pump.h"

namespace grpc {
class Service;
}

namespace casim::server {

class HealthService {
 public:
  HealthService();
  // Requires: never started, or closed and the queue drained.
  ~HealthService();

  grpc::Service& grpc_service();  // to register with a server
  void start(Pump& pump);         // once the server is built; the pump outlives the service's calls
  // Those who watch are told so, and hold up no end of the server; who does not read, its grace.
  void end_watches();
  void close();                       // from here on nothing is started on the queue
  void set_serving(bool is_serving);  // true from the start

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace casim::server
