#include <fmt/format.h>

#include "oracle/paths/path_story.h"
#include "oracle/paths/scripted_server.h"
#include "sim/paths/crossplane/managed_controller.h"

namespace casim::oracle {
namespace {

using sim::ConditionState;
using sim::Managed;
using sim::ManagedController;
using sim::ManagedControllerConfig;
using sim::ManagedStore;
using sim::Phase;

sim::ManagedSpec managed_spec_of(const Json& given) {
  sim::ManagedSpec spec;
  spec.is_disposable = given.value("kind", "Request") == "DisposableRequest";
  spec.has_update_mapping = given.value("put_mapping", false);
  spec.wait_timeout = seconds_of(given, "wait_timeout_s", 300);
  if (given.contains("rollback_retries_limit"))
    spec.retries_limit = given["rollback_retries_limit"];
  if (given.contains("next_reconcile_s")) {
    spec.next_reconcile = from_seconds(given["next_reconcile_s"]);
  }
  spec.loops = given.value("should_loop_infinitely", false);
  return spec;
}

ManagedControllerConfig config_of(const Json& given, bool is_disposable) {
  ManagedControllerConfig config;
  config.workers = given.at("max_reconcile_rate");
  config.reconciler.poll = seconds_of(given, "poll_s", 60);
  config.reconciler.timeout = seconds_of(given, "timeout_s", 600);
  config.reconciler.has_deterministic_name = is_disposable;
  return config;
}

class RequestCase {
 public:
  explicit RequestCase(const Json& given)
      : given_(given),
        spec_(managed_spec_of(given)),
        kernel_(WallTime{} + std::chrono::hours(24) + seconds_of(given, "create_at_s")),
        server_(kernel_, given),
        store_(kernel_, random_, "watch", constant("watch_delay_s")),
        kube_(kernel_, random_, "kube", {.qps = 0, .burst = 0, .call = constant("kube_write_s")}),
        gate_(given.at("max_reconcile_rate"), 10 * given.at("max_reconcile_rate").get<int>()),
        controller_({.kernel = kernel_,
                     .random = random_,
                     .store = store_,
                     .kube = kube_,
                     .external = client(),
                     .gate = gate_},
                    0, config_of(given, spec_.is_disposable)) {}

  PathStory run() {
    begin();
    kernel_.run(kTimeZero + from_seconds(given_.at("duration_s")), 100'000'000);
    PathStory story;
    story.calls = server_.calls();
    story.created = server_.created();
    story.gone_at = gone_at_;
    const Managed* object = store_.newest(0);
    if (object != nullptr) describe(object->status, story);
    controller_.crash();
    kernel_.settle();
    return story;
  }

 private:
  Distribution constant(const char* key) const {
    return Distribution::constant(seconds_of(given_, key));
  }

  sim::ExternalClient& client() {
    if (spec_.is_disposable) return disposables_;
    return requests_;
  }

  void begin() {
    for (int i = 0; i < given_.at("count").get<int>(); ++i) {
      Managed object;
      object.spec = spec_;
      object.meta = annotations();
      store_.create(object);
    }
    for (const double t : numbers_of(given_, "touch_label_at_s")) {
      change_at(t, [](Managed& object) { ++object.meta.generation; });
    }
    if (given_.contains("delete_at_s")) {
      change_at(given_.at("delete_at_s"), [](Managed& object) { object.meta.is_deleted = true; });
    }
    store_.subscribe([this](ManagedStore::Key, const Managed*, const Managed* after) {
      if (after != nullptr) return;
      gone_at_ = to_seconds(kernel_.now() - seconds_of(given_, "watch_delay_s"));
    });
  }

  sim::ManagedMeta annotations() const {
    sim::ManagedMeta meta;
    const Json given = given_.value("annotations_at_s", Json::object());
    for (const auto& [name, value] : given.items()) {
      const WallTime stamp =
          cut_to_second(kernel_.wall(kTimeZero) + from_seconds(value.get<double>()));
      if (name == "crossplane.io/external-create-pending") {
        meta.pending = stamp;
      } else if (name == "crossplane.io/external-create-succeeded") {
        meta.succeeded = stamp;
      } else if (name == "crossplane.io/external-create-failed") {
        meta.failed = stamp;
      } else {
        throw std::runtime_error("unknown annotation " + name);
      }
    }
    return meta;
  }

  // By hand, to all of them.
  template <class Change>
  void change_at(double t, Change change) {
    kernel_.at(kTimeZero + from_seconds(t), Phase::kWorld, [this, change] {
      for (ManagedStore::Key key = 0; key < store_.next_key(); ++key) {
        const Managed* newest = store_.newest(key);
        if (newest == nullptr) continue;
        Managed next = *newest;
        change(next);
        if (next.meta.is_deleted && !next.meta.has_finalizer) {
          store_.erase(key);
        } else {
          store_.write(key, std::move(next));
        }
      }
    });
  }

  static void describe(const sim::ManagedStatus& status, PathStory& story) {
    const auto add = [&](const char* name, ConditionState state) {
      if (state == ConditionState::kUnset) return;
      story.conditions[name] = state == ConditionState::kTrue ? "True" : "False";
    };
    add("Ready", status.ready);
    add("Synced", status.synced);
    add("ErrorObserved", status.error_observed);
    story.failed = status.failures;
  }

  const Json& given_;
  sim::ManagedSpec spec_;
  sim::Kernel kernel_;
  Random random_{1};
  ScriptedServer server_;
  sim::RequestClient requests_{server_, true};
  sim::DisposableClient disposables_{server_, std::chrono::seconds(30)};
  ManagedStore store_;
  sim::KubeClient kube_;
  sim::ReconcileGate gate_;
  ManagedController controller_;
  std::optional<double> gone_at_;
};

}  // namespace

PathStory run_request_case(const Json& given) {
  check_keys(given, {"count",
                     "max_reconcile_rate",
                     "poll_s",
                     "timeout_s",
                     "http_s",
                     "kube_write_s",
                     "watch_delay_s",
                     "known_url",
                     "post",
                     "put",
                     "delete",
                     "duration_s",
                     "kind",
                     "wait_timeout_s",
                     "windows",
                     "invisible_s",
                     "vanish_at_s",
                     "put_mapping",
                     "drift_at_s",
                     "delete_at_s",
                     "remove_takes_s",
                     "annotations_at_s",
                     "touch_label_at_s",
                     "create_at_s",
                     "rollback_retries_limit",
                     "next_reconcile_s",
                     "should_loop_infinitely",
                     "expected_response"});
  return RequestCase(given).run();
}

}  // namespace casim::oracle
