#include "tests/config/sample.h"

#include <fmt/format.h>

namespace casim::sample {

using config::Visitor;

void describe(Visitor& v, Deployment& d) {
  v.field("replicas", d.replicas, "pods at the start", config::at_least(0));
}

void describe(Visitor& v, Job& j) {
  v.required("pods", j.pods, "how many pods run", config::at_least(1));
  v.field("length", j.length, "how long a pod runs", config::above(Duration(0)));
}

void describe(Visitor& v, Workload& w) {
  v.required("name", w.name, "name of the workload", config::not_blank());
  v.choice("kind", w.body, "what the workload is");
  v.field("requests", w.requests, "what one pod asks for");
  v.field("file", w.file, "a trace");
}

void describe(Visitor& v, Group& g) {
  v.required("name", g.name, "name of the group", config::not_blank());
  v.field("min", g.min, "least number of nodes", config::at_least(0));
  v.field("max", g.max, "greatest number of nodes", config::at_least(0), config::at_most(1000));
  v.field("colors", g.colors, "what they look like", config::at_least_one(), config::unique());
  v.field("labels", g.labels, "labels of the nodes");
  v.check("min", g.min <= g.max, [&] { return fmt::format("{} is above max {}", g.min, g.max); });
}

void describe(Visitor& v, Settings& s) {
  v.field("seed", s.seed, "seed of all randomness");
  v.field("start", s.start, "wall time of the start");
  v.field("duration", s.duration, "length of the run", config::at_least(std::chrono::seconds(1)));
  v.field("warmup", s.warmup, "time that is not measured");
  v.field("share", s.share, "share of Spot", config::probability());
  v.field("verbose", s.verbose, "say more");
  v.field("cpu", s.cpu, "CPU of a pod", config::at_most(MilliCpu(4000)));
  v.field("memory", s.memory, "memory of a pod");
  v.field("boot", s.boot, "time to boot");
  v.field("groups", s.groups, "node groups", config::unique("name"));
  v.field("workloads", s.workloads, "workloads", config::unique("name"));
  v.field("extra", s.extra, "anything");
}

std::string problems_of(std::string_view text, Settings& out, config::Format format) {
  config::Problems problems;
  const char* name = format == config::Format::kYaml ? "x.yaml" : "x.json";
  const auto document = config::parse_text(text, format, {name, "dir"}, problems);
  if (document) config::read(*document, out, problems);
  return problems.text();
}

std::string problems_of(std::string_view text) {
  Settings settings;
  return problems_of(text, settings);
}

}  // namespace casim::sample
