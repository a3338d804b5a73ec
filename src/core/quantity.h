// Amounts of one resource. Whole numbers of the smallest unit, so that sums are exact.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include <boost/container/flat_map.hpp>

namespace casim {

template <class Tag>
class Quantity {
 public:
  constexpr Quantity() = default;

  constexpr explicit Quantity(std::int64_t value) : value_(value) {}

  constexpr std::int64_t value() const { return value_; }

  constexpr auto operator<=>(const Quantity&) const = default;

  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }

  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }

  friend constexpr Quantity operator+(Quantity a, Quantity b) { return a += b; }

  friend constexpr Quantity operator-(Quantity a, Quantity b) { return a -= b; }

  friend constexpr Quantity operator*(Quantity a, std::int64_t n) { return Quantity(a.value_ * n); }

 private:
  std::int64_t value_ = 0;
};

using MilliCpu = Quantity<struct MilliCpuTag>;
using Bytes = Quantity<struct BytesTag>;

// What a pod requests or a node offers. Extended resources (nvidia.com/gpu) by name, in whole
// units; a name that is absent means none. `pods` is the number of slots: 1 for a pod.
struct Resources {
  MilliCpu cpu;
  Bytes memory;
  Bytes ephemeral_storage;
  std::int64_t pods = 0;
  boost::container::flat_map<std::string, std::int64_t> extended;

  bool operator==(const Resources&) const = default;
  Resources& operator+=(const Resources& other);
  Resources& operator-=(const Resources& other);
  // Every amount of this is at most that of `free`. An amount of zero fits always, as in the
  // scheduler's resource filter (a pod that requests no memory fits on a full node).
  bool fits_in(const Resources& free) const;
};

Resources operator+(Resources a, const Resources& b);
Resources operator-(Resources a, const Resources& b);

// Kubernetes' canonical text: "3920m", "4", "16Gi", "1000Ki", "1500".
std::string to_string(MilliCpu amount);
std::string to_string(Bytes amount);

}  // namespace casim
