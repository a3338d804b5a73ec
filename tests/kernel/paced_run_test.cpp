// A kernel driven by a clock: by one that the test moves, and once each by the machine's own.
#include "sim/kernel/paced_run.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "src/async/task_scope.h"
#include "src/live/system_clock.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

using namespace std::chrono_literals;

TimePoint at(Duration d) { return kTimeZero + d; }

// Real time that moves only when its io_context has nothing else to do, to what comes next: a wait
// that ends, or something from outside.
class FakeReal final : public Clock {
 public:
  explicit FakeReal(asio::io_context& io) : io_(io) {}

  TimePoint now() const override { return now_; }

  WallTime wall_now() const override { return WallTime(now_.time_since_epoch()); }

  void arm(TimePoint when, Handler handler) override {
    const Key key{when, next_++};
    asio::cancellation_slot slot = asio::get_associated_cancellation_slot(handler);
    slot.assign([this, key](asio::cancellation_type_t) {
      end(waits_.extract(key), asio::error::operation_aborted);
    });
    waits_.emplace(key, std::move(handler));
    asio::post(io_, [this] { step(); });
  }

  void outside(Duration when, std::function<void()> what) {
    outside_.emplace(at(when), std::move(what));
  }

  // The machine stalls, or something computes for so long.
  void pass(Duration d) { now_ += d; }

 private:
  using Key = std::pair<TimePoint, int>;
  using Waits = std::map<Key, Handler>;

  void step() {
    if (waits_.empty()) return;  // of a run that was stopped
    const bool is_outside =
        !outside_.empty() && outside_.begin()->first < waits_.begin()->first.first;
    if (is_outside) {
      const auto next = outside_.extract(outside_.begin());
      now_ = std::max(now_, next.key());
      next.mapped()();
    } else {
      now_ = std::max(now_, waits_.begin()->first.first);
      end(waits_.extract(waits_.begin()), {});
    }
  }

  static void end(Waits::node_type wait, boost::system::error_code error) {
    std::move(wait.mapped())(error);
  }

  asio::io_context& io_;
  TimePoint now_ = at(77s);  // nothing may hang on where real time starts
  int next_ = 0;
  Waits waits_;
  std::multimap<TimePoint, std::function<void()>> outside_;
};

struct PacedWorld {
  explicit PacedWorld(double speed = 1) : paced(kernel, io, real, speed) {}

  // Notes the name with virtual time and the real time since the start, in seconds.
  void note(const std::string& name) {
    const auto seconds = [](Duration d) { return std::to_string(d / 1s); };
    log.push_back(name + " " + seconds(kernel.now() - kTimeZero) + " " +
                  seconds(real.now() - start));
  }

  void event(Duration when, std::string name, Phase phase = Phase::kWorld) {
    kernel.at(at(when), phase, [this, name = std::move(name)] { note(name); });
  }

  // Arrives at that real time since the start.
  void arrival(Duration when, std::function<void()> what) {
    real.outside(when + (start - kTimeZero),
                 [this, what = std::move(what)] { asio::post(paced.executor(), what); });
  }

  asio::io_context io{1};
  FakeReal real{io};
  TimePoint start = real.now();
  Kernel kernel{WallTime{}};
  PacedRun paced;
  std::vector<std::string> log;
};

using Log = std::vector<std::string>;

TEST_CASE("a paced run keeps the order of events, each at its real time", "[kernel]") {
  PacedWorld w;
  w.event(3s, "c");
  w.event(2s, "b", Phase::kAutoscaler);
  w.event(2s, "a", Phase::kWorld);
  CHECK(w.paced.run(at(10s)) == Kernel::Stop::kUntil);
  CHECK(w.log == Log{"a 2 2", "b 2 2", "c 3 3"});
  CHECK(w.paced.longest_lag() == 0s);
}

TEST_CASE("virtual time is real time times the speed", "[kernel]") {
  const double speed = GENERATE(0.5, 1.0, 3.0, 10.0, 1000.0);
  CAPTURE(speed);
  PacedWorld w(speed);
  std::vector<double> ratios;
  for (const Duration when : {1s, 7s, 100s, 3600s}) {
    w.kernel.at(at(when), Phase::kWorld, [&w, &ratios] {
      ratios.push_back(to_seconds(w.kernel.now()) / to_seconds(w.real.now() - w.start));
    });
  }
  w.paced.run(at(2h));
  REQUIRE(ratios.size() == 4);
  for (const double ratio : ratios) CHECK(ratio == Approx(speed));
  CHECK(to_seconds(w.real.now() - w.start) * speed == Approx(7200));
}

