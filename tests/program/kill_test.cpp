// The provider is killed under load, again and again, over one real file, against casim ec2 whose
// API is down, throttles and loses replies. What was acknowledged must be there afterwards, and no
// machine may be lost or doubled, as EC2 has it. CASIM_KILLS=200 for more kills.
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <thread>
#include <tuple>

#include "src/core/random.h"
#include "tests/catch.h"
#include "tests/ec2_face/live_world.h"
#include "tests/program/bench.h"

using namespace casim;
using namespace casim::live;

namespace {

constexpr std::array<const char*, 2> kGroups = {"a", "b-c"};

// What a group's target may be, by what was answered.
struct Bounds {
  int low = 0;
  int high = 0;
};

struct Acknowledged {
  std::map<std::string, Bounds> bounds;
  std::set<std::string> deleted;  // asked for, whatever came of it
  std::set<std::string> gone;     // and answered with OK
  std::atomic<int> count = 0;
  std::uint64_t draws = 0;
};

class Load {
 public:
  Load(const Random& random, const std::string& address, Acknowledged& done)
      : random_(random), caller_(address), done_(done) {}

  // Orders until an answer does not come.
  void run() {
    bool is_answered = true;
    while (is_answered) {
      const std::uint64_t n = ++done_.draws;
      const std::string group = kGroups.at(random_.index("group", 0, n, kGroups.size()));
      const bool grows =
          done_.bounds[group].high < 5 || random_.uniform("what", 0, n) < kShareOfGrowth;
      is_answered = grows ? increase(group, n) : remove(group, n);
    }
  }

 private:
  // Machines are deleted only once EC2 has told of them, so the groups stay small.
  static constexpr double kShareOfGrowth = 0.35;

  bool increase(const std::string& group, std::uint64_t n) {
    const int delta = 1 + static_cast<int>(random_.index("delta", 0, n, 4));
    Bounds& bounds = done_.bounds[group];
    bounds.high += delta;
    if (!caller_.increase(group, delta).ok()) return false;
    bounds.low += delta;
    ++done_.count;
    return true;
  }

  bool remove(const std::string& group, std::uint64_t n) {
    const pb::NodeGroupNodesResponse nodes = caller_.nodes(group);
    std::vector<std::string> ids;
    for (const auto& instance : nodes.instances()) {
      if (instance.status().instancestate() == pb::InstanceStatus::instanceDeleting) continue;
      if (instance.id().find("placeholder") != std::string::npos) continue;
      if (!done_.deleted.contains(instance.id())) ids.push_back(instance.id());
    }
    if (ids.empty()) {
      pause_a_moment();
      return caller_.target(group) >= 0;
    }
    const std::string id = ids[random_.index("victim", 0, n, ids.size())];
    Bounds& bounds = done_.bounds[group];
    done_.deleted.insert(id);
    --bounds.low;
    if (!caller_.remove(group, {id}).ok()) return false;
    --bounds.high;
    done_.gone.insert(id);
    ++done_.count;
    return true;
  }

  const Random& random_;
  Caller caller_;
  Acknowledged& done_;
};

// casim ec2 as who operates it sees it: all machines that there ever were.
class Account {
 public:
  explicit Account(const std::string& admin_url) : admin_(admin_url) {}

  void look() { machines_ = Json::parse(admin_.ask("GET", "/instances").body); }

  void add_fault(const Json& fault) {
    REQUIRE(admin_.ask("POST", "/faults", fault.dump()).status == 201);
  }

  std::set<std::string> live_ids() const {
    std::set<std::string> ids;
    for (const Json& machine : machines_) {
      const std::string state = machine.at("state");
      if (state != "pending" && state != "running") continue;
      ids.insert("aws:///" + machine.at("zone").get<std::string>() + "/" +
                 machine.at("id").get<std::string>());
    }
    return ids;
  }

  // Slots for which two calls have launched, over all that ever was.
  int doubled() const {
    std::map<std::tuple<std::string, std::string, std::string>, std::set<std::string>> calls;
    for (const Json& machine : machines_) {
      const Json& tags = machine.at("tags");
      calls[{tags.at("casim:token"), tags.value("casim:first", ""), tags.value("casim:slot", "")}]
          .insert(machine.at("client_token").get<std::string>());
    }
    int twice = 0;
    for (const auto& [slot, tokens] : calls) twice += tokens.size() > 1 ? 1 : 0;
    return twice;
  }

