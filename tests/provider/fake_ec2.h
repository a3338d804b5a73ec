// EC2 in a page: client tokens by zone, tags, paging. A call has its effect halfway through its
// latency, also when the caller died meanwhile: the request was on its way. Errors by script.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "src/async/gate.h"
#include "src/async/task_scope.h"
#include "src/core/clock.h"
#include "src/ec2/api.h"

namespace casim::provider {

inline ec2::AttemptError ec2_error(std::string_view code, int status) {
  ec2::AttemptError error;
  error.code = ec2::ReplyCode::parse(code);
  error.message = "scripted";
  error.http_status = status;
  return error;
}

class FakeEc2 : public ec2::Api {
 public:
  FakeEc2(Clock& clock, asio::any_io_executor executor)
      : clock_(clock), executor_(std::move(executor)) {}

  Awaitable<ec2::Attempt<ec2::AnyReply>> call(ec2::AnyRequest request) override {
    return std::visit([this](auto& typed) { return answer(std::move(typed)); }, request);
  }

  // Of live instances, by the value of a tag.
  std::map<std::string, int> live_by_tag(const std::string& key) const {
    std::map<std::string, int> count;
    for (const auto& [id, instance] : instances) {
      if (instance.state == ec2::InstanceState::kTerminated) continue;
      for (const ec2::Tag& tag : instance.tags) {
        if (tag.key == key) ++count[tag.value];
      }
    }
    return count;
  }

  Duration latency = std::chrono::seconds(1);
  std::deque<ec2::AttemptError> run_errors;                                // of the next calls
  std::map<std::pair<std::string, std::string>, ec2::AttemptError> pools;  // (type, zone) refuses
  std::map<std::pair<std::string, std::string>, int> room;  // (type, zone) has so many; else any
  int lost_replies = 0;  // of the next launches, after the effect
  ec2::Fault lost_as = ec2::Fault::kReset;
  bool ends_lost = false;        // and what they launched is terminated at once
  bool is_spent_by_one = false;  // a token is spent with its first instance, else with its last
  bool repeats_page_token = false;
  std::deque<ec2::AttemptError> describe_errors;
  std::deque<ec2::AttemptError> terminate_errors;

  std::map<std::string, ec2::Instance> instances;  // by id
  std::vector<ec2::RunInstancesRequest> runs;
  std::vector<ec2::DescribeInstancesRequest> describes;
  std::vector<std::vector<std::string>> terminations;
  int in_flight = 0;  // launches
  int most_in_flight = 0;

 private:
  struct Leaving {
    int& in_flight;

    ~Leaving() { --in_flight; }
  };

  using Answer = ec2::Attempt<ec2::AnyReply>;
  using Effect = std::function<void()>;

  struct Landing {
    explicit Landing(asio::any_io_executor executor) : done(std::move(executor)) {}

    Gate done;
    std::optional<Answer> answer;
  };

  Awaitable<Answer> answer(ec2::RunInstancesRequest request) {
    runs.push_back(request);
    ++in_flight;
    most_in_flight = std::max(most_in_flight, in_flight);
    const Leaving leaving{in_flight};
    auto landing = std::make_shared<Landing>(executor_);
    Effect effect = [this, request, landing] { landing->answer = launch(request); };
    spawn(executor_, land(std::move(effect), landing->done));
    co_await landing->done.wait();
    if (!*landing->answer) co_return *landing->answer;
    co_await clock_.sleep_for(latency / 2);
    if (lost_replies > 0) {
      --lost_replies;
      if (ends_lost) end_all(ec2::reply_from<ec2::RunInstancesRequest>(**landing->answer));
      co_return std::unexpected<ec2::AttemptError>(ec2::no_reply(lost_as));
    }
    co_return *landing->answer;
  }

  Awaitable<Answer> answer(ec2::DescribeInstancesRequest request) {
    describes.push_back(request);
    co_await clock_.sleep_for(latency / 2);
    if (std::optional<ec2::AttemptError> error = next_of(describe_errors)) {
      co_return std::unexpected<ec2::AttemptError>(*std::move(error));
    }
    Answer reply = ec2::to_any<ec2::DescribeInstancesRequest>(page(request));
    co_await clock_.sleep_for(latency / 2);
    co_return reply;
  }

  Awaitable<Answer> answer(ec2::TerminateInstancesRequest request) {
    terminations.push_back(request.instance_ids);
    auto landing = std::make_shared<Landing>(executor_);
    Effect effect = [this, request, landing] { landing->answer = terminate(request.instance_ids); };
    spawn(executor_, land(std::move(effect), landing->done));
    co_await landing->done.wait();
    if (!*landing->answer) co_return *landing->answer;
    co_await clock_.sleep_for(latency / 2);
    co_return *landing->answer;
  }

  // Of an action that no test needs.
  template <class Request>
  Awaitable<Answer> answer(Request) {
    co_return std::unexpected<ec2::AttemptError>(ec2_error("InvalidAction", 400));
  }