TEST_CASE("a paced world without events waits for its end", "[kernel]") {
  PacedWorld w;
  CHECK(w.paced.run(at(1h)) == Kernel::Stop::kUntil);
  CHECK(w.kernel.now() == at(1h));
  CHECK(w.real.now() - w.start == 1h);
}

TEST_CASE("what arrives sees the virtual time of its instant, and all that was due", "[kernel]") {
  PacedWorld w(10);
  w.event(5s, "before");
  w.event(20s, "now");
  w.event(21s, "after");
  w.arrival(2s, [&w] { w.note("arrival"); });
  w.paced.run(at(30s));
  CHECK(w.log == Log{"before 5 0", "now 20 2", "arrival 20 2", "after 21 2"});
}

TEST_CASE("what an arrival begins goes on at its own pace", "[kernel]") {
  PacedWorld w;
  w.event(60s, "later");
  w.arrival(10s, [&w] {
    w.kernel.after(5s, Phase::kWorld, [&w] { w.note("answer"); });
    asio::post(w.kernel.executor(), [&w] { w.note("world"); });
  });
  w.paced.run(at(100s));
  CHECK(w.log == Log{"world 10 10", "answer 15 15", "later 60 60"});
}

TEST_CASE("a run that fell behind catches up, drops nothing and says how late it was", "[kernel]") {
  PacedWorld w;
  w.event(1s, "slow");
  w.kernel.at(at(1s), Phase::kWorld, [&w] { w.real.pass(10s); });
  w.event(2s, "a");
  w.event(8s, "b");
  w.event(20s, "c");
  std::vector<Duration> lags;
  w.arrival(4s, [&w, &lags] {
    w.note("arrival");  // at 4 s nobody looked: it is heard at 11 s
    lags.push_back(w.paced.lag());
  });
  w.paced.run(at(30s));
  CHECK(w.log == Log{"slow 1 1", "a 2 11", "b 8 11", "arrival 11 11", "c 20 20"});
  CHECK(lags == std::vector<Duration>{9s});
  CHECK(w.paced.longest_lag() == 9s);
  CHECK(w.paced.lag() == 0s);
}

TEST_CASE("lag is real time, whatever the speed", "[kernel]") {
  PacedWorld w(100);
  w.kernel.at(at(100s), Phase::kWorld, [&w] { w.real.pass(3s); });
  w.event(200s, "late by two of three seconds");
  w.paced.run(at(1000s));
  CHECK(w.paced.longest_lag() == 2s);
}

TEST_CASE("a stop asked for by an event or an arrival ends a paced run", "[kernel]") {
  PacedWorld w;
  w.kernel.at(at(1s), Phase::kWorld, [&w] { w.kernel.request_stop(); });
  w.event(1s, "rest");
  w.arrival(5s, [&w] { w.paced.request_stop(); });
  w.arrival(7s, [&w] { w.io.stop(); });
  CHECK(w.paced.run(at(1h)) == Kernel::Stop::kRequested);
  CHECK(w.log.empty());
  CHECK(w.paced.run(at(1h)) == Kernel::Stop::kRequested);
  CHECK(w.kernel.now() == at(5s));
  CHECK(w.paced.run(at(1h)) == Kernel::Stop::kRequested);
  CHECK(w.kernel.now() == at(7s));
  CHECK(w.log == Log{"rest 1 1"});
}

TEST_CASE("virtual time stands still between two paced runs", "[kernel]") {
  PacedWorld w;
  w.event(15s, "a");
  w.paced.run(at(10s));
  w.real.pass(1h);
  w.paced.run(at(20s));
  CHECK(w.log == Log{"a 15 3615"});
  CHECK(w.paced.longest_lag() == 0s);
}

TEST_CASE("time that is skipped runs its events at once, and none of them is late", "[kernel]") {
  PacedWorld w(10);
  w.event(5s, "a");
  w.event(50s, "b");
  w.event(101s, "c");
  w.event(200s, "d");
  w.arrival(1s, [&w] {
    w.paced.skip(91s);
    w.note("skipped");
    w.paced.skip(0s);
  });
  w.paced.run(at(300s));
  CHECK(w.log == Log{"a 5 0", "b 50 1", "c 101 1", "skipped 101 1", "d 200 10"});
  CHECK(w.paced.longest_lag() == 0s);
}

