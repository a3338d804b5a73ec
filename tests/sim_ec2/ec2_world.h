// A tiny world around the EC2 model: constant latencies, facts kept, calls started by hand.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/ec2/ec2_model.h"
#include "src/async/task_scope.h"

namespace casim::sim {

using namespace std::chrono_literals;

struct KeptFacts final : FactSink {
  struct Entry {
    TimePoint at;
    Fact fact;
  };

  void on_fact(TimePoint at, const Fact& fact) override { entries.push_back({at, fact}); }

  template <class F>
  std::vector<std::pair<TimePoint, F>> all() const {
    std::vector<std::pair<TimePoint, F>> result;
    for (const Entry& entry : entries) {
      if (const F* fact = std::get_if<F>(&entry.fact)) result.emplace_back(entry.at, *fact);
    }
    return result;
  }

  std::vector<Entry> entries;
};

// RunInstances 1 s (0.5 s when refused), Describe 100 ms, Terminate 300 ms, throttled 50 ms;
// pending 5 s, shutting-down 20 s; nothing per instance.
inline Ec2Config constant_config() {
  Ec2Config config;
  config.latency.run_instances_ok = Distribution::constant(1s);
  config.latency.run_per_instance = 0s;
  config.latency.run_instances_err = Distribution::constant(500ms);
  config.latency.describe_instances = Distribution::constant(100ms);
  config.latency.describe_per_instance = 0s;
  config.latency.mutate_other = Distribution::constant(300ms);
  config.latency.throttled_reply = Distribution::constant(50ms);
  config.pending_to_running = Distribution::constant(5s);
  config.terminating = Distribution::constant(20s);
  return config;
}

template <class Reply>
struct Outcome {
  std::optional<ec2::Attempt<Reply>> answer;
  TimePoint at{};
};

template <class Request>
using CallOutcome = std::shared_ptr<Outcome<typename Request::Reply>>;

struct Ec2World {
  explicit Ec2World(Ec2Config config = constant_config(),
                    const Ec2Conditions& conditions = normal_conditions())
      : model(kernel, random, facts, std::move(config), conditions) {}

  // Starts a call now; its answer comes as the kernel runs.
  template <class Request>
  CallOutcome<Request> start(Request request) {
    auto outcome = std::make_shared<Outcome<typename Request::Reply>>();
    spawn(kernel.executor(), keep(std::move(request), outcome));
    return outcome;
  }

  CallOutcome<ec2::RunInstancesRequest> run(ec2::RunInstancesRequest request) {
    return start(std::move(request));
  }

  CallOutcome<ec2::DescribeInstancesRequest> describe(ec2::DescribeInstancesRequest request = {}) {
    return start(std::move(request));
  }

  CallOutcome<ec2::TerminateInstancesRequest> terminate(std::vector<std::string> ids) {
    ec2::TerminateInstancesRequest request;
    request.instance_ids = std::move(ids);
    return start(std::move(request));
  }

  // A kernel without events stops where it is, hence the empty one.
  void until(Duration t) {
    kernel.at(kTimeZero + t, Phase::kWorld, [] {});
    kernel.run(kTimeZero + t, 1'000'000);
  }

  // Instances of one call, which must succeed.
  std::vector<ec2::Instance> launch(ec2::RunInstancesRequest request) {
    const auto outcome = run(std::move(request));
    kernel.run(kernel.now() + 1s, 1'000'000);
    return outcome->answer.value().value().instances;
  }

  Kernel kernel{WallTime{} + 24h * 20000};
  Random random{1};
  KeptFacts facts;
  Ec2Model model;

 private:
  template <class Request>
  Awaitable<void> keep(Request request, CallOutcome<Request> outcome) {
    ec2::Attempt<typename Request::Reply> answer = co_await ec2::send(model, std::move(request));
    outcome->answer = std::move(answer);
    outcome->at = kernel.now();
  }
};

inline ec2::RunInstancesRequest of_type(std::string type, int count = 1, std::string token = "") {
  ec2::RunInstancesRequest request;
  request.instance_type = std::move(type);
  request.zone = "us-east-1a";
  request.min_count = count;
  request.max_count = count;
  request.client_token = std::move(token);
  return request;
}

// Empty: success.
template <class Reply>
std::string code_of(const std::shared_ptr<Outcome<Reply>>& outcome) {
  if (!outcome->answer) return "(no answer)";
  return *outcome->answer ? "" : ec2::reason_of(outcome->answer->error());
}

}  // namespace casim::sim
