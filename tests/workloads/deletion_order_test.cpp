#include "sim/workloads/deletion_order.h"

#include "tests/catch.h"

using namespace casim;
using namespace casim::sim;
using namespace std::chrono_literals;

namespace {

// One that every other rule keeps: it has run for long, alone on its node.
DeletionCandidate settled(std::uint32_t id) {
  DeletionCandidate pod;
  pod.pod = PodId(id);
  pod.assigned = true;
  pod.running = true;
  pod.ready = true;
  pod.on_node = 1;
  pod.ready_for = 1h;
  pod.age = 2h;
  pod.uid = id;
  return pod;
}

}  // namespace

TEST_CASE("each rule of the deletion order decides before those after it", "[workloads]") {
  DeletionCandidate younger = settled(5);
  younger.age = 10s;
  DeletionCandidate shorter = settled(4);
  shorter.ready_for = 10s;
  DeletionCandidate restarted = settled(6);
  restarted.restarts = 1;
  DeletionCandidate crowded = settled(3);
  crowded.on_node = 2;
  DeletionCandidate cheap = settled(7);
  cheap.deletion_cost = -1;
  DeletionCandidate not_ready = settled(2);
  not_ready.ready = false;
  DeletionCandidate pending = settled(8);
  pending.ready = pending.running = false;
  DeletionCandidate unassigned = settled(1);
  unassigned.ready = unassigned.running = unassigned.assigned = false;
  const auto order = choose_to_delete(
      {settled(9), younger, restarted, shorter, crowded, cheap, not_ready, pending, unassigned}, 9);
  CHECK(order == std::vector<PodId>{PodId(1), PodId(8), PodId(2), PodId(7), PodId(3), PodId(4),
                                    PodId(6), PodId(5), PodId(9)});
  CHECK(choose_to_delete({settled(6), shorter, unassigned}, 2) ==
        std::vector<PodId>{PodId(1), PodId(4)});
}

TEST_CASE("times of one class are settled by UID, equal ones by the next rule", "[workloads]") {
  DeletionCandidate a = settled(1);
  DeletionCandidate b = settled(2);
  // Between 17.2 and 34.4 s.
  a.ready_for = 30s;
  b.ready_for = 20s;
  CHECK(goes_before(a, b));
  CHECK_FALSE(goes_before(b, a));
  b.ready_for = 17s;  // the class below
  CHECK(goes_before(b, a));
  b.ready_for = a.ready_for;
  b.age = 1h;
  CHECK(goes_before(b, a));
  b.age = a.age;
  CHECK_FALSE(goes_before(a, b));
  CHECK_FALSE(goes_before(b, a));
}

TEST_CASE("pods that just became ready go before all that have been for a while", "[workloads]") {
  DeletionCandidate a = settled(1);
  DeletionCandidate b = settled(2);
  b.ready_for = 0s;
  CHECK(goes_before(b, a));
  a.ready_for = 1ns;
  CHECK(goes_before(b, a));
}

TEST_CASE("the deletion cost is a whole number in an annotation, or 0", "[workloads]") {
  PodSpec pod;
  CHECK(deletion_cost_of(pod) == 0);
  std::string& cost = pod.annotations["controller.kubernetes.io/pod-deletion-cost"];
  cost = "-43";
  CHECK(deletion_cost_of(pod) == -43);
  cost = "4x";
  CHECK(deletion_cost_of(pod) == 0);
}
