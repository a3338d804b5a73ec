// From real numbers to whole ones. A plain cast of a value out of range is undefined; this is not.
#pragma once

#include <cassert>
#include <concepts>
#include <limits>

namespace casim {

// The nearest whole number, halves away from zero; the nearest limit of Int for a value beyond
// them. Requires: not NaN, which whoever reads numbers of users refuses.
template <std::integral Int, std::floating_point Real>
constexpr Int round_to(Real value) {
  using Limits = std::numeric_limits<Int>;
  assert(value == value);
  // The first value above the limits: a power of two, so exact where max() itself is not.
  constexpr Real kEnd = static_cast<Real>(Limits::max() / 2 + 1) * 2;
  const Real rounded = value + (value < 0 ? Real(-0.5) : Real(0.5));
  if (rounded >= kEnd) return Limits::max();
  if (rounded <= (std::signed_integral<Int> ? -kEnd : Real(-1))) return Limits::min();
  return static_cast<Int>(rounded);
}

}  // namespace casim
