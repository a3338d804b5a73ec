#include "src/provider/machine_tags.h"

#include <algorithm>
#include <charconv>

#include "src/provider/launch_token.h"

namespace casim::provider {

std::string tag_of(const ec2::Instance& instance, std::string_view key) {
  const auto tag = std::ranges::find(instance.tags, key, &ec2::Tag::key);
  return tag == instance.tags.end() ? std::string() : tag->value;
}

std::vector<ec2::Tag> machine_tags(const std::string& cluster, const std::string& group,
                                   SlotId slot, const std::string& token) {
  return {{kClusterTag, cluster},
          {kGroupTag, group},
          {kSlotTag, std::to_string(slot.value())},
          {kTokenTag, token}};
}

std::string slot_token_of(const ec2::Instance& instance) {
  const std::string call = tag_of(instance, kTokenTag);
  const std::string first = tag_of(instance, kFirstTag);
  if (first.empty()) return call;
  int place = 0;
  std::from_chars(first.data(), first.data() + first.size(), place);
  return slot_token_at(call, place + instance.ami_launch_index);
}

}  // namespace casim::provider
