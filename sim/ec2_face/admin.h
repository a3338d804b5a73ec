// The second address of casim ec2: looks at the model and moves it. JSON over HTTP:
//   GET /state             time, instances by state, calls by action and outcome, faults
//   GET /instances         all that EC2 would describe now
//   POST /faults           a fault as in a scenario: {"kind": "ec2_outage", "for": "10m"}
//   DELETE /faults/NUMBER  ends one that was added so
//   POST /time             {"advance": "1h"}: virtual time moves on at once
#pragma once

#include <string_view>

#include "sim/ec2/ec2_model.h"
#include "sim/ec2_face/call_counts.h"
#include "sim/ec2_face/live_faults.h"
#include "sim/ec2_face/pace.h"
#include "sim/kernel/kernel.h"
#include "src/config/value.h"
#include "src/core/asio.h"
#include "src/http/server.h"

namespace casim::sim {

// What it looks at and moves. All outlive it.
struct AdminTargets {
  Kernel& kernel;
  Ec2Model& model;
  Pace& pace;
  const CallCounts& calls;
  LiveFaults& faults;
  double speed = 0;  // 0: time is stepped
};

class Admin {
 public:
  explicit Admin(const AdminTargets& targets) : targets_(targets) {}

  Awaitable<http::Reply> answer(http::Request request);

 private:
  http::Response route(const http::Request& request);
  http::Response add_fault(std::string_view json);
  http::Response end_fault(std::string_view number);
  http::Response move_time(std::string_view json);
  config::Value state() const;
  config::Value time() const;
  config::Value instances() const;

  AdminTargets targets_;
};

}  // namespace casim::sim
