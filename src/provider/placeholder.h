// Provider ids: "aws:///<zone>/<instance id>", and for a slot without a machine the form that CA's
// own AWS provider uses, "aws:///<zone>/i-placeholder-<group>-<slot>" (externalgrpc.md 5.1 item 5).
// A placeholder names its slot, so it can be resolved as long as slots are numbered.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "src/core/id.h"

namespace casim::provider {

// Of a machine.
std::string make_provider_id(std::string_view zone, std::string_view instance_id);
// Of a slot without one.
std::string make_placeholder(std::string_view zone, std::string_view group, SlotId slot);

// What a placeholder names.
struct Placeholder {
  std::string group;
  SlotId slot;
};

// Nothing: the id is of another form.
std::optional<Placeholder> parse_placeholder(std::string_view provider_id);

// Of either form; empty when the id has another one.
std::string zone_of(std::string_view provider_id);

}  // namespace casim::provider
