// Who moves completed operations from a completion queue to their tags. Two drivers: LivePump, a
// thread that blocks in the queue, and the simulator's, which polls the queue between events. Tags
// complete one at a time, and never beside what the executor runs.
#pragma once

namespace grpc {
class ServerCompletionQueue;
}

namespace casim::server {

class Pump {
 public:
  virtual ~Pump() = default;

  // That calls are taken from. Lives as long as the pump.
  virtual grpc::ServerCompletionQueue& queue() = 0;

  // An operation has been started on the queue. One that polls need not look before.
  virtual void on_operation_started() {}
};

}  // namespace casim::server
