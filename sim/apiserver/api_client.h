// One user of the API server: its writes take turns in its token bucket, in order of submission,
// are applied after the write latency and answered at that instant, in the client's phase. Answers
// never come inline. An owner that dies before its answers must make its callbacks harmless.
// While the server is down (api_outages.h) requests are refused with kUnavailable, or tried again.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/cluster/cluster.h"
#include "sim/kernel/event_handle.h"
#include "sim/kernel/phase.h"
#include "src/core/result.h"
#include "src/core/token_bucket.h"

namespace casim::sim {

class ApiServer;

// Scheduler 50/100, cluster-autoscaler 5/10, each workload controller 20/30 (algorithm 9).
struct ApiClientConfig {
  std::string name;
  double qps = 0;  // 0: no limit
  int burst = 0;
  Phase phase = Phase::kWorld;  // in which its writes are applied and answered
  // What the server's outage has refused goes out again, as a controller's work queue has it: 5 ms
  // later, then twice as long each time, up to 1000 s (client-go's default rate limiter).
  bool tries_again = false;
};

// What one client has asked so far.
struct ApiClientStats {
  std::uint64_t requests = 0;
  std::uint64_t conflicts = 0;
  Duration waited_max{};  // for a turn
};

class ApiClient {
 public:
  // Called with the answer, in the client's phase.
  template <class T>
  using Done = std::move_only_function<void(Result<T>)>;
  // Edits a copy of a node.
  using NodeChange = std::move_only_function<void(Node&)>;

  ApiClient(ApiServer& server, ApiClientConfig config);
  ApiClient(const ApiClient&) = delete;
  ApiClient& operator=(const ApiClient&) = delete;

  // --- the scheduler
  // kNotFound: the pod or the node is gone; kConflict: the pod is bound or being deleted.
  void bind(PodId pod, NodeId node, Done<void> done);
  // Condition PodScheduled=False, reason Unschedulable. The transition time is that of the first.
  // With it, if given, the nominated node (empty: takes it back).
  void mark_unschedulable(PodId pod, std::optional<std::string> nominated, Done<void> done);
  // status.nominatedNodeName.
  void nominate(PodId pod, std::string node, Done<void> done);  // empty: takes it back
  void mark_preempted(PodId pod, Done<void> done);              // condition DisruptionTarget

  // --- controllers and the autoscaler
  // Answers with the id of the new pod. Refused as the server's admission says.
  void create_pod(NewPod pod, Done<PodId> done);
  // Begins graceful deletion by the kubelet; unbound or finished pods go at once. Of a pod
  // that is being deleted already: OK, nothing changes. An eviction (how = kEvicted) asks the
  // disruption budgets and is refused with kResourceExhausted.
  void delete_pod(PodId pod, PodEnd how, Duration grace, Done<void> done);
  // Goes at once, whoever may still run it (grace period 0). kNotFound: it is gone.
  void remove_pod(PodId pod, Done<void> done);
  // Its pods stay. kNotFound: it is gone.
  void delete_node(NodeId node, Done<void> done);
  // `change` edits a copy of the newest version. kConflict if `resource_version` is neither 0 nor
  // that of the newest; kNotFound if the node is gone.
  void update_node(NodeId node, std::uint64_t resource_version, NodeChange change,
                   Done<NodePtr> done);
  void update_node(std::string name, std::uint64_t resource_version, NodeChange change,
                   Done<NodePtr> done);

  // --- reads past the watch
  // kNotFound: there is none.
  void get_node(std::string name, Done<NodePtr> done);
  void get_pod(PodId pod, Done<Pod> done);

  // Any other object: `apply` changes it. The latency is that of its n-th write.
  void write(const std::string& uid, std::uint64_t n, std::move_only_function<Result<void>()> apply,
             Done<void> done);

  // Takes a token and time, changes nothing that is modelled: events, the status ConfigMap.
  void touch(Done<void> done);
  void touch();  // nobody waits

  // Its process is dead: what has not had its turn never leaves, and nobody hears of the rest.
  void die();
  // Its process is dead, and the next one finds out by itself what is left to do: until then no
  // request leaves, and those that had no turn or no answer wait for it.
  void hold();
  void release();  // the next process is there, with a full bucket

  const ApiClientConfig& config() const { return config_; }

  const ApiClientStats& stats() const { return stats_; }

 private:
  // What a draw of the latency is keyed by: the thing, and how often it was written.
  struct Draw {
    const char* purpose;
    std::uint64_t key;
    std::uint64_t n;
  };

  Draw pod_draw(const char* purpose, PodId pod) const;
  Draw node_draw(const char* purpose, const std::string& name) const;
  Draw own_draw(const char* purpose) const;
  // On its way: an event that serves it.
  template <class T, class Operation>
  struct Request;

  // Refused by an outage, to be tried again; `anew` for the next process.
  struct PutOff {
    std::move_only_function<void(bool anew)> go_on;
    EventHandle event;
  };

  // Runs the operation when the request has had its turn and its time, and answers.
  template <class T, class Operation>
  void submit(Draw draw, Operation operation, Done<T> done);
  template <class T, class Operation>
  void take_turn(Request<T, Operation> request);
  template <class T, class Operation>
  void serve(Request<T, Operation> request);
  template <class T, class Operation>
  void try_later(Request<T, Operation> request);
  TimePoint next_try(int& failures) const;
  template <class T>
  Result<T> noted(Result<T> result);

  ApiServer& server_;
  ApiClientConfig config_;
  TokenBucket bucket_;
  ApiClientStats stats_;
  TimePoint died_ = kTimeNever;
  std::map<std::uint64_t, PutOff> put_off_;  // by number, so far
  std::uint64_t put_off_so_far_ = 0;
  bool is_held_ = false;
  std::vector<std::move_only_function<void()>> held_;
};

}  // namespace casim::sim
