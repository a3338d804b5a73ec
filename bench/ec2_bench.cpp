// One call of EC2 by action, with 1,000 and 10,000 instances there: what the model does from the
// arrival of the request to the caller's answer, facts and events included.
#include <benchmark/benchmark.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/ec2/ec2_model.h"
#include "src/async/task_scope.h"

namespace casim::sim {
namespace {

struct NoFacts final : FactSink {
  void on_fact(TimePoint /*at*/, const Fact& /*fact*/) override {}
};

Ec2Config without_limits() {
  Ec2Config config;
  config.throttle.unlimited = true;
  config.vcpu_quota = 100'000'000;
  config.terminated_visible = std::chrono::hours(100'000);
  return config;
}

constexpr const char* kType = "m6i.large";
constexpr const char* kZone = "us-east-1a";

ec2::RunInstancesRequest run_request(int count) {
  ec2::RunInstancesRequest request;
  request.instance_type = kType;
  request.zone = kZone;
  request.min_count = count;
  request.max_count = count;
  request.tags = {{"casim:cluster", "bench"}, {"casim:group", "general"}, {"casim:slot", "1"}};
  return request;
}

class Bench {
 public:
  explicit Bench(int instances) {
    for (int i = 0; i < instances; ++i) {
      ids_.push_back(model_.add_running(run_request(1)).value().at(0).id);
    }
  }

  // The answer of a call, whose time of the simulation passes.
  template <class Request>
  ec2::Attempt<typename Request::Reply> call(Request request) {
    std::optional<ec2::Attempt<typename Request::Reply>> answer;
    spawn(kernel_.executor(), keep(std::move(request), answer));
    while (!answer) kernel_.run(kernel_.now() + std::chrono::seconds(1), 1'000'000);
    return *std::move(answer);
  }

  // One after the other.
  std::string next_id() { return ids_[next_++ % ids_.size()]; }

 private:
  template <class Request>
  Awaitable<void> keep(Request request,
                       std::optional<ec2::Attempt<typename Request::Reply>>& answer) {
    ec2::Attempt<typename Request::Reply> got = co_await ec2::send(model_, std::move(request));
    answer = std::move(got);
  }

  Kernel kernel_{WallTime{}};
  Random random_{1};
  NoFacts facts_;
  Ec2Model model_{kernel_, random_, facts_, without_limits()};
  std::vector<std::string> ids_;
  std::size_t next_ = 0;
};

template <class MakeRequest>
void measure(benchmark::State& state, MakeRequest make) {
  Bench bench(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(bench.call(make(bench)));
  state.SetItemsProcessed(state.iterations());
}

void run_instances(benchmark::State& state) {
  measure(state, [](Bench&) { return run_request(1); });
}

void run_100_instances(benchmark::State& state) {
  measure(state, [](Bench&) { return run_request(100); });
}

// As the provider lists its machines: by tag, page after page of 1,000.
void list_by_tag(benchmark::State& state) {
  Bench bench(static_cast<int>(state.range(0)));
  for (auto _ : state) {
    ec2::DescribeInstancesRequest request;
    request.filters = {{"tag:casim:cluster", {"bench"}}};
    request.max_results = 1000;
    do {
      request.next_token = bench.call(request).value().next_token;
    } while (!request.next_token.empty());
  }
  state.SetItemsProcessed(state.iterations());
}

void describe_one(benchmark::State& state) {
  measure(state, [](Bench& bench) {
    ec2::DescribeInstancesRequest request;
    request.instance_ids = {bench.next_id()};
    return request;
  });
}

void terminate_one(benchmark::State& state) {
  measure(state, [](Bench& bench) {
    ec2::TerminateInstancesRequest request;
    request.instance_ids = {bench.next_id()};
    return request;
  });
}

// An instance that stops as well as one that is stopped already.
void stop_one(benchmark::State& state) {
  measure(state, [](Bench& bench) {
    ec2::StopInstancesRequest request;
    request.instance_ids = {bench.next_id()};
    return request;
  });
}

// Only its repeat: the instances run, so that it changes nothing.
void start_one(benchmark::State& state) {
  measure(state, [](Bench& bench) {
    ec2::StartInstancesRequest request;
    request.instance_ids = {bench.next_id()};
    return request;
  });
}

void create_tags(benchmark::State& state) {
  measure(state, [](Bench& bench) {
    ec2::CreateTagsRequest request;
    request.resource_ids = {bench.next_id()};
    request.tags = {{"casim:slot", "2"}};
    return request;
  });
}

void describe_tags_page(benchmark::State& state) {
  measure(state, [](Bench&) {
    ec2::DescribeTagsRequest request;
    request.max_results = 1000;
    return request;
  });
}

void describe_status_page(benchmark::State& state) {
  measure(state, [](Bench&) {
    ec2::DescribeInstanceStatusRequest request;
    request.max_results = 1000;
    return request;
  });
}

void describe_types_page(benchmark::State& state) {
  measure(state, [](Bench&) { return ec2::DescribeInstanceTypesRequest(); });
}

void create_fleet(benchmark::State& state) {
  measure(state, [](Bench&) {
    ec2::CreateFleetRequest request;
    request.type = ec2::FleetType::kInstant;
    ec2::FleetOverride pool;
    pool.instance_type = kType;
    pool.zone = kZone;
    request.overrides = {pool};
    request.target.total_target_capacity = 1;
    return request;
  });
}

void sizes(benchmark::internal::Benchmark* bench) {
  bench->Arg(1'000)->Arg(10'000)->Unit(benchmark::kMicrosecond);
}

BENCHMARK(run_instances)->Apply(sizes);
BENCHMARK(run_100_instances)->Apply(sizes);
BENCHMARK(list_by_tag)->Apply(sizes);
BENCHMARK(describe_one)->Apply(sizes);
BENCHMARK(terminate_one)->Apply(sizes);
BENCHMARK(stop_one)->Apply(sizes);
BENCHMARK(start_one)->Apply(sizes);
BENCHMARK(create_tags)->Apply(sizes);
BENCHMARK(describe_tags_page)->Apply(sizes);
BENCHMARK(describe_status_page)->Apply(sizes);
BENCHMARK(describe_types_page)->Apply(sizes);
BENCHMARK(create_fleet)->Apply(sizes);

}  // namespace
}  // namespace casim::sim
