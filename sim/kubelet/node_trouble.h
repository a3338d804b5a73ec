// What may befall a node beside its machine's end. Each can hold several times at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace casim::sim {

enum class NodeTrouble : std::uint8_t {
  kDead,      // nothing runs there any more; afterwards the machine boots
  kSilent,    // cut off: what runs there goes on, but nobody hears of it
  kNotReady,  // its kubelet says so
};

inline constexpr std::size_t kNodeTroubles = 3;

constexpr std::string_view name_of(NodeTrouble trouble) {
  constexpr std::string_view kNames[] = {"dead", "silent", "not_ready"};
  return kNames[static_cast<std::size_t>(trouble)];
}

}  // namespace casim::sim
