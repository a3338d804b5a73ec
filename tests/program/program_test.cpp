// casim-provider as its users run it: a process, files, a port, certificates. Real time and a real
// disk; nothing is asserted about how long anything takes.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <sys/stat.h>

#include "tests/catch.h"
#include "tests/program/bench.h"

using namespace casim;
using namespace casim::live;
using Catch::Matchers::Contains;
using grpc::StatusCode;

namespace {

// What a command of a shell prints; its exit code follows in a line of its own.
std::string shell(const std::string& command) {
  std::string text;
  std::FILE* pipe = ::popen((command + " 2>&1; echo \"exit $?\"").c_str(), "r");
  char buffer[4096];
  while (std::fgets(buffer, sizeof(buffer), pipe) != nullptr) text += buffer;
  ::pclose(pipe);
  return text;
}

std::string get(int port, const std::string& path) {
  return shell("curl -s -S -w '%{http_code}\\n' http://127.0.0.1:" + std::to_string(port) + path);
}

}  // namespace

TEST_CASE("every case of the contract holds over TCP with certificates on both sides",
          "[program]") {
  ProgramBench bench;
  bench.use_tls();
  const auto child = bench.start();
  REQUIRE(child->http_port() != 0);
  const std::string outcome =
      shell(std::string(CASIM_LIVE_CLIENT) + " " + ProgramBench::address(*child) + " contract " +
            bench.path("ca.pem") + " " + bench.path("client.pem") + " " + bench.path("client.key"));
  CHECK(outcome == "exit 0\n");
  child->signal(SIGTERM);
  CHECK(child->wait().exit_code == 0);
}

TEST_CASE("clients without a certificate of the CA reach no call", "[program]") {
  ProgramBench bench;
  bench.use_tls();
  const auto child = bench.start();
  const std::string address = ProgramBench::address(*child);
  const Identity foreign_ca = make_identity({"foreign CA"});
  write_pem(make_identity({"foreign", &foreign_ca}), bench.folder / "foreign.pem",
            bench.folder / "foreign.key");
  write_pem(make_identity({"expired", &bench.ca, -3}), bench.folder / "expired.pem",
            bench.folder / "expired.key");
  ClientPems none = bench.pems();
  none.certificate.clear();
  none.key.clear();
  CHECK(Caller(address).target("a") == -StatusCode::UNAVAILABLE);  // plaintext
  CHECK(Caller(address, none).target("a") == -StatusCode::UNAVAILABLE);
  CHECK(Caller(address, bench.pems("foreign")).target("a") == -StatusCode::UNAVAILABLE);
  CHECK(Caller(address, bench.pems("expired")).target("a") == -StatusCode::UNAVAILABLE);
  CHECK(Caller(address, bench.pems()).target("a") == 0);
  CHECK_THAT(
      get(child->http_port(), "/metrics"),
      Contains("casim_provider_calls_total{method=\"NodeGroupTargetSize\",code=\"OK\"} 1\n"));
}

TEST_CASE("certificates are exchanged without a call that fails", "[program]") {
  ProgramBench bench;
  bench.use_tls();
  const auto child = bench.start();
  const std::string address = ProgramBench::address(*child);
  Caller lasting(address, bench.pems());
  REQUIRE(lasting.target("a") == 0);
  std::atomic<bool> is_over{false};
  std::atomic<int> failures{0};
  std::atomic<int> calls{0};
  std::thread load([&] {
    const ClientPems pems = bench.pems();
    while (!is_over) {
      Caller fresh(address, pems);  // with a handshake of its own
      for (Caller* caller : {&fresh, &lasting}) {
        if (caller->target("a") != 0) ++failures;
        ++calls;
      }
    }
  });
  for (int i = 1; i <= 2; ++i) {
    bench.renew("server");
    CHECK(child->wait_for_text("new certificate", i));
  }
  is_over = true;
  load.join();
  CHECK(failures == 0);
  CHECK(calls > 0);
}

