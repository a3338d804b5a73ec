#include "sim/apiserver/api_client.h"

#include <algorithm>
#include <utility>

#include "sim/apiserver/api_server.h"

namespace casim::sim {

ApiClient::ApiClient(ApiServer& server, ApiClientConfig config)
    : server_(server), config_(std::move(config)), bucket_(config_.qps, config_.burst) {}

ApiClient::Draw ApiClient::pod_draw(const char* purpose, PodId pod) const {
  const Cluster& cluster = server_.cluster_;
  const PodLife& life = cluster.life(pod);
  const std::uint64_t key = hash_combine(life.workload.value(), life.index);
  const std::uint64_t writes = life.phase == PodPhase::kEnded ? 0 : cluster.writes_of(pod);
  return {purpose, key, (std::uint64_t{life.incarnation} << 32) + writes};
}

ApiClient::Draw ApiClient::node_draw(const char* purpose, const std::string& name) const {
  const NodeId node = server_.cluster_.find_node(name);
  return {purpose, hash_bytes(name), node.is_valid() ? server_.cluster_.writes_of(node) : 0};
}

ApiClient::Draw ApiClient::own_draw(const char* purpose) const {
  return {purpose, hash_bytes(config_.name), stats_.requests};
}

template <class Apply>
void ApiClient::submit(Draw draw, Apply apply) {
  const TimePoint now = server_.now();
  const TimePoint turn = bucket_.reserve(now);
  ++stats_.requests;
  const Duration latency = server_.write_latency(draw.purpose, draw.key, draw.n);
  // A turn beyond all time stays in the queue.
  if (turn == kTimeNever) return void(server_.kernel_.at(turn, config_.phase, std::move(apply)));
  stats_.waited_max = std::max(stats_.waited_max, turn - now);
  server_.kernel_.at(turn + latency, config_.phase, std::move(apply));
}

template <class T>
Result<T> ApiClient::noted(Result<T> result) {
  if (!result && result.error().code == ErrorCode::kConflict) ++stats_.conflicts;
  return result;
}

void ApiClient::bind(PodId pod, NodeId node, Done<void> done) {
  submit(pod_draw("api.bind", pod), [this, pod, node, done = std::move(done)]() mutable {
    done(noted(server_.bind(pod, node)));
  });
}

void ApiClient::mark_unschedulable(PodId pod, std::optional<std::string> nominated,
                                   Done<void> done) {
  submit(pod_draw("api.mark", pod),
         [this, pod, nominated = std::move(nominated), done = std::move(done)]() mutable {
           done(server_.mark_unschedulable(pod, nominated));
         });
}

void ApiClient::mark_preempted(PodId pod, Done<void> done) {
  submit(pod_draw("api.preempt", pod),
         [this, pod, done = std::move(done)]() mutable { done(server_.mark_preempted(pod)); });
}

void ApiClient::nominate(PodId pod, std::string node, Done<void> done) {
  submit(pod_draw("api.nominate", pod),
         [this, pod, node = std::move(node), done = std::move(done)]() mutable {
           done(server_.nominate(pod, node));
         });
}

void ApiClient::create_pod(NewPod pod, Done<PodId> done) {
  const Draw draw{"api.create", hash_combine(pod.workload.value(), pod.index), pod.incarnation};
  submit(draw, [this, pod = std::move(pod), done = std::move(done)]() mutable {
    done(server_.create_pod(std::move(pod)));
  });
}

void ApiClient::delete_pod(PodId pod, PodEnd how, Duration grace, Done<void> done) {
  submit(pod_draw("api.delete", pod), [this, pod, how, grace, done = std::move(done)]() mutable {
    done(server_.delete_pod(pod, how, grace));
  });
}

void ApiClient::remove_pod(PodId pod, Done<void> done) {
  submit(pod_draw("api.remove", pod),
         [this, pod, done = std::move(done)]() mutable { done(server_.remove_pod(pod)); });
}

void ApiClient::delete_node(NodeId node, Done<void> done) {
  const NodePtr& now = server_.cluster_.node(node);
  submit(now ? node_draw("api.delete_node", now->name) : own_draw("api.delete_node"),
         [this, node, done = std::move(done)]() mutable {
           if (!server_.cluster_.node(node))
             return done(failure(ErrorCode::kNotFound, "no such node"));
           server_.delete_node(node);
           done({});
         });
}

void ApiClient::update_node(NodeId node, std::uint64_t resource_version, NodeChange change,
                            Done<NodePtr> done) {
  const NodePtr& now = server_.cluster_.node(node);
  submit(
      now ? node_draw("api.node", now->name) : own_draw("api.node"),
      [this, node, resource_version, change = std::move(change), done = std::move(done)]() mutable {
        done(noted(server_.update_node(node, resource_version, change)));
      });
}

void ApiClient::update_node(std::string name, std::uint64_t resource_version, NodeChange change,
                            Done<NodePtr> done) {
  const Draw draw = node_draw("api.node", name);
  submit(draw, [this, name = std::move(name), resource_version, change = std::move(change),
                done = std::move(done)]() mutable {
    const NodeId node = server_.cluster_.find_node(name);
    done(noted(server_.update_node(node, resource_version, change)));
  });
}

void ApiClient::get_node(std::string name, Done<NodePtr> done) {
  const Draw draw = own_draw("api.get");
  submit(draw, [this, name = std::move(name), done = std::move(done)]() mutable {
    const NodeId node = server_.cluster_.find_node(name);
    if (!node.is_valid()) {
      done(failure(ErrorCode::kNotFound, "no node " + name));
    } else {
      done(server_.cluster_.node(node));
    }
  });
}

void ApiClient::get_pod(PodId pod, Done<Pod> done) {
  submit(own_draw("api.get"), [this, pod, done = std::move(done)]() mutable {
    if (const Pod* found = server_.cluster_.find_pod(pod)) {
      done(*found);
    } else {
      done(failure(ErrorCode::kNotFound, "no such pod"));
    }
  });
}

void ApiClient::touch(Done<void> done) {
  submit(own_draw("api.touch"), [done = std::move(done)]() mutable { done({}); });
}

void ApiClient::touch() {
  const TimePoint now = server_.now();
  const TimePoint turn = bucket_.reserve(now);
  ++stats_.requests;
  if (turn != kTimeNever) stats_.waited_max = std::max(stats_.waited_max, turn - now);
}

}  // namespace casim::sim
