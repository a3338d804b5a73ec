#include "sim/load/scaled_series.h"

#include <utility>

namespace casim::sim {

namespace {

class Growth final : public ArrivalStream {
 public:
  explicit Growth(const std::vector<ScalingStep>& steps) : steps_(steps) {}

  std::optional<Arriving> next() override {
    while (step_ < steps_.size() && replicas_ >= steps_[step_].replicas) {
      replicas_ = steps_[step_++].replicas;
    }
    if (step_ == steps_.size()) return std::nullopt;
    ++replicas_;
    return Arriving{steps_[step_].at, index_++};
  }

 private:
  const std::vector<ScalingStep>& steps_;
  std::size_t step_ = 0;
  std::uint64_t replicas_ = 0;
  std::uint64_t index_ = 0;
};

}  // namespace

ScaledSeries::ScaledSeries(ScaledSpec spec) : spec_(std::move(spec)) {
  PodSpec pod = spec_.pod;
  pod.workload = spec_.name;
  pod.name_prefix = spec_.name;
  pod.owner = OwnerKind::kReplicaSet;
  pod.owner_uid = "owner/" + spec_.name;
  if (pod.labels.empty()) pod.labels.emplace("app", spec_.name);
  pod.requests.pods = 1;
  pod_ = std::make_shared<const PodSpec>(std::move(pod));
}

std::unique_ptr<ArrivalStream> ScaledSeries::arrivals() const {
  return std::make_unique<Growth>(spec_.steps);
}

std::string ScaledSeries::name_of(std::uint64_t index) const {
  return spec_.name + "-" + std::to_string(index);
}

Owner ScaledSeries::owner(std::uint64_t) const {
  Owner owner;
  owner.kind = OwnerKind::kReplicaSet;
  owner.uid = pod_->owner_uid;
  owner.name = spec_.name;
  owner.namespace_name = pod_->namespace_name;
  for (const ScalingStep& step : spec_.steps) {
    owner.replicas = std::max(owner.replicas, static_cast<int>(step.replicas));
  }
  return owner;
}

}  // namespace casim::sim
