#include "sim/autoscaler/expander.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <utility>

namespace casim::sim {
namespace {

using Options = std::vector<ScaleUpOption>;

constexpr std::array<std::string_view, 4> kKnown = {"random", "most-pods", "least-nodes",
                                                    "least-waste"};

class MostPods : public Expander {
 public:
  Awaitable<Options> best(ExpanderInput, Options options) override {
    std::size_t most = 0;
    for (const ScaleUpOption& option : options) most = std::max(most, option.pods.size());
    std::erase_if(options, [&](const ScaleUpOption& o) { return o.pods.size() != most; });
    co_return options;
  }
};

class LeastNodes : public Expander {
 public:
  Awaitable<Options> best(ExpanderInput, Options options) override {
    int least = std::numeric_limits<int>::max();
    for (const ScaleUpOption& option : options) {
      if (option.node_count > 0) least = std::min(least, option.node_count);
    }
    std::erase_if(options, [&](const ScaleUpOption& o) { return o.node_count != least; });
    co_return options;
  }
};

// Share of the new nodes' capacity that the option's pods leave free, cpu and memory added. In
// upstream's order of operations: ties are ties of doubles.
class LeastWaste : public Expander {
 public:
  Awaitable<Options> best(ExpanderInput input, Options options) override {
    double least = 0;
    Options kept;
    for (ScaleUpOption& option : options) {
      const auto info = input.infos.find(option.group->id());
      if (info == input.infos.end()) continue;
      const double waste = waste_of(option, info->second->node->capacity);
      if (kept.empty() || waste < least) {
        least = waste;
        kept.clear();
      }
      if (waste == least) kept.push_back(std::move(option));
    }
    co_return kept;
  }

 private:
  static double waste_of(const ScaleUpOption& option, const Resources& capacity) {
    std::int64_t cpu = 0;
    std::int64_t memory = 0;
    for (const PodPtr& pod : option.pods) {
      cpu += pod->spec->requests.cpu.value();
      memory += pod->spec->requests.memory.value();
    }
    const std::int64_t all_cpu = capacity.cpu.value() * option.node_count;
    const std::int64_t all_memory = capacity.memory.value() * option.node_count;
    const double wasted_cpu = static_cast<double>(all_cpu - cpu) / static_cast<double>(all_cpu);
    const double wasted_memory =
        static_cast<double>(all_memory - memory) / static_cast<double>(all_memory);
    return wasted_cpu + wasted_memory;
  }
};

std::unique_ptr<Expander> make_expander(std::string_view name) {
  if (name == "most-pods") return std::make_unique<MostPods>();
  if (name == "least-nodes") return std::make_unique<LeastNodes>();
  if (name == "least-waste") return std::make_unique<LeastWaste>();
  return nullptr;  // random: the chain's own end
}

}  // namespace

bool is_known_expander(std::string_view name) {
  return std::find(kKnown.begin(), kKnown.end(), name) != kKnown.end();
}

ExpanderChain::ExpanderChain(const std::vector<std::string>& names, OrderPolicy& order)
    : order_(order) {
  for (const std::string& name : names) {
    assert(is_known_expander(name));
    if (auto filter = make_expander(name)) filters_.push_back(std::move(filter));
  }
}

Awaitable<std::optional<ScaleUpOption>> ExpanderChain::choose(ExpanderInput input,
                                                              Options options) {
  for (const std::unique_ptr<Expander>& filter : filters_) {
    options = co_await filter->best(input, std::move(options));
    if (options.size() == 1) co_return std::move(options.front());
  }
  if (options.empty()) co_return std::nullopt;
  const std::size_t index = order_.choose("expander", options.size());
  co_return std::move(options[index]);
}

}  // namespace casim::sim
