// The search for what breaks, on the built-in small scenario. More seeds: casim fuzz.
#include <set>
#include <string>
#include <variant>

#include <fmt/format.h>

#include "sim/scenario/describe.h"
#include "sim/scenario/fault_search.h"
#include "sim/world/fault_trial.h"
#include "src/config/config.h"
#include "tests/catch.h"

namespace casim::sim {

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t kSeeds = 60;  // each takes ten times as long
#else
constexpr std::uint64_t kSeeds = 300;
#endif

std::string command_for(std::uint64_t seed) {
  return fmt::format("casim fuzz --seeds 1 --seed {}", seed);
}

}  // namespace

TEST_CASE("without faults the scenario of the search comes to rest", "[world]") {
  LoadedScenario calm{"calm", search_scenario(), config::Document(config::Value())};
  CHECK(try_faults(calm, {}).failure == "");
}

TEST_CASE("whatever faults are drawn, every invariant holds and the world comes to rest",
          "[world][search]") {
  for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const FaultTrial trial = try_faults(fault_case(search_scenario(), seed), {});
    INFO("again: " << command_for(seed));
    REQUIRE(trial.failure == "");
  }
}

TEST_CASE("every kind of fault is drawn, and all of them are good", "[world]") {
  std::set<std::size_t> drawn;
  bool any_recurrent = false;
  for (std::uint64_t seed = 1; seed <= 6000; ++seed) {
    for (const Fault& fault : fault_case(search_scenario(), seed).scenario.faults) {
      drawn.insert(fault.body.index());
      any_recurrent |= fault.every.has_value();
    }
  }
  CHECK(drawn.size() == std::variant_size_v<decltype(Fault::body)>);
  CHECK(any_recurrent);
}

TEST_CASE("a case that was written down runs as it did", "[world]") {
  const LoadedScenario first = fault_case(search_scenario(), 5);
  const std::string text = config::to_json(config::write(first.scenario));
  config::Problems problems;
  auto document = config::parse_text(text, config::Format::kJson, {"again", ""}, problems);
  REQUIRE(document);
  LoadedScenario again{"again", {}, *std::move(document)};
  REQUIRE(config::read(again.document, again.scenario, problems));
  CHECK(try_faults(first, {}).digest == try_faults(again, {}).digest);
}

TEST_CASE("a trial tells what is under way at the end", "[world]") {
  LoadedScenario loaded{"short", search_scenario(), config::Document(config::Value())};
  loaded.scenario.duration = std::chrono::seconds(20);
  const FaultTrial trial = try_faults(loaded, {});
  CHECK(trial.failure.starts_with("no rest at the end: the provider is not quiet"));
  CHECK(try_faults(loaded, {.ends_at_rest = false}).failure == "");
}

}  // namespace casim::sim
