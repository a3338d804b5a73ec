// Several clients at once that ask, order, delete, give up and are cancelled at random, while the
// provider crashes and faults come and go. What happened, line by line, in order.
#pragma once

#include <algorithm>
#include <list>
#include <string>
#include <utility>
#include <vector>

#include "tests/rpc/rpc_world.h"

namespace casim::sim {

class RandomClients {
 public:
  RandomClients(RpcWorld& world, std::uint64_t seed) : world_(world), random_(seed) {}

  void start(int clients, int steps);

  std::vector<std::string> lines;

 private:
  struct Dice {  // throws for one step of one client
    const Random& random;
    std::uint64_t key;
    std::uint64_t n = 0;

    std::uint64_t below(std::uint64_t count) { return random.index("test", key, n++, count); }
  };

  Awaitable<void> client(int number, int steps);
  Awaitable<std::string> ask(RpcContext context, Dice dice);
  Awaitable<std::string> change(RpcContext context, Dice dice);
  Awaitable<void> victim(int number);
  void crash_at(TimePoint when, Duration down);

  NodePtr some_node(Dice& dice) const {
    if (ids_.empty() || dice.below(6) == 0) {
      return node_named("stranger-" + std::to_string(dice.below(3)), "aws:///z/i-none");
    }
    const std::string& id = ids_[dice.below(ids_.size())];
    if (dice.below(5) == 0) {
      auto fake = std::make_shared<Node>(*node_named(id, id));
      fake->annotations["k8s.io/cluster-autoscaler/fake-node-reason"] = "unregistered";
      return fake;
    }
    return node_named("node-of-" + id, id);
  }

  static std::string some_group(Dice& dice) {
    const std::uint64_t n = dice.below(20);
    return n == 0 ? "nope" : n % 2 == 0 ? "a" : "b-c";
  }

  template <class T, class Show>
  static std::string show(const Result<T>& answer, Show&& text) {
    if (!answer) return "E" + std::to_string(static_cast<int>(answer.error().code));
    return text(*answer);
  }

  static std::string show(const Result<void>& answer) {
    return answer ? "ok" : "E" + std::to_string(static_cast<int>(answer.error().code));
  }

  void note(const std::string& what) {
    lines.push_back(std::to_string(world_.kernel.now().time_since_epoch().count()) + " " + what);
  }