TEST_CASE("time is skipped no further than to the run's end", "[kernel]") {
  PacedWorld w;
  w.arrival(1s, [&w] { w.paced.skip(Duration::max()); });
  CHECK(w.paced.run(at(1h)) == Kernel::Stop::kUntil);
  CHECK(w.kernel.now() == at(1h));
  CHECK(w.real.now() - w.start == 1s);
}

TEST_CASE("an exception leaves a paced run, and it can go on", "[kernel]") {
  PacedWorld w;
  w.kernel.at(at(1s), Phase::kWorld, [] { throw std::runtime_error("boom"); });
  w.arrival(2s, [] { throw std::runtime_error("crash"); });
  w.event(3s, "a");
  CHECK_THROWS_WITH(w.paced.run(at(10s)), "boom");
  CHECK_THROWS_WITH(w.paced.run(at(10s)), "crash");
  CHECK(w.paced.run(at(10s)) == Kernel::Stop::kUntil);
  CHECK(w.log == Log{"a 3 3"});
}

TEST_CASE("tasks outside of the world sleep on its clock and cancel each other", "[kernel]") {
  using namespace asio::experimental::awaitable_operators;
  PacedWorld w(10);
  auto body = [](PacedWorld& world) -> Awaitable<void> {
    Clock& clock = world.kernel.clock(Phase::kWorld);
    co_await (clock.sleep_for(20s) || clock.sleep_for(1h));
    world.note("first");
  };
  spawn(w.paced.executor(), body(w));
  w.paced.run(at(1min));
  CHECK(w.log == Log{"first 20 2"});
}

TEST_CASE("what a timer of the executor begins sees the virtual time of its instant", "[kernel]") {
  asio::io_context io{1};
  SystemClock real(io.get_executor());
  Kernel kernel{WallTime{}};
  PacedRun paced(kernel, io, real, 1'000);
  bool is_first = false;
  kernel.at(at(1s), Phase::kWorld, [&] { is_first = true; });
  asio::steady_timer timer(paced.executor());
  TimePoint seen{};
  // From inside: the real time before the run is none of the world's.
  asio::post(paced.executor(), [&] {
    timer.expires_after(5ms);
    timer.async_wait([&](boost::system::error_code) {
      CHECK(is_first);
      seen = kernel.now();
      // What it dispatches is a part of it.
      asio::dispatch(paced.executor(), [&] { CHECK(kernel.now() == seen); });
      paced.request_stop();
    });
  });
  CHECK(paced.run(kTimeZero + 24h) == Kernel::Stop::kRequested);
  CHECK(seen >= at(5s));
}

TEST_CASE("a stop from another thread wakes a run that waits", "[kernel]") {
  asio::io_context io{1};
  SystemClock real(io.get_executor());
  Kernel kernel{WallTime{}};
  PacedRun paced(kernel, io, real, 1);
  std::thread other([&paced] {
    asio::post(paced.executor(), [] {});
    paced.request_stop();
  });
  CHECK(paced.run(kTimeNever) == Kernel::Stop::kRequested);
  other.join();
}

using Socket = asio::local::stream_protocol::socket;

// Answers each byte after a virtual minute.
Awaitable<void> serve(Socket socket, Clock& clock) {
  std::array<char, 1> byte{};
  for (int i = 0; i < 3; ++i) {
    co_await asio::async_read(socket, asio::buffer(byte), asio::use_awaitable);
    co_await clock.sleep_for(1min);
    co_await asio::async_write(socket, asio::buffer(byte), asio::use_awaitable);
  }
}

TEST_CASE("a paced world answers a real socket", "[kernel]") {
  asio::io_context io{1};
  SystemClock real(io.get_executor());
  Kernel kernel{WallTime{}};
  PacedRun paced(kernel, io, real, 10'000);  // a minute in 6 ms
  asio::io_context elsewhere;
  Socket server(paced.executor());
  Socket client(elsewhere);
  asio::local::connect_pair(server, client);
  spawn(paced.executor(), serve(std::move(server), kernel.clock(Phase::kWorld)));
  std::string answers;
  std::thread other([&] {
    std::array<char, 1> byte{};
    for (const char c : {'a', 'b', 'c'}) {
      asio::write(client, asio::buffer(&c, 1));
      asio::read(client, asio::buffer(byte));
      answers += byte[0];
    }
    paced.request_stop();
  });
  const TimePoint begin = real.now();
  CHECK(paced.run(kTimeZero + 24h) == Kernel::Stop::kRequested);  // 8.6 s at most
  other.join();
  CHECK(answers == "abc");
  CHECK(kernel.now() >= at(3min));
  CHECK(real.now() - begin >= 18ms);
}

}  // namespace
}  // namespace casim::sim