  std::size_t machines() const { return machines_.size(); }

  std::string calls() { return Json::parse(admin_.ask("GET", "/state").body).at("calls").dump(); }

 private:
  sim::Caller admin_;
  Json machines_;
};

// What befalls EC2 from the n-th kill on, for some of its own time.
Json fault_of(int n) {
  switch (n % 5) {
    case 0:
      return {{"kind", "ec2_throttle"}, {"for", "10s"}};
    case 1:
      return {{"kind", "ec2_outage"}, {"for", "10s"}};
    case 2:
      return {{"kind", "connection_reset"}, {"for", "15s"}, {"share", 0.5}, {"when", "after"}};
    case 3:
      return {{"kind", "connection_reset"}, {"for", "15s"}, {"share", 0.5}, {"when", "before"}};
    default:
      return {{"kind", "ec2_errors"},
              {"for", "15s"},
              {"share", 0.3},
              {"errors", {{{"code", "InternalError"}}, {{"code", "RequestLimitExceeded"}}}}};
  }
}

sim::LiveEc2Options troubled_ec2() {
  sim::LiveEc2Options options;
  options.ec2.vcpu_quota = 100'000;
  options.speed = 10;
  options.signatures = sim::SignatureMode::kVerify;
  options.credentials = {{"test", "secret", ""}};  // child.h's
  return options;
}

std::set<std::string> listed_ids(Caller& caller) {
  std::set<std::string> ids;
  for (const char* group : kGroups) {
    const std::vector<std::string> of_group = caller.ids(group);
    ids.insert(of_group.begin(), of_group.end());
  }
  return ids;
}

// After a start: nothing that was acknowledged is lost.
void check_targets(Caller& caller, Acknowledged& done) {
  for (const char* group : kGroups) {
    CAPTURE(group);
    const int target = caller.target(group);
    REQUIRE(target >= done.bounds[group].low);
    REQUIRE(target <= done.bounds[group].high);
    done.bounds[group] = {target, target};
  }
}

// At the end, when everything is given time to settle.
void check_machines(Account& account, Caller& caller, const Acknowledged& done) {
  CHECK(eventually([&] {
    account.look();
    return account.live_ids() == listed_ids(caller);
  }));
  const std::set<std::string> live = account.live_ids();
  CHECK(static_cast<int>(live.size()) == caller.target("a") + caller.target("b-c"));
  CHECK(std::ranges::none_of(done.gone, [&](const std::string& id) { return live.contains(id); }));
  CHECK(account.doubled() == 0);
}

}  // namespace

TEST_CASE("kills under load lose nothing that was acknowledged, leak and double nothing",
          "[program]") {
  const char* wanted = std::getenv("CASIM_KILLS");
  const int kills = wanted == nullptr ? 10 : std::atoi(wanted);
  ProgramBench bench;
  sim::LiveWorld world(troubled_ec2());
  bench.config["ec2"]["endpoint"] = world.ec2.url();
  bench.config["node_groups"] = {group_json("a", 10'000), group_json("b-c", 10'000)};
  bench.config["log"] = {{"level", "warning"}};
  bench.config["listen"]["address"] = "unix:" + bench.path("provider.sock");
  const std::string address = bench.config["listen"]["address"];
  world.meet([&] {
    Account account(world.ec2.admin_url());
    const Random random(4);
    Acknowledged done;
    for (int kill = 0; kill <= kills; ++kill) {
      CAPTURE(kill);
      Child child({"--config", bench.file()}, bench.folder / "");
      REQUIRE(eventually([&] { return Caller(address).target("a") >= 0; }));
      Caller caller(address);
      check_targets(caller, done);
      if (kill == kills) {
        check_machines(account, caller, done);
        break;
      }
      account.add_fault(fault_of(kill));
      const int until =
          done.count + 5 +
          static_cast<int>(random.index("until", 1, static_cast<std::uint64_t>(kill), 40));
      std::thread load([&] { Load(random, address, done).run(); });
      CHECK(eventually([&] { return done.count >= until; }));
      child.signal(SIGKILL);
      CHECK(child.wait().exit_code == -1);
      load.join();
    }
    std::cout << kills << " kills, " << done.count << " orders acknowledged, " << account.machines()
              << " machines launched, " << account.live_ids().size()
              << " there at the end; calls: " << account.calls() << "\n";
  });
}
