#include "src/provider/call_tokens.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "src/core/random.h"
#include "src/provider/launch_token.h"
#include "src/provider/placeholder.h"

namespace casim::provider {
namespace {

// Unique for ever, also when a store begins anew and numbers its slots from zero: EC2 remembers
// tokens for a day after the machine (ec2.md 1.4). At most 64 characters with what Machines add.
std::string name_of_call(std::string_view cluster, SlotId first, WallTime now) {
  const auto instant = static_cast<std::uint64_t>(now.time_since_epoch().count());
  return fmt::format("casim-{}-{:016x}", first.value(), hash_bytes(cluster, instant));
}

}  // namespace

void give_tokens(std::vector<Slot>& slots, const Config& config, WallTime now) {
  std::map<std::string, std::vector<Slot*>> by_zone;
  for (Slot& slot : slots) by_zone[zone_of(slot.provider_id)].push_back(&slot);
  const auto most = static_cast<std::size_t>(config.launch_batch);
  for (const auto& [zone, of_zone] : by_zone) {
    for (std::size_t from = 0; from < of_zone.size(); from += most) {
      const auto size = static_cast<int>(std::min(most, of_zone.size() - from));
      const std::string name = name_of_call(config.cluster, of_zone[from]->id, now);
      for (int place = 0; place < size; ++place) {
        of_zone[from + static_cast<std::size_t>(place)]->token =
            slot_token({.call = call_token(name, size), .size = size, .place = place});
      }
    }
  }
}

bool could_share_calls(const std::vector<Slot>& slots, const Config& config) {
  std::map<std::string, int> missing;  // by call: slots that it asks for beyond these
  std::map<std::string, int> by_zone;
  for (const Slot& slot : slots) {
    const LaunchToken token = parse_launch_token(slot.token);
    --missing.try_emplace(token.call, token.size).first->second;
    ++by_zone[zone_of(slot.provider_id)];
  }
  if (std::ranges::any_of(missing, [](const auto& call) { return call.second > 0; })) return true;
  int needed = 0;
  for (const auto& [zone, count] : by_zone) {
    needed += (count + config.launch_batch - 1) / config.launch_batch;
  }
  return static_cast<int>(missing.size()) > needed;
}

}  // namespace casim::provider
