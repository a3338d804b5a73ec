#include "sim/load/burst.h"

namespace casim::sim {

namespace {

__extension__ using WideCount = __int128;

class BurstArrivals final : public ArrivalStream {
 public:
  explicit BurstArrivals(const BurstSpec& burst) : burst_(burst) {}

  std::optional<Arriving> next() override {
    if (index_ == burst_.count) return std::nullopt;
    const WideCount offset = WideCount{burst_.over.count()} * index_ / burst_.count;
    return Arriving{burst_.at + Duration(static_cast<std::int64_t>(offset)), index_++};
  }

 private:
  const BurstSpec& burst_;
  std::uint64_t index_ = 0;
};

}  // namespace

Burst::Burst(BurstSpec spec) : burst_(std::move(spec)) {
  PodSpec pod = burst_.pod;
  pod.workload = burst_.name;
  pod.name_prefix = burst_.name;
  pod.owner = burst_.run_for ? OwnerKind::kJob : OwnerKind::kReplicaSet;
  pod.owner_uid = "owner/" + burst_.name;
  if (pod.labels.empty()) pod.labels.emplace("app", burst_.name);
  pod.requests.pods = 1;
  pod_ = std::make_shared<const PodSpec>(std::move(pod));
}

std::unique_ptr<ArrivalStream> Burst::arrivals() const {
  return std::make_unique<BurstArrivals>(burst_);
}

std::string Burst::name_of(std::uint64_t index) const {
  return burst_.name + "-" + std::to_string(index);
}

Owner Burst::owner(std::uint64_t) const {
  Owner owner;
  owner.kind = pod_->owner;
  owner.uid = pod_->owner_uid;
  owner.name = burst_.name;
  owner.namespace_name = pod_->namespace_name;
  owner.replicas = static_cast<int>(burst_.count);
  return owner;
}

}  // namespace casim::sim
