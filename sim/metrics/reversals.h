// Changes of direction of a size that goes up and down, small ones left out.
#pragma once

#include <algorithm>
#include <cstdint>

namespace casim::sim {

// Goes back by less than this from its last high or low: no reversal.
constexpr std::int64_t least_reversal(std::int64_t size) {
  return std::max<std::int64_t>(1, (size + 19) / 20);  // 5 %
}

class Reversals {
 public:
  explicit Reversals(std::int64_t size) : low_(size), high_(size) {}

  void on_size(std::int64_t size) {
    low_ = std::min(low_, size);
    high_ = std::max(high_, size);
    if (way_ != Way::kUp && size - low_ >= least_reversal(low_)) turn(Way::kUp, size);
    if (way_ != Way::kDown && high_ - size >= least_reversal(high_)) turn(Way::kDown, size);
  }

  std::int64_t count() const { return count_; }

 private:
  enum class Way : std::uint8_t { kNone, kUp, kDown };

  void turn(Way way, std::int64_t size) {
    if (way_ != Way::kNone) ++count_;
    way_ = way;
    low_ = high_ = size;
  }

  std::int64_t low_;   // since the last turn
  std::int64_t high_;  // likewise
  std::int64_t count_ = 0;
  Way way_ = Way::kNone;
};

}  // namespace casim::sim
