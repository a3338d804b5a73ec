// The two sides of a loop, expected and got, in one form: by key, times as text, with what `expect`
// leaves out because it is as in the loop before (cases/README.md, "Loops: expect").
#pragma once

#include <string>
#include <vector>

#include "oracle/loops/little_record.h"
#include "oracle/loops/loop_cases.h"

namespace casim::oracle {

// One key of both sides.
struct Compared {
  std::string key;
  nlohmann::json expected;
  nlohmann::json got;
  bool is_judged = false;  // else reported beside: calls, taints, order, status

  bool differs() const { return expected != got; }
};

// The expected loops of a case, each made whole.
class ExpectedLoops {
 public:
  // Refers to `loops`.
  explicit ExpectedLoops(const nlohmann::json& loops) : loops_(loops) {}

  std::size_t size() const { return loops_.size(); }

  bool has_own_status(std::size_t index) const { return loops_.at(index).contains("status"); }

  // The loop with all keys, inherited ones included. Requires: asked for in order.
  nlohmann::json at(std::size_t index);

 private:
  const nlohmann::json& loops_;
  nlohmann::json inherited_ = nlohmann::json::object();
};

// Every key that `expected` asserts, judged ones first. `has_status`: the loop wrote the status
// itself, else what is expected stands from an earlier loop, and this one may have written none.
std::vector<Compared> compare(const nlohmann::json& expected, const LoopRecord& got,
                              bool has_status);

// The loop before the first that differs in a judged key, and that loop: both sides, and why the
// autoscaler did so. Without one: what differs beside.
std::string explain_loops(const nlohmann::json& expect, const LoopRun& run);

}  // namespace casim::oracle
