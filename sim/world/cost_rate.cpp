#include "sim/world/cost_rate.h"

namespace casim::sim {

CostRate::CostRate(const Kernel& kernel, Ec2Model& ec2, const Ec2Config& config, RunSeries& series)
    : kernel_(kernel), ec2_(ec2), config_(config), series_(series) {
  ec2.subscribe(*this);
}

void CostRate::add_initial() {
  for (const ec2::Instance& instance : ec2_.instances()) on_running(instance);
}

void CostRate::on_running(const ec2::Instance& instance) {
  const auto price =
      price_as_bought(config_.catalogue->at(instance.type), instance.lifecycle, config_.spot);
  if (!price) return series_.set_cost_rate(kernel_.now(), std::nullopt);
  if (running_.emplace(instance.id, price->micro_usd_per_hour).second) {
    rate_ += price->micro_usd_per_hour;
  }
  tell();
}

void CostRate::remove(const ec2::Instance& instance) {
  const auto running = running_.find(instance.id);
  if (running == running_.end()) return;
  rate_ -= running->second;
  running_.erase(running);
  tell();
}

void CostRate::tell() { series_.set_cost_rate(kernel_.now(), rate_); }

}  // namespace casim::sim
