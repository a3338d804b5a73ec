#include "sim/apiserver/api_client.h"

#include <algorithm>
#include <utility>

#include "sim/apiserver/api_server.h"

namespace casim::sim {
namespace {

constexpr Duration kFirstPause = std::chrono::milliseconds(5);
constexpr Duration kLongestPause = std::chrono::seconds(1000);

}  // namespace

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

template <class T, class Operation>
struct ApiClient::Request {
  ApiClient* client;
  Operation operation;
  Done<T> done;
  Duration latency;
  TimePoint turn{};
  int failures = 0;        // in a row, by outages
  bool is_slowed = false;  // by an outage

  void operator()() { client->serve(std::move(*this)); }
};

template <class T, class Operation>
void ApiClient::submit(Draw draw, Operation operation, Done<T> done) {
  ++stats_.requests;
  const Duration latency = server_.write_latency(draw.purpose, draw.key, draw.n);
  take_turn(Request<T, Operation>{.client = this,
                                  .operation = std::move(operation),
                                  .done = std::move(done),
                                  .latency = latency});
}

template <class T, class Operation>
void ApiClient::take_turn(Request<T, Operation> request) {
  if (is_held_) {
    held_.emplace_back(
        [this, request = std::move(request)]() mutable { take_turn(std::move(request)); });
    return;
  }
  const TimePoint now = server_.now();
  request.turn = bucket_.reserve(now);
  TimePoint due = request.turn;
  if (request.turn != kTimeNever) {  // else it stays in the queue
    stats_.waited_max = std::max(stats_.waited_max, request.turn - now);
    due += request.latency;
  }
  server_.kernel_.at(due, config_.phase, std::move(request));
}

template <class T, class Operation>
void ApiClient::serve(Request<T, Operation> request) {
  if (request.turn > died_) return;
  if (is_held_) return take_turn(std::move(request));
  const TimePoint now = server_.now();
  if (server_.outages().is_down(now)) {
    if (!config_.tries_again) {
      return request.done(failure(ErrorCode::kUnavailable, "the API server is down"));
    }
    return try_later(std::move(request));
  }
  const Duration delay = request.is_slowed ? Duration{} : server_.outages().delay(now);
  if (delay > Duration{}) {
    request.is_slowed = true;
    return void(server_.kernel_.after(delay, config_.phase, std::move(request)));
  }
  request.done(noted(request.operation()));
}

template <class T, class Operation>
void ApiClient::try_later(Request<T, Operation> request) {
  request.turn = next_try(request.failures);
  const TimePoint due = request.turn;
  const std::uint64_t n = put_off_so_far_++;
  PutOff& put_off = put_off_[n];
  put_off.go_on = [this, request = std::move(request)](bool anew) mutable {
    if (!anew) return serve(std::move(request));
    request.failures = 0;
    take_turn(std::move(request));
  };
  put_off.event = server_.kernel_.at(due, config_.phase,
                                     [this, n] { put_off_.extract(n).mapped().go_on(false); });
}

// The tries that would fail are not made.
TimePoint ApiClient::next_try(int& failures) const {
  const TimePoint up = server_.outages().up_from(server_.now());
  TimePoint next = server_.now();
  do {
    next += std::min(kLongestPause, kFirstPause * (std::int64_t{1} << std::min(failures++, 20)));
  } while (next < up && up != kTimeNever);
  return next;
}

void ApiClient::hold() {
  is_held_ = true;
  for (auto& [n, put_off] : std::exchange(put_off_, {})) {
    server_.kernel_.cancel(put_off.event);
    held_.emplace_back([go_on = std::move(put_off.go_on)]() mutable { go_on(true); });
  }
}

void ApiClient::release() {
  if (!is_held_) return;
  is_held_ = false;
  bucket_ = TokenBucket(config_.qps, config_.burst);
  for (auto& held : std::exchange(held_, {})) held();
}

template <class T>
Result<T> ApiClient::noted(Result<T> result) {
  if (!result && result.error().code == ErrorCode::kConflict) ++stats_.conflicts;
  return result;
}

void ApiClient::bind(PodId pod, NodeId node, Done<void> done) {
  submit<void>(
      pod_draw("api.bind", pod), [this, pod, node] { return server_.bind(pod, node); },
      std::move(done));
}

void ApiClient::mark_unschedulable(PodId pod, std::optional<std::string> nominated,
                                   Done<void> done) {
  submit<void>(
      pod_draw("api.mark", pod),
      [this, pod, nominated = std::move(nominated)] {
        return server_.mark_unschedulable(pod, nominated);
      },
      std::move(done));
}

void ApiClient::mark_preempted(PodId pod, Done<void> done) {
  submit<void>(
      pod_draw("api.preempt", pod), [this, pod] { return server_.mark_preempted(pod); },
      std::move(done));
}

void ApiClient::nominate(PodId pod, std::string node, Done<void> done) {
  submit<void>(
      pod_draw("api.nominate", pod),
      [this, pod, node = std::move(node)] { return server_.nominate(pod, node); }, std::move(done));
}

void ApiClient::create_pod(NewPod pod, Done<PodId> done) {
  const Draw draw{"api.create", hash_combine(pod.workload.value(), pod.index), pod.incarnation};
  submit<PodId>(
      draw,
      [this, pod = std::move(pod)]() mutable -> Result<PodId> {
        if (server_.admission_) {
          if (auto allowed = server_.admission_(pod); !allowed) {
            return std::unexpected(std::move(allowed).error());
          }
        }
        return server_.create_pod(std::move(pod));
      },
      std::move(done));
}

void ApiClient::delete_pod(PodId pod, PodEnd how, Duration grace, Done<void> done) {
  submit<void>(
      pod_draw("api.delete", pod),
      [this, pod, how, grace] { return server_.delete_pod(pod, how, grace); }, std::move(done));
}

void ApiClient::remove_pod(PodId pod, Done<void> done) {
  submit<void>(
      pod_draw("api.remove", pod), [this, pod] { return server_.remove_pod(pod); },
      std::move(done));
}

void ApiClient::delete_node(NodeId node, Done<void> done) {
  const NodePtr& now = server_.cluster_.node(node);
  submit<void>(
      now ? node_draw("api.delete_node", now->name) : own_draw("api.delete_node"),
      [this, node]() -> Result<void> {
        if (!server_.cluster_.node(node)) return failure(ErrorCode::kNotFound, "no such node");
        server_.delete_node(node);
        return {};
      },
      std::move(done));
}

void ApiClient::update_node(NodeId node, std::uint64_t resource_version, NodeChange change,
                            Done<NodePtr> done) {
  const NodePtr& now = server_.cluster_.node(node);
  submit<NodePtr>(
      now ? node_draw("api.node", now->name) : own_draw("api.node"),
      [this, node, resource_version, change = std::move(change)]() mutable {
        return server_.update_node(node, resource_version, change);
      },
      std::move(done));
}

void ApiClient::update_node(std::string name, std::uint64_t resource_version, NodeChange change,
                            Done<NodePtr> done) {
  const Draw draw = node_draw("api.node", name);
  submit<NodePtr>(
      draw,
      [this, name = std::move(name), resource_version, change = std::move(change)]() mutable {
        return server_.update_node(server_.cluster_.find_node(name), resource_version, change);
      },
      std::move(done));
}

void ApiClient::get_node(std::string name, Done<NodePtr> done) {
  const Draw draw = own_draw("api.get");
  submit<NodePtr>(
      draw,
      [this, name = std::move(name)]() -> Result<NodePtr> {
        const NodeId node = server_.cluster_.find_node(name);
        if (!node.is_valid()) return failure(ErrorCode::kNotFound, "no node " + name);
        return server_.cluster_.node(node);
      },
      std::move(done));
}

void ApiClient::get_pod(PodId pod, Done<Pod> done) {
  submit<Pod>(
      own_draw("api.get"),
      [this, pod]() -> Result<Pod> {
        const Pod* found = server_.cluster_.find_pod(pod);
        if (found == nullptr) return failure(ErrorCode::kNotFound, "no such pod");
        return *found;
      },
      std::move(done));
}

void ApiClient::write(const std::string& uid, std::uint64_t n,
                      std::move_only_function<Result<void>()> apply, Done<void> done) {
  submit<void>({"api.object", hash_bytes(uid), n}, std::move(apply), std::move(done));
}

void ApiClient::touch(Done<void> done) {
  submit<void>(own_draw("api.touch"), [] { return Result<void>(); }, std::move(done));
}

void ApiClient::die() { died_ = std::min(died_, server_.now()); }

void ApiClient::touch() {
  const TimePoint now = server_.now();
  const TimePoint turn = bucket_.reserve(now);
  ++stats_.requests;
  if (turn != kTimeNever) stats_.waited_max = std::max(stats_.waited_max, turn - now);
}

}  // namespace casim::sim
