// Who lives on machines: told at each turn of an instance's life, at the instant it happens.
#pragma once

#include "src/core/time.h"
#include "src/ec2/types.h"

namespace casim::sim {

class InstanceListener {
 public:
  virtual ~InstanceListener() = default;
  virtual void on_running(const ec2::Instance& instance) = 0;  // also when it is started again
  // Its system shuts down, after TerminateInstances or StopInstances; not called for a machine that
  // vanishes.
  virtual void on_terminating(const ec2::Instance& instance) = 0;

  // A Spot instance will be shut down after that time, unless it ends before.
  virtual void on_interruption(const ec2::Instance& /*instance*/, Duration /*notice*/) {}

  // Always the last call; the only one for a launch that fails after it was accepted.
  virtual void on_terminated(const ec2::Instance& instance) = 0;
};

// Lets a class of another folder listen without knowing this header: it has the three functions.
template <class T>
class ForwardInstances final : public InstanceListener {
 public:
  explicit ForwardInstances(T& to) : to_(to) {}

  void on_running(const ec2::Instance& instance) override { to_.on_running(instance); }

  void on_terminating(const ec2::Instance& instance) override { to_.on_terminating(instance); }

  void on_terminated(const ec2::Instance& instance) override { to_.on_terminated(instance); }

 private:
  T& to_;
};

}  // namespace casim::sim
