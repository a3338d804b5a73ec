// Every order that upstream leaves to chance (map iteration, unstable sorts, random choice), named
// in one place: by name, as the loop oracle fixes them (loops/README.md section 3), or drawn.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/random.h"

namespace casim::sim {

class OrderPolicy {
 public:
  enum class Kind { kByName, kSeeded };

  static OrderPolicy by_name() { return OrderPolicy(Kind::kByName, Random(0)); }

  static OrderPolicy seeded(Random random) { return OrderPolicy(Kind::kSeeded, random); }

  Kind kind() const { return kind_; }

  // A new iteration over a hash map, whose entries stand in order of name: puts them in the order
  // to visit. `map` says which one ("unneeded-nodes").
  template <class T>
  void arrange(std::string_view map, std::vector<T>& entries) {
    if (kind_ == Kind::kByName) return;
    const std::uint64_t draw = draws_++;
    for (std::size_t i = entries.size(); i > 1; --i) {
      std::swap(entries[i - 1], entries[index(map, draw, i)]);
    }
  }

  // The expanders' last resort: one of `count` equal options.
  std::size_t choose(std::string_view what, std::size_t count);

 private:
  OrderPolicy(Kind kind, Random random) : kind_(kind), random_(random) {}

  // One of 0 .. count-1.
  std::size_t index(std::string_view what, std::uint64_t draw, std::size_t count) const;

  Kind kind_;
  Random random_;
  std::uint64_t draws_ = 0;
};

}  // namespace casim::sim
