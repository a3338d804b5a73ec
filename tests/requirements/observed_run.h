// A run in this process, and what it asked of EC2.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/requirements/requirements.h"
#include "sim/world/world.h"
#include "tests/scenario/small_scenario.h"

namespace casim::sim {

class ObservedRun {
 public:
  explicit ObservedRun(Scenario scenario) : scenario_(std::move(scenario)) {
    config::Problems problems;
    WorldOptions options;
    options.listener = &use_;
    options.ec2_calls = &use_;
    const LoadedScenario loaded{"test", scenario_, config::Document(config::Value())};
    World world(scenario_, make_load_plan(loaded, problems), options, nullptr);
    while (!world.is_over()) world.run(1'000'000);
    use_.close();
    summary_ = world.summary();
    world.shut_down();
  }

  const Ec2Use& use() const { return use_; }

  const Summary& summary() const { return summary_; }

  Requirements requirements() const { return requirements_of(scenario_, summary_, use_); }

  // What is said of that, each with its basis: "seen: No slot had two machines at a time."
  std::vector<std::string> said(const std::string& title) const {
    std::vector<std::string> out;
    for (const RequirementSection& section : requirements().sections) {
      if (section.title != title) continue;
      for (const RequirementStatement& statement : section.statements) {
        out.push_back(std::string(name_of(statement.basis)) + ": " + statement.text);
      }
    }
    return out;
  }

  bool says(const std::string& title, const std::string& part) const {
    for (const std::string& sentence : said(title)) {
      if (sentence.find(part) != std::string::npos) return true;
    }
    return false;
  }

 private:
  Scenario scenario_;
  Ec2Use use_;
  Summary summary_;
};

inline const std::string kIdempotency = "Idempotency, and what happens without a client token";
inline const std::string kLists = "Lists by tag";
inline const std::string kLag = "Consistency lag";
inline const std::string kAnswerTime = "Answer time";

}  // namespace casim::sim
