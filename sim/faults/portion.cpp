#include "sim/faults/portion.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "src/config/config.h"

namespace casim::sim {

std::vector<std::string> Portion::draw(const std::vector<std::string>& names, const Random& random,
                                       std::string_view purpose, std::uint64_t key) const {
  std::vector<std::pair<double, std::string>> drawn;
  for (const std::string& name : names) {
    const double luck = random.uniform(purpose, key, hash_bytes(name));
    if (count || luck < share) drawn.emplace_back(luck, name);
  }
  std::ranges::sort(drawn);
  if (count) drawn.resize(std::min(drawn.size(), static_cast<std::size_t>(*count)));
  std::vector<std::string> befallen;
  for (auto& [luck, name] : drawn) befallen.push_back(std::move(name));
  std::ranges::sort(befallen);
  return befallen;
}

void describe_portion(config::Visitor& v, Portion& p, std::string_view whose) {
  v.field("share", p.share, fmt::format("share of {}, drawn for each", whose),
          config::probability());
  v.field("count", p.count, fmt::format("how many of {}, drawn, instead of a share", whose),
          config::at_least(1));
  v.check("count", !p.count || p.share == 1, "contradicts share");
}

}  // namespace casim::sim
