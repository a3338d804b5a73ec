// Carries completed operations from the thread that blocks in a completion queue to the thread
// that runs the executor: where what they touch belongs to that thread.
#pragma once

#include <memory>

#include "src/core/asio.h"
#include "src/server/delivery.h"

namespace casim::server {

class HandOff final : public Delivery {
 public:
  explicit HandOff(asio::any_io_executor executor);
  // Requires: no push() runs. What was pushed and not yet handed over is dropped.
  ~HandOff() override;
  HandOff(const HandOff&) = delete;
  HandOff& operator=(const HandOff&) = delete;

  void push(Tag& tag, bool ok) override;  // the tags behind one that throws: with the next poll
  void close() override;                  // on the executor, or when that is not polled

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the drain that is posted
};

}  // namespace casim::server
