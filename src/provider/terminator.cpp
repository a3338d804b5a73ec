#include "src/provider/terminator.h"

#include <utility>

namespace casim::provider {

void Terminator::request(std::vector<std::string> instance_ids) {
  std::erase_if(instance_ids,
                [this](const std::string& id) { return !in_flight_.insert(id).second; });
  if (!instance_ids.empty()) scope_.spawn(run(std::move(instance_ids)));
}

Awaitable<void> Terminator::run(std::vector<std::string> instance_ids) {
  std::vector<std::string> copy = instance_ids;
  co_await machines_.remove(std::move(copy));  // a failure is the reconciler's: see the header
  for (const std::string& id : instance_ids) in_flight_.erase(id);
}

}  // namespace casim::provider
