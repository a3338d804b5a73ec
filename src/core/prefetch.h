// Lists of pointers to objects that lie far apart. A plain walk waits for each object's memory in
// turn; one that asks for those ahead of it waits for several at once.
#pragma once

#include <cstddef>

namespace casim {

// Asks for the front of the object a few places behind the i-th, which the walk is at.
template <class Pointers>
void prefetch_after(const Pointers& list, std::size_t i) {
  constexpr std::size_t kAhead = 8;
  constexpr std::size_t kLine = 64;
  if (i + kAhead >= list.size()) return;
  const auto* const front =
      static_cast<const char*>(static_cast<const void*>(list[i + kAhead].get()));
  __builtin_prefetch(front);
  __builtin_prefetch(front + kLine);
}

}  // namespace casim
