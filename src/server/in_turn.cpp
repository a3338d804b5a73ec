#include "src/server/in_turn.h"

#include <cassert>
#include <exception>
#include <utility>

#include <boost/asio/post.hpp>

namespace casim::server {

InTurn::InTurn(asio::any_io_executor executor, Turn& turn)
    : executor_(std::move(executor)), turn_(turn) {}

void InTurn::push(Tag& tag, bool ok) {
  assert(!turn_.is_mine());
  const Turn::Hold hold(turn_);
  if (is_closed_) return;
  try {
    tag.complete(ok);
  } catch (...) {
    asio::post(executor_, [why = std::current_exception()] { std::rethrow_exception(why); });
  }
}

void InTurn::close() {
  assert(!turn_.is_mine());
  const Turn::Hold hold(turn_);
  is_closed_ = true;
}

}  // namespace casim::server
