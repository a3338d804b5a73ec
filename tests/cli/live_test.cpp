// casim live as a user calls it.
#include "tests/catch.h"
#include "tests/cli/shell.h"

namespace casim::test {
namespace {

const std::string kLive = "scenarios/live-300.json";

TEST_CASE("casim live says what is wrong with its command line", "[cli]") {
  const Shell shell;

  struct Row {
    const char* arguments;
    const char* says;
  };

  const auto row = GENERATE(values<Row>({
      {"", "live needs a scenario file"},
      {"scenarios/live-300.json --lisen 1", "unknown option --lisen; did you mean --listen?"},
      {"scenarios/live-300.json --listen 8086", "--listen takes HOST:PORT"},
      {"scenarios/live-300.json --listen localhost:http", "--listen takes HOST:PORT"},
      {"scenarios/live-300.json --listen localhost:99999", "--listen takes HOST:PORT"},
      {"scenarios/live-300.json --speed 0", "--speed takes a number from 1 to"},
      {"scenarios/live-300.json --speed fast", "--speed takes a number from 1 to"},
      {"scenarios/live-300.json --set node_group=[]", "did you mean \"node_groups\"?"},
      {"scenarios/live-300.json --listen 127.0.0.1:0 --events no/such/folder/e",
       "no/such/folder/e"},
      {"scenarios/live-300.json --listen 127.0.0.1:0 --cloud-config no/such/folder/c",
       "no/such/folder/c"},
      {"scenarios/live-300.json --kubeconfig no/such/kubeconfig", "no/such/kubeconfig"},
      {"scenarios/live-300.json --listen 127.0.0.256:0", "cannot listen at 127.0.0.256:0"},
  }));
  CAPTURE(row.arguments);
  const Output output = shell.run(std::string("live ") + row.arguments);
  CAPTURE(output.err);
  CHECK(output.exit_code == 2);
  CHECK(says(output.err, row.says));
}

TEST_CASE("casim live serves until it is told to end, and says what came of it", "[cli]") {
  const Shell shell;
  const std::string config = (shell / "cloud-config").string();
  const std::string out = (shell / "live").string();
  // Its port is known when the file is there, whole.
  const std::string script =
      "set -e; " CASIM_PROGRAM " live " + kLive + " --listen 127.0.0.1:0 --cloud-config " + config +
      " --events " + (shell / "events").string() + " --seed 7 >" + out +
      " 2>&1 & pid=$!; until grep -q address " + config +
      " 2>/dev/null; do kill -0 $pid; sleep 0.05; done; until grep -q Ctrl-C " + out +
      "; do kill -0 $pid; sleep 0.05; done; kill -TERM $pid; wait $pid";
  const int status = std::system(("bash -c '" + script + "'").c_str());
  const std::string said = Shell::read(out);
  CAPTURE(said);
  CHECK(status == 0);
  CHECK(says(Shell::read(config), "address: \"127.0.0.1:"));
  CHECK(says(said, "workload burst is not played"));
  CHECK(says(said, "group workers: 0 to 400, 0 nodes there, of m6i.2xlarge"));
  CHECK(says(said, "cluster-autoscaler --cloud-provider=externalgrpc --cloud-config=" + config));
  CHECK(says(said, "0 calls of the autoscaler"));
  CHECK(says(Shell::read(shell / "events"), "\"fact\":\"ProviderStarted\""));
}

}  // namespace
}  // namespace casim::test
