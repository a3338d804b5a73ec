#include "oracle/loops/loop_cases.h"

#include <fmt/format.h>

#include <vector>

#include "oracle/loops/loop_sides.h"

namespace casim::oracle {
namespace {

class LoopKind : public CaseKind {
 public:
  bool is_mine(const Json& one) const override {
    if (!one.is_object() || !one.contains("given") || !one.contains("expect")) return false;
    const Json& given = one.at("given");
    return given.contains("flags") && given.contains("groups") && !given.contains("scheduler") &&
           one.at("expect").contains("loops");
  }

  std::string explain(const Json& one) const override {
    return explain_loops(one.at("expect"), run_little_world(one.at("given"), release_of(one)));
  }

  CaseResult run(const Json& one) const override {
    CaseResult result;
    result.id = one.at("id").get<std::string>();
    result.family = result.id.substr(0, result.id.rfind('-'));
    const LoopRun got = run_little_world(one.at("given"), release_of(one));
    ExpectedLoops expected(one.at("expect").at("loops"));
    for (std::size_t i = 0; i < expected.size() && result.difference.empty(); ++i) {
      const Json want = expected.at(i);
      if (i >= got.loops.size()) {
        result.difference =
            fmt::format("loop {}: expected at {}, got none", i, want.at("t").dump());
        break;
      }
      judge(compare(want, got.loops[i], expected.has_own_status(i)), i, result);
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

 private:
  // The recorded cases are of the newest release and do not say so.
  static int release_of(const Json& one) { return one.value("release", sim::kNewestVersion); }

  // The first difference counts; what stands beside is counted in every loop up to it.
  static void judge(const std::vector<Compared>& keys, std::size_t loop, CaseResult& result) {
    for (const Compared& one : keys) {
      if (!one.is_judged) {
        Tally& tally = result.beside[one.key];
        ++tally.all;
        if (!one.differs()) ++tally.equal;
      } else if (one.differs() && result.difference.empty()) {
        result.difference = fmt::format("loop {} {}: expected {}, got {}", loop, one.key,
                                        one.expected.dump(), one.got.dump());
      }
    }
  }
};

}  // namespace

std::unique_ptr<CaseKind> make_loop_kind() { return std::make_unique<LoopKind>(); }

}  // namespace casim::oracle
