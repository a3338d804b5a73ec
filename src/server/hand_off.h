// Carries completed operations from the thread that blocks in a completion queue to the thread
// that runs the executor, in order. Knows nothing of gRPC, whose own locks the thread sanitizer
// cannot see, so that a test can run under it.
#pragma once

#include <cstddef>
#include <memory>

#include "src/core/asio.h"
#include "src/server/tag.h"

namespace casim::server {

class HandOff {
 public:
  explicit HandOff(asio::any_io_executor executor);
  // Requires: no push() runs. What was pushed and not yet handed over is dropped.
  ~HandOff();
  HandOff(const HandOff&) = delete;
  HandOff& operator=(const HandOff&) = delete;

  // From any thread. complete(ok) follows on the executor; an exception from it leaves whoever
  // polls the executor, and the tags behind it follow with the next poll.
  void push(Tag& tag, bool ok);

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the drain that is posted
};

}  // namespace casim::server
