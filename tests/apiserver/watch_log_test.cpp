#include "tests/apiserver/api_world.h"
#include "tests/catch.h"

namespace casim::sim {

using std::chrono::milliseconds;
using Log = std::vector<std::pair<TimePoint, std::string>>;

TEST_CASE("each watcher sees the writes in order, its own delay later", "[apiserver]") {
  ApiWorld world;
  Seen near(world.kernel);
  Seen far(world.kernel);
  world.api.add_watcher(near, {milliseconds(5), Phase::kScheduler});
  world.api.add_watcher(far, {milliseconds(300), Phase::kAutoscaler});
  world.kernel.at(at_ms(100), Phase::kWorld, [&] {
    world.add_node("n");
    world.add_pod("a");
  });
  world.kernel.at(at_ms(200), Phase::kWorld, [&] { world.add_pod("b"); });
  world.run_until(1000);
  CHECK(near.log == Log{{at_ms(105), "n"}, {at_ms(105), "a"}, {at_ms(205), "b"}});
  CHECK(far.log == Log{{at_ms(400), "n"}, {at_ms(400), "a"}, {at_ms(500), "b"}});
}

TEST_CASE("the writes of one instant come in one event per watcher", "[apiserver]") {
  ApiWorld world;
  Seen seen(world.kernel);
  world.api.add_watcher(seen, {milliseconds(1), Phase::kScheduler});
  world.kernel.at(at_ms(10), Phase::kWorld, [&] {
    for (int i = 0; i < 50; ++i) world.add_pod("p" + std::to_string(i));
  });
  world.run_until(20);
  CHECK(seen.log.size() == 50);
  CHECK(world.kernel.events_run() == 2);
}

TEST_CASE("a watcher that comes late gets the list first, then what is written", "[apiserver]") {
  ApiWorld world;
  world.add_node("n");
  const PodId gone = world.add_pod("gone");
  world.add_pod("a");
  world.api.delete_pod(gone, PodEnd::kDeleted, Duration{});
  Seen seen(world.kernel);
  world.api.add_watcher(seen, {milliseconds(5), Phase::kScheduler});
  CHECK(seen.log == Log{{at_ms(0), "n"}, {at_ms(0), "a"}});
  world.add_pod("b");
  world.run_until(10);
  CHECK(seen.log.size() == 3);
}

TEST_CASE("a watcher that is taken off sees nothing more, also from within", "[apiserver]") {
  struct Once : Watcher {
    explicit Once(ApiServer& server) : api(server) {}

    void on_watch(const WatchEvent&) override {
      ++count;
      api.remove_watcher(*this);
    }

    ApiServer& api;
    int count = 0;
  };

  ApiWorld world;
  Once once(world.api);
  Seen seen(world.kernel);
  world.api.add_watcher(once, {});
  world.api.add_watcher(seen, {milliseconds(5), Phase::kScheduler});
  world.add_pod("a");
  world.add_pod("b");
  world.run_until(1);
  CHECK(once.count == 1);
  world.api.remove_watcher(seen);
  world.run_until(100);
  CHECK(seen.log.empty());
}

TEST_CASE("what a watcher writes in answer comes to it in a later event", "[apiserver]") {
  struct Echo : Watcher {
    explicit Echo(ApiWorld& w) : world(w) {}

    void on_watch(const WatchEvent& event) override {
      const std::string& name = std::get<PodChanged>(event).pod.name;
      order += name;
      if (name.size() < 3) world.add_pod(name + name[0]);
    }

    ApiWorld& world;
    std::string order;
  };

  ApiWorld world;
  Echo echo(world);
  world.api.add_watcher(echo, {});
  world.add_pod("a");
  world.add_pod("b");
  world.run_until(0);
  CHECK(echo.order == "abaabbaaabbb");
  CHECK(world.kernel.events_run() == 3);
}

}  // namespace casim::sim
