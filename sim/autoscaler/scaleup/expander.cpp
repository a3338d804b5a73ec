#include "sim/autoscaler/scaleup/expander.h"

#include <algorithm>
#include <cassert>
#include <limits>
#include <utility>

#include "sim/autoscaler/options/expander_names.h"
#include "sim/autoscaler/scaleup/price_expander.h"
#include "sim/autoscaler/scaleup/priority_expander.h"

namespace casim::sim {
namespace {

using Options = std::vector<ScaleUpOption>;

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
};

std::unique_ptr<Expander> make_expander(std::string_view name, ExpanderPorts ports) {
  if (name == "most-pods") return std::make_unique<MostPods>();
  if (name == "least-nodes") return std::make_unique<LeastNodes>();
  if (name == "least-waste") return std::make_unique<LeastWaste>();
  if (name == "price") {
    return std::make_unique<PriceExpander>(ports.provider, ports.view, ports.clock);
  }
  if (name == "priority") return std::make_unique<PriorityExpander>(ports.view, ports.events);
  return nullptr;  // random: the chain's own end
}

std::vector<std::string> ids_of(const Options& options) {
  std::vector<std::string> ids;
  for (const ScaleUpOption& option : options) ids.push_back(option.group->id());
  return ids;
}

// `before` becomes the groups of `after`.
void note_rejected(ExpanderChain::Rejections* rejections, const std::string& name,
                   std::vector<std::string>& before, const Options& after) {
  if (rejections == nullptr) return;
  std::vector<std::string> left = ids_of(after);
  for (const std::string& id : before) {
    if (std::find(left.begin(), left.end(), id) == left.end()) (*rejections)[id] = name;
  }
  before = std::move(left);
}

}  // namespace

// In upstream's order of operations: ties are ties of doubles.
double waste_of(const ScaleUpOption& option, const Resources& capacity) {
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

ExpanderChain::ExpanderChain(const std::vector<std::string>& names, ExpanderPorts ports)
    : order_(ports.order) {
  assert(problem_of_expanders(names).empty());
  for (const std::string& name : names) {
    if (auto filter = make_expander(name, ports)) filters_.push_back({name, std::move(filter)});
  }
}

ExpanderChain::ExpanderChain(std::string name, std::unique_ptr<Expander> filter,
                             const OrderPolicy& order)
    : order_(order) {
  filters_.push_back(Filter{std::move(name), std::move(filter)});
}

Awaitable<Options> ExpanderChain::keep(ExpanderInput input, Options options,
                                       Rejections* rejections) {
  std::vector<std::string> before = ids_of(options);
  for (const Filter& filter : filters_) {
    options = co_await filter.expander->best(input, std::move(options));
    note_rejected(rejections, filter.name, before, options);
    if (options.size() == 1) break;
  }
  co_return options;
}

Awaitable<std::optional<ScaleUpOption>> ExpanderChain::choose(ExpanderInput input, Options options,
                                                              Rejections* rejections) {
  options = co_await keep(input, std::move(options), rejections);
  if (options.empty()) co_return std::nullopt;
  if (options.size() == 1) co_return std::move(options.front());
  std::vector<std::string> before = ids_of(options);
  const std::size_t index = order_.choose(
      {"expander", input.by, input.attempt}, options,
      [](const ScaleUpOption& option) { return std::string_view(option.group->id()); });
  options = {std::move(options[index])};
  note_rejected(rejections, "random", before, options);
  co_return std::move(options.front());
}

}  // namespace casim::sim
