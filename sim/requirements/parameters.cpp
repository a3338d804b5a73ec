#include "sim/requirements/parameters.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <string_view>
#include <vector>

#include "src/ec2/query/codec.h"
#include "src/ec2/query/form.h"

namespace casim::sim {
namespace {

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) {
    return std::nullopt;
  }
  return number;
}

// "Filter.1.Value.2": "Filter.N.Value.M".
std::string pattern_of(std::string_view name) {
  std::string out;
  char place = 'M';
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t dot = std::min(name.find('.', from), name.size());
    const std::string_view part = name.substr(from, dot - from);
    if (!out.empty()) out += '.';
    if (whole(part)) {
      place = place == 'M' ? 'N' : 'M';
      out += place;
    } else {
      out += part;
    }
    from = dot + 1;
  }
  return out;
}

// Not ids, tokens and the values of tags, of which there are as many as machines.
bool is_name(std::string_view pattern) {
  constexpr std::string_view kNames[] = {"Filter.N.Name",
                                         "TagSpecification.N.Tag.M.Key",
                                         "TagSpecification.N.ResourceType",
                                         "InstanceType",
                                         "ImageId",
                                         "SubnetId",
                                         "Placement.AvailabilityZone",
                                         "InstanceMarketOptions.MarketType"};
  return std::ranges::find(kNames, pattern) != std::end(kNames);
}

}  // namespace

void note_parameters(ParameterUses& uses, const ec2::AnyRequest& request) {
  const auto form = ec2::query::parse_form(ec2::query::encode_request(request));
  assert(form);  // it is ours
  std::map<std::string, std::size_t> counts;
  for (const auto& [name, value] : *form) {
    if (name == "Action" || name == "Version") continue;
    const std::string pattern = pattern_of(name);
    ParameterUse& use = uses[pattern];
    ++counts[pattern];
    if (is_name(pattern) && use.values.size() <= ParameterUse::kMostValues) {
      use.values.insert(value);
    }
    const std::optional<std::int64_t> number = whole(value);
    if (!number || pattern != name) continue;  // a list has texts
    use.least = std::min(*number, use.least.value_or(*number));
    use.most = std::max(*number, use.most.value_or(*number));
  }
  for (const auto& [pattern, count] : counts) {
    ParameterUse& use = uses[pattern];
    ++use.calls;
    use.most_in_call = std::max(use.most_in_call, count);
  }
}

}  // namespace casim::sim
