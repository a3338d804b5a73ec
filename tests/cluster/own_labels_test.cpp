#include "sim/cluster/own_labels.h"

#include <set>

#include "tests/catch.h"

namespace casim::sim {
namespace {

using Operator = LabelRequirement::Operator;

TEST_CASE("a label that a controller gives is what the pod's selectors ask for", "[cluster]") {
  const LabelSelector own{{"app", Operator::kIn, {"web"}},
                          {kTemplateHashLabel, Operator::kNotIn, {kOwnValue}}};
  PodSpec pod;
  pod.topology_spread.push_back({.topology_key = "zone", .selector = own});
  pod.pod_affinity.push_back({own, "zone", {}});
  pod.preferred_pod_anti_affinity.push_back({1, {own, "zone", {}}});
  set_label(pod, "other", "x");
  CHECK(pod.pod_affinity[0].selector == own);
  set_label(pod, kTemplateHashLabel, "abc");
  CHECK(pod.labels.at(kTemplateHashLabel) == "abc");
  const LabelSelector filled{own[0], {kTemplateHashLabel, Operator::kNotIn, {"abc"}}};
  CHECK(pod.topology_spread[0].selector == filled);
  CHECK(pod.pod_affinity[0].selector == filled);
  CHECK(pod.preferred_pod_anti_affinity[0].term.selector == filled);
}

TEST_CASE("hashes of templates are stable, differ, and are made of few characters", "[cluster]") {
  std::set<std::string> hashes;
  for (int i = 0; i < 100; ++i) hashes.insert(safe_hash("owner/web/" + std::to_string(i)));
  CHECK(hashes.size() == 100);
  CHECK(hashes.contains(safe_hash("owner/web/7")));
  for (const std::string& hash : hashes) {
    CHECK(hash.find_first_not_of("bcdfghjklmnpqrstvwxz2456789") == std::string::npos);
    CHECK(hash.size() <= 10);
  }
}

}  // namespace
}  // namespace casim::sim
