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

inline constexpr std::uint64_t kGoldenBits = 0x9e3779b97f4a7c15;  // 2^64 / golden ratio: SplitMix64

// Variant 13 of David Stafford's finalisers ("Better bit mixing", 2011), the one of SplitMix64. A
// bijection, so chaining it loses nothing. It maps 0 to 0: callers add kGoldenBits first.
constexpr std::uint64_t mix_bits(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

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

// The draws of one purpose and key, for a caller that makes many: index(n, count) is what Random
// gives for them.
class Draws {
 public:
  Draws(const Random& random, std::string_view purpose, std::uint64_t key);

  std::uint64_t index(std::uint64_t n, std::uint64_t count) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>((Wide{mix_bits((mixed_ ^ n) + kGoldenBits)} * count) >> 64);
  }

 private:
  std::uint64_t mixed_;  // purpose and key, as hash_combine() mixes what comes first
};

}  // namespace casim
