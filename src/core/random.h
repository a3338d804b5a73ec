// Counter-based randomness: u = hash(seed, purpose, key, n). No engine and no state, so a new
// consumer disturbs nobody, and two variants of a scenario see the same luck. Keys name the thing
// (a pod by workload and index, an instance by its pool and number of launch), never the order in
// which objects happened to be made.
#pragma once

#include <cstdint>
#include <string_view>

namespace casim {

// 64-bit, stable over platforms and releases (part of the results' version).
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);
std::uint64_t hash_combine(std::uint64_t a, std::uint64_t b);

class Random {
 public:
  explicit Random(std::uint64_t seed) : seed_(seed) {}

  std::uint64_t bits(std::string_view purpose, std::uint64_t key, std::uint64_t n) const;
  // Uniform in the open interval (0, 1): safe for any inverse distribution function.
  double uniform(std::string_view purpose, std::uint64_t key, std::uint64_t n) const;
  // Uniform in 0 .. count-1. Requires: count > 0.
  std::uint64_t index(std::string_view purpose, std::uint64_t key, std::uint64_t n,
                      std::uint64_t count) const;

  std::uint64_t seed() const { return seed_; }

 private:
  std::uint64_t seed_;
};

}  // namespace casim