  RpcWorld& world_;
  const Random random_;
  std::vector<std::string> ids_;  // instances that were listed
  std::list<TaskScope> victims_;
};

inline void RandomClients::start(int clients, int steps) {
  for (int i = 0; i < clients; ++i) world_.tasks.spawn(client(i, steps));
  for (int i = 0; i < 40; ++i) {
    const TimePoint at = kTimeZero + std::chrono::milliseconds(331) * (i + 1);
    world_.kernel.at(at, Phase::kWorld, [this, i] {
      victims_.emplace_back(world_.kernel.executor()).spawn(victim(i));
    });
    const Duration life(
        static_cast<std::int64_t>(random_.index("life", 0, std::uint64_t(i), 8'000'000)));
    world_.kernel.at(at + life, Phase::kAutoscaler,
                     [this, i] { std::next(victims_.begin(), i)->cancel(); });
  }
  crash_at(kTimeZero + std::chrono::milliseconds(4'321), std::chrono::milliseconds(700));
  crash_at(kTimeZero + std::chrono::milliseconds(9'876), std::chrono::milliseconds(40));
}

inline void RandomClients::crash_at(TimePoint when, Duration down) {
  world_.kernel.at(when, Phase::kWorld, [this] {
    note("crash");
    world_.store.crash();
    world_.server.service().detach();
    world_.provider->cancel();
  });
  world_.kernel.at(when + down, Phase::kWorld, [this] {
    world_.provider.reset();  // its tasks have unwound
    world_.restart();
  });
}

inline Awaitable<void> RandomClients::victim(int number) {
  Dice dice{random_, 1'000'000 + static_cast<std::uint64_t>(number)};
  const RpcContext context{.loop = LoopId(), .deadline = kTimeNever};
  Result<void> answer = co_await world_.rpc.increase_size(context, some_group(dice), 1);
  note("victim " + std::to_string(number) + " " + show(answer));
}

inline Awaitable<void> RandomClients::client(int number, int steps) {
  for (int step = 0; step < steps; ++step) {
    const auto key = static_cast<std::uint64_t>(number * 100'000 + step);
    Dice dice{random_, key};
    if (dice.below(8) == 0) {
      const Duration pause = std::chrono::microseconds(dice.below(40'000));
      co_await world_.clock.sleep_for(pause);
    }
    RpcContext context;
    if (number != 0) context.loop = LoopId(static_cast<std::uint32_t>(number * 1000 + step / 50));
    if (dice.below(4) == 0) {
      context.deadline = world_.kernel.now() + std::chrono::microseconds(dice.below(8'000));
    }
    const bool asks = dice.below(10) != 0;
    std::string answer;
    if (asks) {
      answer = co_await ask(context, dice);
    } else {
      answer = co_await change(context, dice);
    }
    note(std::to_string(number) + "/" + std::to_string(step) + " " + answer);
  }
}

inline Awaitable<std::string> RandomClients::ask(RpcContext context, Dice dice) {
  const std::uint64_t method = dice.below(12);
  if (method < 3) {
    auto answer = co_await world_.rpc.target_size(context, some_group(dice));
    co_return "size " + show(answer, [](int size) { return std::to_string(size); });
  }
  if (method < 7) {
    auto answer = co_await world_.rpc.node_group_for_node(context, some_node(dice));
    co_return "node " + show(answer, [](const auto& group) { return group ? group->id : "-"; });
  }
  if (method < 9) {
    auto answer = co_await world_.rpc.get_options(context, some_group(dice), RpcOptions{});
    co_return "options " + show(answer, [](const auto& set) { return set ? "set" : "-"; });
  }
  if (method == 9) {
    auto answer = co_await world_.rpc.node_groups(context);
    co_return "groups " + show(answer, [](const auto& all) { return std::to_string(all.size()); });
  }
  if (method == 10) {
    auto answer = co_await world_.rpc.template_node_info(context, some_group(dice));
    co_return "template " + show(answer, [](const auto& node) { return node ? node->name : "-"; });
  }
  auto answer = co_await world_.rpc.nodes(context, some_group(dice));
  if (answer && !answer->empty()) {
    ids_.clear();
    for (const RpcInstance& instance : *answer) ids_.push_back(instance.id);
  }
  co_return "nodes " + show(answer, [](const auto& all) {
    std::string text;
    for (const RpcInstance& each : all) {
      text += each.id + "=" + std::to_string(static_cast<int>(each.state)) + ",";
    }
    return text;
  });
}

inline Awaitable<std::string> RandomClients::change(RpcContext context, Dice dice) {
  const std::string group = some_group(dice);
  const std::uint64_t method = dice.below(6);
  if (method == 0) {
    Result<void> answer = co_await world_.rpc.refresh(context);
    co_return "refresh " + show(answer);
  }
  if (method < 4) {
    const int delta = static_cast<int>(dice.below(4));
    Result<void> answer = co_await world_.rpc.increase_size(context, group, delta);
    co_return "increase " + show(answer);
  }
  if (method == 4) {
    const int delta = -static_cast<int>(dice.below(3));
    Result<void> answer = co_await world_.rpc.decrease_target_size(context, group, delta);
    co_return "decrease " + show(answer);
  }
  std::vector<NodePtr> nodes = {some_node(dice)};
  Result<void> answer = co_await world_.rpc.delete_nodes(context, group, std::move(nodes));
  co_return "delete " + show(answer);
}

}  // namespace casim::sim