  Awaitable<void> land(Effect effect, Gate done) {
    co_await clock_.sleep_for(latency / 2);
    effect();
    done.open();
  }

  static std::optional<ec2::AttemptError> next_of(std::deque<ec2::AttemptError>& errors) {
    if (errors.empty()) return std::nullopt;
    ec2::AttemptError error = std::move(errors.front());
    errors.pop_front();
    return error;
  }

  Answer launch(const ec2::RunInstancesRequest& request) {
    if (std::optional<ec2::AttemptError> error = next_run_error(request)) {
      return std::unexpected<ec2::AttemptError>(*std::move(error));
    }
    return ec2::to_any<ec2::RunInstancesRequest>({make(request)});
  }

  Answer terminate(const std::vector<std::string>& ids) {
    if (std::optional<ec2::AttemptError> error = next_of(terminate_errors)) {
      return std::unexpected<ec2::AttemptError>(*std::move(error));
    }
    for (const std::string& id : ids) {
      if (!instances.contains(id)) {
        return std::unexpected<ec2::AttemptError>(ec2_error("InvalidInstanceID.NotFound", 400));
      }
    }
    ec2::TerminateInstancesReply reply;
    for (const std::string& id : ids) {
      ec2::Instance& instance = instances.at(id);
      reply.changes.push_back({id, instance.state, ec2::InstanceState::kTerminated});
      instance.state = ec2::InstanceState::kTerminated;
      instance.state_reason_code = "Client.UserInitiatedShutdown";
    }
    return ec2::to_any<ec2::TerminateInstancesRequest>(std::move(reply));
  }

  std::optional<ec2::AttemptError> next_run_error(const ec2::RunInstancesRequest& request) {
    if (std::optional<ec2::AttemptError> error = next_of(run_errors)) return error;
    const auto pool = pools.find({request.instance_type, request.zone});
    if (pool != pools.end()) return pool->second;
    if (is_spent(request)) return ec2_error("IdempotentInstanceTerminated", 400);
    const auto left = room.find({request.instance_type, request.zone});
    const bool is_known = by_token_.contains({request.client_token, request.zone});
    if (left != room.end() && left->second == 0 && !is_known) {
      return ec2_error("InsufficientInstanceCapacity", 500);
    }
    return std::nullopt;
  }

  bool is_spent(const ec2::RunInstancesRequest& request) const {
    const auto known = by_token_.find({request.client_token, request.zone});
    if (known == by_token_.end()) return false;
    const auto is_gone = [this](const std::string& id) {
      return !instances.contains(id) || instances.at(id).state == ec2::InstanceState::kTerminated;
    };
    return is_spent_by_one ? std::ranges::any_of(known->second, is_gone)
                           : std::ranges::all_of(known->second, is_gone);
  }

  void end_all(const ec2::RunInstancesReply& reply) {
    for (const ec2::Instance& made : reply.instances) {
      instances.at(made.id).state = ec2::InstanceState::kTerminated;
    }
  }

  std::vector<ec2::Instance> make(const ec2::RunInstancesRequest& request) {
    std::vector<std::string>& ids = by_token_[{request.client_token, request.zone}];
    if (ids.empty()) {
      int count = request.max_count;
      const auto pool = room.find({request.instance_type, request.zone});
      if (pool != room.end()) {
        count = std::min(count, pool->second);
        pool->second -= count;
      }
      for (int i = 0; i < count; ++i) ids.push_back(make_one(request, i));
    }
    std::vector<ec2::Instance> made;
    for (const std::string& id : ids) {
      if (instances.contains(id)) made.push_back(instances.at(id));  // else it is forgotten
    }
    return made;
  }

  std::string make_one(const ec2::RunInstancesRequest& request, int launch_index) {
    ec2::Instance instance;
    instance.id = "i-" + std::to_string(next_++);
    instance.type = request.instance_type;
    instance.zone = request.zone;
    instance.client_token = request.client_token;
    instance.ami_launch_index = launch_index;
    instance.tags = request.tags;
    instances[instance.id] = instance;
    return instance.id;
  }

  ec2::DescribeInstancesReply page(const ec2::DescribeInstancesRequest& request) const {
    ec2::DescribeInstancesReply reply;
    const ec2::Filter& filter = request.filters.at(0);  // "tag:<key>" is all that is asked for
    for (auto next = instances.upper_bound(request.next_token); next != instances.end(); ++next) {
      const ec2::Instance& instance = next->second;
      const bool matches = std::ranges::any_of(instance.tags, [&](const ec2::Tag& tag) {
        return "tag:" + tag.key == filter.name && tag.value == filter.values.at(0);
      });
      if (!matches) continue;
      if (reply.instances.size() == static_cast<std::size_t>(request.max_results)) {
        reply.next_token = repeats_page_token && !request.next_token.empty()
                               ? request.next_token
                               : reply.instances.back().id;
        break;
      }
      reply.instances.push_back(instance);
    }
    return reply;
  }

  Clock& clock_;
  asio::any_io_executor executor_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> by_token_;
  int next_ = 1;
};

}  // namespace casim::provider
