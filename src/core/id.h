// Ids that do not mix. Dense numbers inside; strings (i-0abc...) only at the edges.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>

namespace casim {

template <class Tag, class Rep = std::uint32_t>
class Id {
 public:
  using rep = Rep;
  constexpr Id() = default;  // no id

  constexpr explicit Id(Rep value) : value_(value) {}

  constexpr Rep value() const { return value_; }

  constexpr bool is_valid() const { return value_ != kNone; }

  constexpr explicit operator bool() const { return is_valid(); }

  constexpr auto operator<=>(const Id&) const = default;

 private:
  static constexpr Rep kNone = std::numeric_limits<Rep>::max();
  Rep value_ = kNone;
};

// Joins of facts (design section 5): a run of the autoscaler, one RPC, one slot of a group.
using LoopId = Id<struct LoopTag>;
using CallId = Id<struct CallTag, std::uint64_t>;
using SlotId = Id<struct SlotTag, std::uint64_t>;

}  // namespace casim

template <class Tag, class Rep>
struct std::hash<casim::Id<Tag, Rep>> {
  std::size_t operator()(casim::Id<Tag, Rep> id) const noexcept {
    return std::hash<Rep>{}(id.value());
  }
};
