#include "src/provider/terminator.h"

#include <utility>

namespace casim::provider {

void Terminator::request(std::vector<std::string> instance_ids) {
  std::erase_if(instance_ids,
                [this](const std::string& id) { return !in_flight_.insert(id).second; });
  if (instance_ids.empty()) return;
  for (std::string& id : instance_ids) gathered_.push_back(std::move(id));
  const bool is_waited_for = gathering_.is_open();
  gathering_.note(clock_.now());
  if (!is_waited_for) scope_.spawn(run());
}

Awaitable<void> Terminator::run() {
  co_await gathering_.end(clock_);
  const std::vector<std::string> ids = std::exchange(gathered_, {});
  std::vector<std::string> copy = ids;
  co_await machines_.remove(std::move(copy));  // a failure is the reconciler's: see the header
  for (const std::string& id : ids) in_flight_.erase(id);
}

}  // namespace casim::provider
