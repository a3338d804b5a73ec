// Completes operations where they are pushed, with the turn of the executor taken: an operation
// that can be answered at once has no second thread to wait for. What it leaves to the executor
// runs there as ever.
#pragma once

#include "src/async/turn.h"
#include "src/core/asio.h"
#include "src/server/delivery.h"

namespace casim::server {

class InTurn final : public Delivery {
 public:
  // All that runs on the executor takes the turn, which outlives this.
  InTurn(asio::any_io_executor executor, Turn& turn);

  void push(Tag& tag, bool ok) override;  // Requires: the turn is not the caller's
  void close() override;                  // likewise

 private:
  asio::any_io_executor executor_;
  Turn& turn_;
  bool is_closed_ = false;
};

}  // namespace casim::server
