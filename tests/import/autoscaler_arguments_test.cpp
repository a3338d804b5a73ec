#include "sim/import/autoscaler_arguments.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/config/manifest_document.h"
#include "tests/catch.h"

namespace casim::sim {
namespace {

std::string flags_of(const AutoscalerArguments& arguments) {
  std::string text;
  for (const auto& [name, value] : arguments.flags) {
    text += fmt::format("{}={} ", name, config::to_json(value, -1));
  }
  return text;
}

TEST_CASE("words are those of a shell", "[import]") {
  CHECK(shell_words(" a  'b c'\\\n d\"e f\" '' g\\ h ") ==
        std::vector<std::string>{"a", "b c", "de f", "", "g h"});
  CHECK(shell_words("").empty());
}

TEST_CASE("flags are taken as they are written, repeated ones as a list", "[import]") {
  const AutoscalerArguments read = read_autoscaler_arguments(
      {"./cluster-autoscaler", "--expander=least-waste", "-scan-interval", "30s",
       "--balance_similar_node_groups", "--ignore-taint=a", "--ignore-taint=b"},
      "");
  CHECK(flags_of(read) ==
        "expander=\"least-waste\" scan-interval=\"30s\" balance-similar-node-groups=true "
        "ignore-taint=[\"a\",\"b\"] ");
  CHECK(read.version.empty());
  CHECK(read.notes.empty());
}

TEST_CASE("bounds by --nodes hold, and what cannot be carried is said once", "[import]") {
  const AutoscalerArguments read = read_autoscaler_arguments(
      {"--nodes=1:10:general", "--nodes=x", "--cloud-provider=aws", "--v=4",
       "--node-group-auto-discovery=asg:tag=a", "--expandr=random", "--scan-interval=soon"},
      "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.0");
  CHECK(read.version == "1.36");
  CHECK(read.flags.empty());
  REQUIRE(read.groups.contains("general"));
  CHECK((read.groups.at("general").min == 1 && read.groups.at("general").max == 10));
  const std::string notes = fmt::format("{}", fmt::join(read.notes, "\n"));
  CAPTURE(notes);
  for (const char* part :
       {"autoscaler.version 1.36 is that of", "--nodes=x is left out: expected min:max:name",
        "decide nothing here, left out: cloud-provider, v, node-group-auto-discovery",
        "--expandr=random is left out", "did you mean \"expander\"", "--scan-interval=soon"}) {
    CAPTURE(part);
    CHECK(notes.find(part) != std::string::npos);
  }
}

TEST_CASE("a version that is not modelled is replaced by the nearest", "[import]") {
  CHECK(read_autoscaler_arguments({}, "x/cluster-autoscaler:v1.28.2").version == "1.34");
  CHECK(read_autoscaler_arguments({}, "x/cluster-autoscaler:latest").version == "1.37");
  CHECK(read_autoscaler_arguments({}, "x/cluster-autoscaler:v1.99.0").version == "1.37");
}

TEST_CASE("the command line of a shell is read as such", "[import]") {
  const auto flags_of = [](const std::string& command) {
    config::Problems problems;
    const auto documents = config::parse_manifest(
        "spec: {template: {spec: {containers: [{name: c, image: "
        "\"registry.k8s.io/autoscaling/cluster-autoscaler:v1.35.0\", command: " +
            command + "}]}}}",
        config::Format::kYaml, {"x.yaml", ""}, problems);
    REQUIRE(documents);
    KubeObject object;
    object.value = &documents->front().root();
    return *autoscaler_arguments_of(object);
  };
  const std::string line = "\"exec ./cluster-autoscaler --expander=random\"";
  CHECK(flags_of("[/bin/sh, -ec, " + line + "]").flags.size() == 1);
  CHECK(flags_of("[bash, -e, -c, " + line + "]").flags.size() == 1);
  const AutoscalerArguments variable = flags_of("[./cluster-autoscaler, --expander=$(EXPANDER)]");
  CHECK(variable.flags.empty());
  CHECK(variable.notes.back().find("flag --expander=$(EXPANDER) is left out") == 0);
}

}  // namespace
}  // namespace casim::sim
