// The provider and a scenario's EC2 behind a real port, for a real cluster-autoscaler.
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include <fmt/format.h>
#include <boost/asio/signal_set.hpp>

#include "sim/cli/command.h"
#include "sim/cli/live_text.h"
#include "sim/cli/number_option.h"
#include "sim/cli/options.h"
#include "sim/cli/result_files.h"
#include "sim/events/fact_log.h"
#include "sim/live/http_kube.h"
#include "sim/live/kube_objects.h"
#include "sim/live/kubeconfig.h"
#include "sim/live/live_session.h"
#include "sim/scenario/load_scenario.h"

namespace casim::sim {
namespace {

CommandUsage live_usage() {
  return {
      "SCENARIO [options]",
      "Serves a scenario's node groups to a real cluster-autoscaler: the provider on a port, and "
      "behind it\nthe scenario's EC2, its machines and their faults, on the real clock. "
      "Workloads are not played.\nRuns until Ctrl-C or SIGTERM, and says then what came of it.",
      "casim live scenarios/live-300.json --cloud-config cloud-config.yaml"};
}

struct LiveArguments {
  ScenarioSource source;
  std::string host;
  std::uint16_t port = 0;
  double speed = 1;
  std::string cloud_config;  // empty: none is written
  std::string events;        // likewise
  std::string kubeconfig;    // empty: no cluster
  bool quiet = false;
};

po::options_description live_options() {
  po::options_description options("options");
  options.add_options()("help,h", "print this")(
      "listen", po::value<std::string>()->default_value("127.0.0.1:8086"),
      "HOST:PORT of the provider; port 0 takes a free one")(
      "speed", po::value<std::string>()->default_value("1"),
      "so many times as fast as real machines; the autoscaler stays as it is")(
      "cloud-config", po::value<std::string>(),
      "write this file for the autoscaler's flag of the same name")(
      "kubeconfig", po::value<std::string>(),
      "keep the nodes of the machines in the cluster that this file leads to, and play the pods "
      "that "
      "are bound to them")("events", po::value<std::string>(),
                           "write all that happens to this file, a JSON line each")(
      "set", po::value<std::vector<std::string>>(),
      "override a value, as in --set node_groups[0].max=5; paths in it are relative to the "
      "working directory")("seed", po::value<std::string>(), "short for --set seed=N")(
      "quiet,q", po::bool_switch(), "do not tell what happens")(
      "scenario", po::value<std::string>(), "the scenario file");
  return options;
}

// False: a mistake was named.
bool take_address(const std::string& text, LiveArguments& live) {
  const std::size_t colon = text.rfind(':');
  if (colon != std::string::npos && colon > 0) {
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, live.port);
    if (error == std::errc() && stop == end) {
      live.host = text.substr(0, colon);
      return true;
    }
  }
  fmt::print(stderr, "casim: --listen takes HOST:PORT, such as 127.0.0.1:8086, not \"{}\"\n", text);
  return false;
}

std::optional<LiveArguments> take_live_values(const po::variables_map& values) {
  LiveArguments live;
  const auto text_of = [&values](const char* option) {
    return values.count(option) > 0 ? values[option].as<std::string>() : "";
  };
  if (values.count("scenario") == 0) {
    fmt::print(stderr, "casim: live needs a scenario file, such as scenarios/live-300.json\n");
    return std::nullopt;
  }
  live.source.file = text_of("scenario");
  if (values.count("set") > 0) {
    live.source.overrides = values["set"].as<std::vector<std::string>>();
  }
  if (values.count("seed") > 0) live.source.overrides.push_back("seed=" + text_of("seed"));
  if (!take_address(text_of("listen"), live)) return std::nullopt;
  const auto speed = number_option<double>(values, "speed", 1, kFastestPace);
  if (!speed) return std::nullopt;
  live.speed = *speed;
  live.cloud_config = text_of("cloud-config");
  live.events = text_of("events");
  live.kubeconfig = text_of("kubeconfig");
  live.quiet = values["quiet"].as<bool>();
  return live;
}

// As an autoscaler on this machine reaches it.
std::string address_for_clients(const LiveArguments& live, int port) {
  const bool is_any = live.host == "0.0.0.0" || live.host == "[::]";
  return fmt::format("{}:{}", is_any ? "127.0.0.1" : live.host, port);
}

bool write_file(const std::string& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (out) return true;
  fmt::print(stderr, "casim: {}\n", unwritable(file).error().message);
  return false;
}

void complain(const std::string& said) { fmt::print(stderr, "casim: {}; tried again\n", said); }

// Further signals change nothing: a terminal or a supervisor may send several, and the end comes
// within seconds.
void stop_on_signal(boost::asio::signal_set& signals, LiveSession& session) {
  signals.async_wait([&](boost::system::error_code error, int /*signal*/) {
    if (!error) session.request_stop();
  });
}

// What the cluster would not take as names of nodes. False: that was said.
bool has_node_names(const Scenario& scenario) {
  bool is_good = true;
  const auto check = [&is_good](const std::string& what, const std::string& name) {
    if (is_node_name(name)) return;
    is_good = false;
    fmt::print(
        stderr,
        "casim: {} \"{}\": with --kubeconfig its nodes are named after it, so it takes lower "
        "case letters, digits, '-' and '.'\n",
        what, name);
  };
  for (const NodeGroupConfig& group : scenario.node_groups) check("node group", group.name);
  for (const StaticNodeConfig& node : scenario.static_nodes) check("static node", node.name);
  return is_good;
}

// None: something was wrong with the file, and was said.
std::optional<KubeFactory> cluster_of(const Scenario& scenario, const LiveArguments& live) {
  if (live.kubeconfig.empty()) return KubeFactory();
  config::Problems problems;
  const auto access = read_kubeconfig(live.kubeconfig, problems);
  fmt::print(stderr, "{}", problems.text());
  if (!access || !has_node_names(scenario)) return std::nullopt;
  return [access = *access](Clock& clock, asio::any_io_executor executor) {
    return std::make_unique<HttpKube>(access, clock, std::move(executor));
  };
}

std::string mirror_text(const ClusterMirror* mirror) {
  if (mirror == nullptr) return "";
  return fmt::format(
      "  in the cluster: {} nodes created, {} deleted; {} pods started, {} deleted; {} requests "
      "tried again\n",
      mirror->nodes().created, mirror->nodes().deleted, mirror->pods().started,
      mirror->pods().deleted, mirror->nodes().failures + mirror->pods().failures);
}

int serve(const Scenario& scenario, const LiveArguments& live, std::vector<FactSink*> listeners) {
  auto cluster = cluster_of(scenario, live);
  if (!cluster) return kBadInput;
  std::optional<LiveSession> session;
  try {
    session.emplace(scenario, LiveOptions{.address = fmt::format("{}:{}", live.host, live.port),
                                          .speed = live.speed,
                                          .listeners = std::move(listeners),
                                          .kube = *std::move(cluster),
                                          .complain = complain});
  } catch (const std::runtime_error& e) {
    fmt::print(stderr, "casim: {}\n", e.what());
    return kBadInput;
  }
  boost::asio::signal_set signals(session->executor(), SIGINT, SIGTERM);
  stop_on_signal(signals, *session);
  const LivePlace place{.address = address_for_clients(live, session->port()),
                        .cloud_config = live.cloud_config,
                        .kubeconfig = live.kubeconfig};
  if (!live.cloud_config.empty() &&
      !write_file(live.cloud_config, cloud_config_text(place.address))) {
    return kBadInput;
  }
  fmt::print("{}{}", unplayed_text(scenario), live_greeting(scenario, place, live.speed));
  std::fflush(stdout);
  const Result<void> served = session->run();
  if (!served) {
    fmt::print(stderr, "casim: {}: {}\n", live.kubeconfig, served.error().message);
    return kBadInput;
  }
  fmt::print("{}{}", account_text(session->fleet().account(), session->now() - kTimeZero),
             mirror_text(session->mirror()));
  return kOk;
}

}  // namespace

int live_command(const Arguments& arguments) {
  const CommandLine line = parse_command_line(arguments, live_options(), live_usage(), "scenario");
  if (!line.goes_on) return line.exit_code;
  const auto live = take_live_values(line.values);
  if (!live) return kBadInput;
  config::Problems problems;
  const auto loaded = load_scenario(live->source, problems);
  fmt::print(stderr, "{}", problems.text());
  if (problems.has_errors()) return kBadInput;
  std::vector<FactSink*> listeners;
  LiveStory story(stdout);
  if (!live->quiet) listeners.push_back(&story);
  std::ofstream events;
  std::optional<FactLog> log;
  if (!live->events.empty()) {
    events.open(live->events, std::ios::binary);
    if (!events) {
      fmt::print(stderr, "casim: {}\n", unwritable(live->events).error().message);
      return kBadInput;
    }
    events << std::unitbuf;  // whoever follows the file sees what has happened
    listeners.push_back(&log.emplace(events));
  }
  return serve(loaded->scenario, *live, std::move(listeners));
}

}  // namespace casim::sim
