#include <algorithm>

#include "oracle/paths/path_story.h"
#include "sim/paths/crossplane/breaker.h"

namespace casim::oracle {

PathStory run_breaker_case(const Json& given) {
  check_keys(given, {"bursts"});
  std::vector<double> updates;
  for (const Json& burst : given.at("bursts")) {
    check_keys(burst, {"t", "updates", "every_s"});
    for (int i = 0; i < burst.at("updates").get<int>(); ++i) {
      updates.push_back(burst.at("t").get<double>() + i * burst.at("every_s").get<double>());
    }
  }
  std::ranges::stable_sort(updates);
  sim::Breaker breaker{sim::BreakerConfig{}};
  PathStory story;
  std::vector<double>& passed = story.lists["passed_at_s"];
  std::vector<double>& dropped = story.lists["dropped_at_s"];
  for (const double t : updates) {
    const bool is_passed = breaker.passes_update(kTimeZero + from_seconds(t));
    (is_passed ? passed : dropped).push_back(t);
  }
  return story;
}

}  // namespace casim::oracle
