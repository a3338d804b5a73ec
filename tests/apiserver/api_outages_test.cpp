#include "sim/apiserver/api_outages.h"

#include "sim/apiserver/node_heartbeats.h"
#include "tests/apiserver/api_world.h"
#include "tests/catch.h"

namespace casim::sim {

using namespace std::chrono_literals;

namespace {

constexpr TimePoint at(Duration d) { return kTimeZero + d; }

}  // namespace

TEST_CASE("an outage lasts from its first instant to, and without, its last", "[apiserver]") {
  ApiOutages outages;
  outages.begin({.from = at(10s), .to = at(20s)});
  CHECK_FALSE(outages.is_down(at(9999ms)));
  CHECK(outages.is_down(at(10s)));
  CHECK(outages.is_down(at(19999ms)));
  CHECK_FALSE(outages.is_down(at(20s)));
  CHECK(outages.up_from(at(12s)) == at(20s));
  CHECK(outages.up_from(at(5s)) == at(5s));
}

TEST_CASE("outages that meet or overlap are one", "[apiserver]") {
  ApiOutages outages;
  outages.begin({.from = at(10s), .to = at(20s)});
  outages.begin({.from = at(20s), .to = at(25s)});
  outages.begin({.from = at(22s), .to = at(30s)});
  CHECK(outages.up_from(at(10s)) == at(30s));
  CHECK(outages.last_heard(at(29s)) == at(10s) - 1ns);
}

TEST_CASE("a slow server is up: leaders lose their leases from 5 s on, kubelets from 10 s",
          "[apiserver]") {
  struct Row {
    Duration delay;
    bool has_leases;
    bool has_heartbeats;
  };

  const auto row = GENERATE(values<Row>(
      {{4999ms, true, true}, {5s, false, true}, {9999ms, false, true}, {10s, false, false}}));
  CAPTURE(row.delay);
  ApiOutages outages;
  outages.begin({.from = at(10s), .to = at(20s), .delay = row.delay});
  CHECK_FALSE(outages.is_down(at(15s)));
  CHECK(outages.delay(at(15s)) == row.delay);
  CHECK(outages.delay(at(20s)) == Duration{});
  CHECK(outages.has_leases(at(15s)) == row.has_leases);
  CHECK(outages.has_heartbeats(at(15s)) == row.has_heartbeats);
}

TEST_CASE("a kubelet's signs of an outage are not seen", "[apiserver]") {
  ApiOutages outages;
  NodeHeartbeats heartbeats(outages);
  heartbeats.set(NodeId(1), Heartbeat({at(3s), 10s}, {at(3s), 5min}));
  heartbeats.edit(NodeId(1), [](Heartbeat& beats) { beats.post(at(14s)); });
  outages.begin({.from = at(13s), .to = at(33s)});
  const Heartbeat& beats = *heartbeats.find(NodeId(1));
  CHECK(beats.renewed_at(at(12s)) == at(3s));
  CHECK(beats.renewed_at(at(32s)) == at(3s));
  CHECK(beats.renewed_at(at(34s)) == at(33s));
  CHECK(beats.posted_at(at(34s)) == at(3s));
}

}  // namespace casim::sim
