// Which of several equally good nodes 1.36 takes: it builds a binary max-heap over the list of
// feasible nodes and takes the root. A parent gives way only to a strictly greater child, the left
// child wins among equals, so the root is the first best element in pre-order of the list read as
// a heap. Source: algorithm 5.2, "Ties".
#pragma once

#include <bit>
#include <cstdint>

namespace casim::sim {

// Sorts indices of the list by pre-order: smaller key, earlier. 8 equal nodes: 0 1 3 7 4 2 5 6.
constexpr std::uint64_t heap_preorder(std::uint32_t index) {
  const std::uint64_t node = std::uint64_t{index} + 1;  // children of n: 2n and 2n + 1
  const auto depth = static_cast<unsigned>(std::bit_width(node));
  return ((node << (48 - depth)) << 8) | depth;
}

// The index that follows in pre-order of a heap of `size`; `size` after the last.
constexpr std::uint32_t heap_next(std::uint32_t index, std::uint32_t size) {
  std::uint64_t node = std::uint64_t{index} + 1;
  if (2 * node <= size) return static_cast<std::uint32_t>(2 * node - 1);
  while (node > 1 && (node % 2 == 1 || node + 1 > size)) node /= 2;
  return node == 1 ? size : static_cast<std::uint32_t>(node);
}

}  // namespace casim::sim
