// Another executor, of which each piece of work is a turn. All that is built on it, sockets, timers
// and coroutines, is so guarded by the turn.
//
// As the other one runs work, inline or later and on which thread, so does this one. Of an
// io_context that one thread runs, all work is on that thread still: a thread which takes turns
// beside it posts, and never runs a handler inline.
#pragma once

#include <type_traits>
#include <utility>

#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>

#include "src/async/turn.h"
#include "src/core/asio.h"

namespace casim {

template <class Inner>
class TurnExecutor {
 public:
  // The turn outlives what came through this.
  TurnExecutor(Inner inner, Turn& turn) : inner_(std::move(inner)), turn_(&turn) {}

  template <class Property>
    requires asio::can_query<const Inner&, Property>::value
  decltype(auto) query(const Property& property) const noexcept {
    return asio::query(inner_, property);
  }

  template <class Property>
    requires asio::can_require<const Inner&, Property>::value
  auto require(const Property& property) const {
    return TurnExecutor<std::decay_t<decltype(asio::require(inner_, property))>>(
        asio::require(inner_, property), *turn_);
  }

  template <class Function>
  void execute(Function&& function) const {
    inner_.execute(
        [turn = turn_, work = std::decay_t<Function>(std::forward<Function>(function))]() mutable {
          const Turn::Hold hold(*turn);
          // What the work refers to may die with it, and does so in its turn.
          std::decay_t<Function> mine(std::move(work));
          std::move(mine)();
        });
  }

  bool operator==(const TurnExecutor&) const noexcept = default;

 private:
  Inner inner_;
  Turn* turn_;
};

}  // namespace casim