TEST_CASE("a second provider is refused a port, a socket and a store that are taken", "[program]") {
  ProgramBench bench;
  bench.config["listen"]["address"] = "unix:" + bench.path("provider.sock");
  const auto first = bench.start();
  REQUIRE(first->http_port() != 0);
  Caller caller("unix:" + bench.path("provider.sock"));
  REQUIRE(caller.increase("a", 1).ok());
  struct stat info{};
  REQUIRE(::stat(bench.path("provider.sock").c_str(), &info) == 0);
  CHECK((info.st_mode & 07) == 0);  // nobody else may order machines

  SECTION("store") {
    bench.config["listen"]["address"] = "127.0.0.1:0";
    const ChildEnd end = run_child({"--config", bench.file()}, bench.folder / "");
    CHECK(end.exit_code == 1);
    CHECK_THAT(end.text, Contains("another provider uses it"));
  }
  SECTION("socket") {
    bench.config["store"]["file"] = bench.path("other.db");
    const ChildEnd end = run_child({"--config", bench.file()}, bench.folder / "");
    CHECK(end.exit_code == 1);
    CHECK_THAT(end.text, Contains("another server listens there"));
  }
  SECTION("port") {
    bench.config["store"]["file"] = bench.path("other.db");
    bench.config["listen"]["address"] = "127.0.0.1:" + std::to_string(first->http_port());
    const ChildEnd end = run_child({"--config", bench.file()}, bench.folder / "");
    CHECK(end.exit_code == 1);
    CHECK_THAT(end.text, Contains("cannot listen at"));
  }
  CHECK(caller.target("a") == 1);
}

TEST_CASE("a socket that a killed provider left behind is taken over", "[program]") {
  ProgramBench bench;
  bench.config["listen"]["address"] = "unix:" + bench.path("provider.sock");
  {
    const auto killed = bench.start();
  }
  const auto next = bench.start();
  CHECK(Caller("unix:" + bench.path("provider.sock")).target("a") == 0);
}

TEST_CASE("SIGHUP takes over groups, and refuses what cannot change", "[program]") {
  ProgramBench bench;
  const auto child = bench.start();
  Caller caller(ProgramBench::address(*child));
  REQUIRE(caller.increase("b-c", 2).ok());
  REQUIRE(eventually([&] { return caller.has_machines("b-c"); }));

  bench.config["node_groups"][0]["max"] = 3;
  bench.config["node_groups"][1] = group_json("new");
  bench.file();
  child->signal(SIGHUP);
  REQUIRE(child->wait_for_text("configuration reloaded"));
  CHECK(caller.target("new") == 0);
  CHECK(caller.target("b-c") == -StatusCode::NOT_FOUND);
  CHECK(caller.increase("a", 4).error_code() == StatusCode::FAILED_PRECONDITION);
  CHECK(caller.increase("a", 3).ok());
  CHECK(eventually([&] { return bench.cloud.live() == 5; }));  // a group that went keeps its own

  bench.config["cluster"] = "other";
  bench.file();
  child->signal(SIGHUP);
  REQUIRE(child->wait_for_text("needs a restart"));
  bench.config["cluster"] = "test";
  bench.config["node_groups"][0]["max"] = -1;
  bench.file();
  child->signal(SIGHUP);
  REQUIRE(child->wait_for_text("node_groups[0].max"));
  CHECK(caller.target("a") == 3);

  bench.config["node_groups"] = {group_json("a"), group_json("b-c")};
  bench.file();
  child->signal(SIGHUP);
  REQUIRE(child->wait_for_text("configuration reloaded", 2));
  CHECK(caller.target("b-c") == 2);
  CHECK(bench.cloud.live() == 5);
}

