// A set of positions in a block of 128.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace casim::sim {

// Positions 0 to 127 as two words.
class Mask {
 public:
  static constexpr std::size_t kSize = 128;

  constexpr Mask() = default;

  // Positions of `values` for which `test` holds; written so that the compiler takes many at once.
  template <class Value, class Test>
  static Mask where(const Value* values, Test test) {
    return {half(values, test), half(values + 64, test)};
  }

  static constexpr Mask range(std::size_t begin, std::size_t end) {
    return below(end).without(below(begin));
  }

  static constexpr Mask below(std::size_t end) {
    return {low_bits(end), end > 64 ? low_bits(end - 64) : 0};
  }

  constexpr bool operator==(const Mask&) const = default;

  friend constexpr Mask operator&(Mask a, Mask b) { return {a.low_ & b.low_, a.high_ & b.high_}; }

  friend constexpr Mask operator|(Mask a, Mask b) { return {a.low_ | b.low_, a.high_ | b.high_}; }

  constexpr Mask without(Mask other) const { return {low_ & ~other.low_, high_ & ~other.high_}; }

  constexpr bool empty() const { return (low_ | high_) == 0; }

  constexpr std::size_t count() const {
    return static_cast<std::size_t>(std::popcount(low_) + std::popcount(high_));
  }

  constexpr bool has(std::size_t i) const {
    return ((i < 64 ? low_ >> i : high_ >> (i - 64)) & 1) != 0;
  }

  constexpr void add(std::size_t i) { (i < 64 ? low_ : high_) |= std::uint64_t{1} << (i & 63); }

  constexpr void remove(std::size_t i) { *this = without(range(i, i + 1)); }

  // The n-th position, counted from 0. Requires: n < count().
  constexpr std::size_t nth(std::size_t n) const {
    const auto low = static_cast<std::size_t>(std::popcount(low_));
    return n < low ? nth(low_, n) : 64 + nth(high_, n - low);
  }

  template <class Visit>
  constexpr void for_each(Visit visit) const {
    for (std::uint64_t left = low_; left != 0; left &= left - 1) {
      visit(static_cast<std::size_t>(std::countr_zero(left)));
    }
    for (std::uint64_t left = high_; left != 0; left &= left - 1) {
      visit(64 + static_cast<std::size_t>(std::countr_zero(left)));
    }
  }

 private:
  constexpr Mask(std::uint64_t low, std::uint64_t high) : low_(low), high_(high) {}

  static constexpr std::uint64_t low_bits(std::size_t n) {
    return n >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << n) - 1;
  }

  static constexpr std::size_t nth(std::uint64_t bits, std::size_t n) {
    std::size_t base = 0;
    for (;; base += 8, bits >>= 8) {
      const auto here = static_cast<std::size_t>(std::popcount(bits & 0xff));
      if (n < here) break;
      n -= here;
    }
    for (; n > 0; --n) bits &= bits - 1;
    return base + static_cast<std::size_t>(std::countr_zero(bits));
  }

  template <class Value, class Test>
  static std::uint64_t half(const Value* values, Test test) {
    unsigned char is_set[64];
    for (std::size_t i = 0; i < 64; ++i) is_set[i] = test(values[i]) ? 1 : 0;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i) {
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, is_set + 8 * i, sizeof bytes);  // little endian, as all that we run on
      bits |= (bytes * 0x0102040810204080U >> 56) << (8 * i);  // the lowest bits of eight bytes
    }
    return bits;
  }

  std::uint64_t low_ = 0;
  std::uint64_t high_ = 0;
};

}  // namespace casim::sim
