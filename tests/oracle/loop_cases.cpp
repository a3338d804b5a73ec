#include "tests/oracle/loop_cases.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>
#include <vector>

#include "tests/oracle/little_case.h"

namespace casim::oracle {
namespace {

TimePoint time_of(const Json& seconds) { return kTimeZero + exact_seconds(seconds.get<double>()); }

Json expected_mutations(const Json& loop) {
  Json result = Json::array();
  for (Json mutation : loop.value("mutations", Json::array())) {
    mutation["t"] = time_text(time_of(mutation.at("t")));
    result.push_back(std::move(mutation));
  }
  return result;
}

// `expect` leaves out what is as in the loop before: this fills it in again.
class Expected {
 public:
  explicit Expected(const Json& loops) : loops_(loops) {}

  // The loop with all keys, inherited ones included.
  Json at(std::size_t index) {
    Json loop = loops_.at(index);
    for (const char* key : {"calls", "order", "status", "targets", "nodes", "pending"}) {
      if (loop.contains(key)) {
        inherited_[key] = loop.at(key);
      } else if (inherited_.contains(key)) {
        loop[key] = inherited_.at(key);
      }
    }
    return loop;
  }

  std::size_t size() const { return loops_.size(); }

 private:
  const Json& loops_;
  Json inherited_ = Json::object();
};

// Every judged key of both sides.
std::vector<std::string> differences(const Json& expected, const LoopRecord& got) {
  std::vector<std::string> result;
  const auto differ = [&](const char* key, const Json& want, const Json& have) {
    if (want == have) return;
    result.push_back(
        fmt::format("loop {} {}: expected {}, got {}", got.loop, key, want.dump(), have.dump()));
  };
  differ("t", time_text(time_of(expected.at("t"))), time_text(got.start));
  if (expected.contains("end")) {
    differ("end", time_text(time_of(expected.at("end"))), time_text(got.end));
  }
  differ("error", expected.value("error", ""), got.error);
  Json mutations = Json::array();
  for (const Mutation& mutation : got.mutations) mutations.push_back(json_of(mutation));
  differ("mutations", expected_mutations(expected), mutations);
  if (got.loop == 0) return result;
  differ("targets", expected.value("targets", Json::object()), got.targets);
  differ("nodes", expected.value("nodes", 0), got.nodes);
  differ("pending", expected.value("pending", 0), got.pending);
  return result;
}

void note_beside(const Json& expected, const LoopRecord& got, std::map<std::string, Tally>& all,
                 std::vector<std::string>* text) {
  const auto note = [&](const char* key, const Json& want, const Json& have) {
    Tally& tally = all[key];
    ++tally.all;
    if (want == have) {
      ++tally.equal;
    } else if (text != nullptr) {
      text->push_back(fmt::format("loop {} {} (beside): expected {}, got {}", got.loop, key,
                                  want.dump(), have.dump()));
    }
  };
  note("calls", expected.value("calls", Json::object()), got.calls);
  note("taints", expected.value("taints", Json::array()), got.taints);
  if (expected.contains("order")) note("order", expected.at("order"), got.order);
  if (expected.contains("status") && !got.status.empty()) {
    note("status", expected.at("status"), Json::parse(got.status));
  }
}

class LoopKind : public CaseKind {
 public:
  std::string_view name() const override { return "loops"; }

  bool is_mine(const Json& one) const override {
    if (!one.is_object() || !one.contains("given") || !one.contains("expect")) return false;
    const Json& given = one.at("given");
    return given.contains("flags") && given.contains("groups") && !given.contains("scheduler") &&
           one.at("expect").contains("loops");
  }

  CaseResult run(const Json& one) const override { return judge(one, nullptr); }

  std::string explain(const Json& one) const override {
    std::vector<std::string> text;
    judge(one, &text);
    std::string result;
    for (const std::string& line : text) result += line + "\n";
    return result;
  }

 private:
  static CaseResult judge(const Json& one, std::vector<std::string>* text) {
    CaseResult result;
    result.id = one.at("id").get<std::string>();
    result.family = result.id.substr(0, result.id.rfind('-'));
    const LoopRun got = run_little_world(one.at("given"));
    Expected expected(one.at("expect").at("loops"));
    for (std::size_t i = 0; i < expected.size() && result.difference.empty(); ++i) {
      const Json want = expected.at(i);
      if (i >= got.loops.size()) {
        result.difference =
            fmt::format("loop {}: expected at {}, got none", i, want.at("t").dump());
        break;
      }
      const std::vector<std::string> found = differences(want, got.loops[i]);
      if (text != nullptr) text->insert(text->end(), found.begin(), found.end());
      note_beside(want, got.loops[i], result.beside, text);
      if (!found.empty()) result.difference = found.front();
    }
    if (result.difference.empty() && got.loops.size() > expected.size()) {
      result.difference = fmt::format("loop {}: expected none, got one at {}", expected.size(),
                                      time_text(got.loops[expected.size()].start));
    }
    const Json& final = one.at("expect").at("final");
    if (result.difference.empty() && final != got.final) {
      result.difference = fmt::format("final: expected {}, got {}", final.dump(), got.final.dump());
    }
    result.passed = result.difference.empty();
    return result;
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_loop_kind() { return std::make_unique<LoopKind>(); }

}  // namespace casim::oracle
