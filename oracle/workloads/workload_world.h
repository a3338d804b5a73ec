// The world of a case of workload controllers: API server, shared informers, and a scheduler and
// kubelets that do as the case says. A family adds the simulator's own controllers, says what its
// events do, runs the case, and looks at the pods that were made.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "oracle/workloads/workload_given.h"
#include "sim/apiserver/api_server.h"
#include "sim/kernel/kernel.h"
#include "sim/workloads/pod_informer.h"
#include "sim/workloads/workload_controller.h"

namespace casim::oracle {

// One pod that was made, in order of creation.
struct MadePod {
  sim::PodId pod;
  std::string revision;     // its template's
  std::string node;         // where it is, or must go
  std::uint64_t index = 0;  // ordinal of a StatefulSet, completion index of a Job
  TimePoint created{};
  std::optional<TimePoint> deleted;  // marked, or removed without a mark
};

// Requires: `given` outlives it.
class WorkloadWorld : private sim::FactSink, private sim::Watcher, public sim::WorkloadObserver {
 public:
  using OnEvent = std::function<void(const nlohmann::json& event)>;

  explicit WorkloadWorld(const nlohmann::json& given);
  ~WorkloadWorld() override = default;

  // --- before run()
  // What such an event does. Events about pods, nodes, quota and errors are the world's own.
  void on(const std::string& type, OnEvent what);
  void at(double t, std::function<void()> what);
  // The object of the case is made.
  void at_creation(std::function<void()> what);

  // To the end of the case's duration. Throws where the case says what nobody knows.
  void run();

  // The client of a controller, limited as the case says.
  sim::ApiClientConfig client(std::string name) const;
  // A pod template. `script`: what it asks for.
  sim::PodSpecPtr spec(sim::OwnerKind kind, const std::string& uid,
                       const std::string& revision) const;
  static sim::Owner owner(sim::OwnerKind kind, const std::string& uid);

  sim::Kernel& kernel() { return kernel_; }

  sim::ApiServer& api() { return api_; }

  sim::Cluster& cluster() { return cluster_; }

  sim::PodInformer& informer() { return informer_; }

  const nlohmann::json& given() const { return given_; }

  const std::vector<MadePod>& pods() const { return stories_; }

  TimePoint now() const { return kernel_.now(); }

 private:
  void on_fact(TimePoint, const sim::Fact&) override {}

  void on_status(const sim::WorkloadStatus&, const sim::WorkloadStatus&) override {}

  void on_watch(const sim::WatchEvent& event) override;
  void on_pod(const sim::Pod& pod);
  void begin(const sim::Pod& pod, PodScript script);
  void bind(std::size_t number);
  void start(std::size_t number);
  void stop(std::size_t number);
  void apply(const nlohmann::json& event);
  bool apply_to_pod(const std::string& type, const nlohmann::json& event);
  bool apply_to_node(const std::string& type, const nlohmann::json& event);
  Result<void> admit() const;

  const nlohmann::json& given_;
  PodScripts scripts_;
  sim::Kernel kernel_;
  sim::Cluster cluster_;
  sim::ApiServer api_;
  sim::PodInformer informer_;
  std::map<std::string, OnEvent> on_event_;
  std::vector<MadePod> stories_;
  std::vector<PodScript> script_of_;                                      // by number
  std::map<sim::PodId, std::size_t> number_of_;                           // in order of creation
  std::map<std::pair<std::string, std::uint64_t>, std::uint64_t> tries_;  // of owner and index
  std::uint64_t quota_ = 0;                                               // 0: none
  bool has_create_errors_ = false;
};

}  // namespace casim::oracle
