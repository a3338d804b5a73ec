// Watches calls at the server: production counts and logs them, the simulator makes facts of
// mutations.
// Told in the order in which the server saw things; never blocks, never fails.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "src/core/id.h"
#include "src/core/result.h"
#include "src/core/rpc_method.h"
#include "src/core/time.h"

namespace casim::server {

// One call as the server sees it. The texts live as long as the notification.
struct CallInfo {
  // Of the metadata "casim-call-id", sent with mutations only; none without, unless the service
  // numbers calls.
  CallId id;
  RpcMethod method = RpcMethod::kNodeGroups;
  std::string_view group;  // empty: the method names none
  int delta = 0;           // of the two that carry one; minus the number of nodes of DeleteNodes
  std::vector<std::string_view> nodes;  // names, of DeleteNodes
  TimePoint arrived{};
  std::size_t reply_bytes = 0;  // once it is finished, where the observer wants it
};

class CallObserver {
 public:
  virtual ~CallObserver() = default;

  // Counting bytes costs a walk over the reply.
  virtual bool wants_reply_size() const { return false; }

  // It has arrived, and nothing was done yet.
  virtual void on_started(const CallInfo&) {}

  // The client has gone, by its own will or by its deadline; the handler is still at work.
  virtual void on_cancelled(const CallInfo&) {}

  // The answer is on its way, whether or not the client still waits for it. 0: OK.
  virtual void on_finished(const CallInfo&, int /*code*/) {}
};

}  // namespace casim::server
