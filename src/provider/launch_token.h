// Client tokens of launches. Slots that are asked for in one RunInstances call have one call token,
// which is durable with them, and each its place in the call; the token of a slot names both, so it
// is unique as ever. An instance tells its slot by its launch index: whatever is replayed, the same
// machines come back for the same slots.
#pragma once

#include <string>
#include <string_view>

namespace casim::provider {

struct LaunchToken {
  std::string call;  // of a call for several it says for how many
  int size = 1;      // slots of the call
  int place = 0;     // among them, from 0

  bool operator==(const LaunchToken&) const = default;
};

// "casim-12-5f3a" alone; "casim-12-5f3a-30" for thirty slots. `name`: unique for ever.
std::string call_token(std::string_view name, int size);
// "casim-12-5f3a"; "casim-12-5f3a-30#4".
std::string slot_token(const LaunchToken& token);
// The same of a call whose size is not known.
std::string slot_token_at(std::string_view call, int place);
// Of a slot's token. A text that is not of the second form is a call for one.
LaunchToken parse_launch_token(std::string_view slot_token);

}  // namespace casim::provider
