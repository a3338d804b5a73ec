// The taint eviction controller: deletes pods from nodes whose NoExecute taints they do not
// tolerate, at once or when their toleration has run out. Asks no disruption budget. A countdown
// once begun goes on, whatever tolerated taints come; it ends without a trace when all NoExecute
// taints are off. Source: algorithm 5.6, [k8s:pkg/controller/tainteviction/taint_eviction.go].
#pragma once

#include <optional>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>

#include "sim/apiserver/api_server.h"
#include "sim/cluster/watch.h"

namespace casim::sim {

// For how long the pod bears all the taints; none: for ever. Zero: one of them not at all.
std::optional<Duration> tolerated_for(const std::vector<Toleration>& tolerations,
                                      const std::vector<Taint>& taints);

class TaintEviction final : public Watcher {
 public:
  // All outlive the controller. The client of that configuration becomes its own.
  TaintEviction(Kernel& kernel, ApiServer& api, ApiClientConfig client);
  ~TaintEviction() override;
  TaintEviction(const TaintEviction&) = delete;
  TaintEviction& operator=(const TaintEviction&) = delete;

  void on_watch(const WatchEvent& event) override;

 private:
  struct Countdown {
    TimePoint begun{};
    EventHandle end;
    bool has_ended = false;  // the pod's deletion has been sent
  };

  void on_node(const Node& node);
  void on_pod(const Pod& pod);
  void judge(const Pod& pod, const std::vector<Taint>& taints);
  void call_off(PodId pod);
  void evict(PodId pod);

  Kernel& kernel_;
  ApiServer& api_;
  ApiClient& client_;
  // Looked up, never walked.
  boost::unordered_flat_map<NodeId::rep, std::vector<Taint>> tainted_;
  boost::unordered_flat_map<PodId::rep, Countdown> countdowns_;
};

}  // namespace casim::sim
