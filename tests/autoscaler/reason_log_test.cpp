#include "sim/autoscaler/observers/reason_log.h"

#include <vector>

#include "tests/catch.h"

namespace casim::sim {
namespace {

struct Told {
  std::string subject;
  std::string reason;

  bool operator==(const Told&) const = default;
};

std::vector<Told> end(ReasonLog& log, std::uint32_t loop) {
  std::vector<Told> told;
  log.end_loop(LoopId(loop), [&](const std::string& subject, const ReasonLog::Reason& reason) {
    told.push_back({subject, std::string(reason.name)});
  });
  return told;
}

}  // namespace

TEST_CASE("a reason is told when it changes, and when it is gone", "[autoscaler]") {
  ReasonLog log;
  log.note(LoopId(1), "b", {"NotUnderutilized", {}});
  log.note(LoopId(1), "a", {"NoPlaceToMovePods", {}});
  CHECK(end(log, 1) == std::vector<Told>{{"a", "NoPlaceToMovePods"}, {"b", "NotUnderutilized"}});
  log.note(LoopId(2), "b", {"NotUnderutilized", {}});
  log.keep(LoopId(2), "a");
  CHECK(end(log, 2).empty());
  log.note(LoopId(3), "a", {});
  log.note(LoopId(3), "b", {"BlockedByPod", "NotReplicated"});
  CHECK(end(log, 3) == std::vector<Told>{{"a", ""}, {"b", "BlockedByPod"}});
}

TEST_CASE("the last note of a loop counts", "[autoscaler]") {
  ReasonLog log;
  log.note(LoopId(1), "a", {});
  log.note(LoopId(1), "a", {"NotUnneededLongEnough", {}});
  CHECK(end(log, 1) == std::vector<Told>{{"a", "NotUnneededLongEnough"}});
}

TEST_CASE("a subject that a loop says nothing about is forgotten", "[autoscaler]") {
  ReasonLog log;
  log.note(LoopId(1), "a", {"NotUnderutilized", {}});
  end(log, 1);
  CHECK(end(log, 2).empty());
  log.note(LoopId(3), "a", {"NotUnderutilized", {}});
  CHECK(end(log, 3) == std::vector<Told>{{"a", "NotUnderutilized"}});
}

}  // namespace casim::sim
