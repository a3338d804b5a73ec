// Every order that upstream leaves to chance (map iteration, goroutines, random choice), named in
// one place: by name, as the loop oracle fixes them (loops/README.md section 3), or drawn.
//
// A draw hangs on what it orders and on nothing else: on the map, the loop, how often the loop has
// visited the map, and the entry's own name. So one more draw in one place moves nothing elsewhere,
// and one more entry leaves the others in the order that they had.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "src/core/id.h"
#include "src/core/random.h"

namespace casim::sim {

// One visit of a hash map, or of another place where upstream leaves an order to chance.
struct OrderKey {
  std::string_view map;  // which one: "unneeded-nodes"
  LoopId loop;           // that visits it, or decided what visits it; none: outside all loops
  std::uint64_t n = 0;   // how often that loop has visited it before
};

// Holds no state: asking changes no later answer.
class OrderPolicy {
 public:
  enum class Kind { kByName, kSeeded };

  // The entries' own order, as recorded cases have it.
  static OrderPolicy by_name() { return OrderPolicy(Kind::kByName, Random(0)); }

  static OrderPolicy seeded(Random random) { return OrderPolicy(Kind::kSeeded, random); }

  Kind kind() const { return kind_; }

  // Puts the entries of a map, which stand in order of name, in the order to visit. Any order is as
  // likely as any other. `name_of`: an entry's name, which no other entry has.
  template <class T, class NameOf>
  void arrange(const OrderKey& key, std::vector<T>& entries, NameOf&& name_of) const {
    if (kind_ == Kind::kByName || entries.size() < 2) return;
    const Random random = draws(key);
    std::vector<Ranked> ranks;
    ranks.reserve(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
      ranks.emplace_back(rank(random, name_of(entries[i])), i);
    }
    sort_uniform(ranks);
    std::vector<T> arranged;
    arranged.reserve(entries.size());
    for (const auto& [rank, index] : ranks) arranged.push_back(std::move(entries[index]));
    entries = std::move(arranged);
  }

  // One of several equal entries: the one that arrange() would put first. Returns its index.
  // Requires: not empty.
  template <class T, class NameOf>
  std::size_t choose(const OrderKey& key, const std::vector<T>& entries, NameOf&& name_of) const {
    if (kind_ == Kind::kByName) return 0;
    const Random random = draws(key);
    std::size_t best = 0;
    for (std::size_t i = 1; i < entries.size(); ++i) {
      if (rank(random, name_of(entries[i])) < rank(random, name_of(entries[best]))) best = i;
    }
    return best;
  }

  // The draws of one visit, for a caller that makes them one by one.
  Random draws(const OrderKey& key) const {
    return Random(random_.bits(key.map, key.loop.value(), key.n));
  }

 private:
  OrderPolicy(Kind kind, Random random) : kind_(kind), random_(random) {}

  using Ranked = std::pair<std::uint64_t, std::size_t>;  // and where the entry stands

  // Ranks are spread evenly, so each is near its place at once: linear, not n log n.
  static void sort_uniform(std::vector<Ranked>& ranks);

  static std::uint64_t rank(const Random& random, std::string_view name) {
    return hash_bytes(name, random.seed());
  }

  Kind kind_;
  Random random_;
};

}  // namespace casim::sim