TEST_CASE("metrics, readiness and liveness are served", "[program]") {
  ProgramBench bench;
  bench.cloud.ask<int>([&] {
    bench.cloud.ec2().run_errors = {provider::ec2_error("RequestLimitExceeded", 503)};
    return 0;
  });
  const auto child = bench.start();
  Caller caller(ProgramBench::address(*child));
  REQUIRE(caller.increase("a", 2).ok());
  CHECK(caller.increase("a", 100).error_code() == StatusCode::FAILED_PRECONDITION);
  REQUIRE(eventually([&] { return caller.has_machines("a"); }));
  for (const std::string& id : caller.ids("a")) caller.join(id);
  CHECK(get(child->http_port(), "/readyz") == "ok\n200\nexit 0\n");
  CHECK(get(child->http_port(), "/healthz") == "ok\n200\nexit 0\n");
  CHECK_THAT(get(child->http_port(), "/nothing"), Contains("404"));
  const std::string metrics = get(child->http_port(), "/metrics");
  for (const char* line :
       {"casim_provider_target_size{group=\"a\"} 2\n", "casim_provider_max_size{group=\"a\"} 10\n",
        "casim_provider_calls_total{method=\"NodeGroupIncreaseSize\",code=\"OK\"} 1\n",
        "casim_provider_calls_total{method=\"NodeGroupIncreaseSize\",code=\"FAILED_PRECONDITION\"} "
        "1\n",
        "casim_ec2_attempts_total{action=\"RunInstances\",outcome=\"RequestLimitExceeded\"} 1\n",
        "casim_ec2_waits_total{action=\"RunInstances\",why=\"retry\"} 1\n"}) {
    CHECK_THAT(metrics, Contains(line));
  }
  if (shell("command -v promtool").find("exit 0") == std::string::npos) {
    WARN("promtool is not there: the form of the metrics is not checked");
  } else {
    CHECK(shell("curl -s http://127.0.0.1:" + std::to_string(child->http_port()) +
                "/metrics | promtool check metrics") == "exit 0\n");
  }
}

TEST_CASE("a probe tells a provider that keeps the contract from none", "[program]") {
  ProgramBench bench;
  bench.use_tls();
  const auto child = bench.start();
  REQUIRE(Caller(ProgramBench::address(*child), bench.pems()).increase("a", 2).ok());
  const std::vector<std::string> pems = {"--ca",   bench.path("ca.pem"),
                                         "--cert", bench.path("client.pem"),
                                         "--key",  bench.path("client.key")};
  std::vector<std::string> arguments = {"--probe", ProgramBench::address(*child)};
  arguments.insert(arguments.end(), pems.begin(), pems.end());
  const ChildEnd well = run_child(arguments, bench.folder / "");
  INFO(well.text);
  CHECK(well.exit_code == 0);
  CHECK_THAT(well.text, Contains("a: target 2, 2 instances, 0 to 10") && Contains("keepalive"));
  const ChildEnd foreign =
      run_child({"--probe", "localhost:" + std::to_string(child->http_port())}, bench.folder / "");
  CHECK(foreign.exit_code == 1);
  CHECK_THAT(foreign.text, Contains("WRONG NodeGroups"));
}

TEST_CASE("a new store beside machines is refused, or takes them over when told to", "[program]") {
  ProgramBench bench;
  {
    const auto first = bench.start();
    Caller caller(ProgramBench::address(*first));
    REQUIRE(caller.increase("a", 3).ok());
    REQUIRE(eventually([&] { return bench.cloud.live() == 3; }));
    first->signal(SIGTERM);
    CHECK(first->wait().exit_code == 0);
  }
  bench.config["store"]["file"] = bench.path("fresh.db");
  const ChildEnd refused = run_child({"--config", bench.file()}, bench.folder / "");
  CHECK(refused.exit_code == 1);
  CHECK_THAT(refused.text, Contains("3 machines of this cluster are running"));
  CHECK(bench.cloud.live() == 3);
  const auto adopting = bench.start({"--adopt"});
  Caller caller(ProgramBench::address(*adopting));
  CHECK(caller.target("a") == 3);
  REQUIRE(caller.ids("a").size() == 3);
  caller.join(caller.ids("a").at(0));
  CHECK(caller.nodes("a").instances(0).status().instancestate() ==
        pb::InstanceStatus::instanceRunning);
  CHECK(bench.cloud.live() == 3);
}
