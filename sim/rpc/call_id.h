// Call ids are given to mutations only, so that they are the same whether reads travel or not. An
// id tells the loop that made the call.
#pragma once

#include <cstdint>

#include "src/core/id.h"

namespace casim::sim {

constexpr CallId make_call_id(LoopId loop, std::uint32_t n) {
  return CallId((static_cast<CallId::rep>(loop.value()) << 32) | n);
}

// None for a call outside a loop, and for none.
constexpr LoopId loop_of(CallId call) {
  return call ? LoopId(static_cast<LoopId::rep>(call.value() >> 32)) : LoopId();
}

}  // namespace casim::sim
