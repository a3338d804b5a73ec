// What all machines that are charged for cost an hour, told to the series of a run at each change.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "sim/ec2/ec2_model.h"
#include "sim/ec2/instance_listener.h"
#include "sim/metrics/run_series.h"

namespace casim::sim {

class CostRate final : public InstanceListener {
 public:
  // All outlive it. Listens to the model.
  CostRate(const Kernel& kernel, Ec2Model& ec2, const Ec2Config& config, RunSeries& series);

  void add_initial();  // machines that run from the start, of which nobody is told

  void on_running(const ec2::Instance& instance) override;

  void on_terminating(const ec2::Instance& instance) override { remove(instance); }

  void on_terminated(const ec2::Instance& instance) override { remove(instance); }

 private:
  void remove(const ec2::Instance& instance);
  void tell();

  const Kernel& kernel_;
  Ec2Model& ec2_;
  const Ec2Config& config_;
  RunSeries& series_;
  std::map<std::string, std::int64_t> running_;  // by id, in millionths of a USD an hour
  std::int64_t rate_ = 0;
};

}  // namespace casim::sim
