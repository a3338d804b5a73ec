// The EC2 model behind HTTP, for real clients.
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "sim/cli/command.h"
#include "sim/cli/number_option.h"
#include "sim/cli/options.h"
#include "sim/ec2_face/live_ec2.h"
#include "sim/scenario/load_scenario.h"
#include "src/async/task_scope.h"
#include "src/config/names.h"
#include "src/live/system_clock.h"

namespace casim::sim {
namespace {

constexpr Duration kGrace = std::chrono::seconds(1);  // of requests under way, at the end

CommandUsage ec2_usage() {
  return {
      "[SCENARIO] [options]",
      "The EC2 model of casim as an endpoint for real clients: RunInstances, "
      "DescribeInstances,\nTerminateInstances and what else casim knows of EC2, over HTTP, and the "
      "same as a REST\ninterface under /v1/machines. Of a scenario it takes ec2, seed and the "
      "faults of EC2. Ctrl-C\nends it.",
      "casim ec2 --port 4566 --speed 10"};
}

po::options_description ec2_options() {
  po::options_description options("options");
  const auto text = [](const char* value) {
    return po::value<std::string>()->default_value(value);
  };
  options.add_options()("help,h", "print this")("port", text("0"),
                                                "TCP port; 0: one that is free, which is printed")(
      "bind", text("127.0.0.1"), "address to listen at; others than loopback let everybody call")(
      "admin-port", text("0"),
      "TCP port on loopback of what looks at the model and moves it: GET /state, GET /instances, "
      "POST and DELETE /faults, POST /time")(
      "speed", text("1"), "virtual time against real time: 60 makes a minute of a second")(
      "stepped", po::bool_switch(),
      "virtual time stands still, but for POST /time and for what calls take, which nobody waits "
      "for")("sigv4", text("parse"),
             "what becomes of signatures. off: nobody looks; parse: each request must have one; "
             "verify: and it must be right")(
      "credentials", po::value<std::vector<std::string>>(),
      "KEY_ID:SECRET or KEY_ID:SECRET:SESSION_TOKEN that --sigv4 verify takes; several times: each "
      "of them; absent: casim:casim")(
      "rest-token", po::value<std::string>(),
      "bearer token of the REST interface, or @FILE that holds it; absent: everybody may call it, "
      "unless --bind is no loopback or --sigv4 is verify, when nobody may")(
      "seed", po::value<std::string>(), "of all that is drawn; absent: the scenario's, or 1")(
      "set", po::value<std::vector<std::string>>(), "override a value of the scenario")(
      "quiet,q", po::bool_switch(), "print nothing but the addresses")(
      "scenario", po::value<std::string>(), "scenario file; absent: EC2 as it is by default");
  return options;
}

// A mistake in an option, for the user.
std::nullopt_t mistake(const std::string& message) {
  fmt::print(stderr, "casim: {}\n", message);
  return std::nullopt;
}

std::optional<SignatureMode> mode_of(const std::string& text) {
  std::vector<std::string_view> names;
  for (const auto& [mode, name] : enum_names(SignatureMode{})) {
    if (name == text) return mode;
    names.push_back(name);
  }
  return mistake(fmt::format("--sigv4 is \"{}\"{}", text,
                             config::suggestion(text, std::span<const std::string_view>(names))));
}

std::optional<KnownCredentials> credentials_of(const std::string& text) {
  const std::size_t first = text.find(':');
  const std::size_t second = first == std::string::npos ? first : text.find(':', first + 1);
  KnownCredentials known;
  known.access_key_id = text.substr(0, first);
  if (first != std::string::npos) known.secret = text.substr(first + 1, second - first - 1);
  if (second != std::string::npos) known.session_token = text.substr(second + 1);
  if (!known.access_key_id.empty() && !known.secret.empty()) return known;
  return mistake(
      "--credentials takes KEY_ID:SECRET or KEY_ID:SECRET:SESSION_TOKEN, and this has no secret or "
      "no key id");
}

bool take_credentials(const po::variables_map& values, LiveEc2Options& options) {
  std::vector<std::string> texts = {"casim:casim"};
  if (values.count("credentials") > 0) {
    texts = values["credentials"].as<std::vector<std::string>>();
    if (options.signatures != SignatureMode::kVerify) {
      mistake("--credentials have no effect without --sigv4 verify");
      return false;
    }
  }
  for (const std::string& text : texts) {
    const auto known = credentials_of(text);
    if (!known) return false;
    options.credentials.push_back(*known);
  }
  return true;
}

bool is_loopback(const std::string& address) {
  boost::system::error_code error;
  const auto parsed = boost::asio::ip::make_address(address, error);
  return !error && parsed.is_loopback();
}

bool take_rest_access(const po::variables_map& values, LiveEc2Options& options) {
  options.rest.is_open_without =
      is_loopback(options.api.address) && options.signatures != SignatureMode::kVerify;
  if (values.count("rest-token") == 0) return true;
  std::string token = values["rest-token"].as<std::string>();
  if (token.starts_with('@')) {
    const std::string file = token.substr(1);
    std::ifstream in(file);
    if (!std::getline(in, token)) {
      mistake(fmt::format("--rest-token: {} cannot be read, or is empty", file));
      return false;
    }
    if (token.ends_with('\r')) token.pop_back();
  }
  if (token.empty() || token.find_first_of(" \t") != std::string::npos) {
    mistake("--rest-token takes a token without blanks, or @FILE with one in its first line");
    return false;
  }
  options.rest.token = std::move(token);
  return true;
}

// What the scenario says of EC2; its other faults are named and left out.
bool take_scenario(const po::variables_map& values, LiveEc2Options& options) {
  ScenarioSource source;
  if (values.count("set") > 0) source.overrides = values["set"].as<std::vector<std::string>>();
  if (values.count("scenario") == 0) {
    if (source.overrides.empty()) return true;
    mistake("--set changes a scenario file, and none is named");
    return false;
  }
  source.file = values["scenario"].as<std::string>();
  config::Problems problems;
  const auto loaded = load_scenario(source, problems);
  fmt::print(stderr, "{}", problems.text());
  if (problems.has_errors() || !loaded) return false;
  options.ec2 = loaded->scenario.ec2;
  options.seed = loaded->scenario.seed;
  for (std::size_t i = 0; i < loaded->scenario.faults.size(); ++i) {
    const Fault& fault = loaded->scenario.faults[i];
    if (befalls_ec2_alone(fault)) {
      options.faults.push_back(fault);
    } else {
      fmt::print(stderr, "casim: warning: faults[{}] befalls more than EC2, and is left out\n", i);
    }
  }
  return true;
}

std::optional<LiveEc2Options> take_ec2_values(const po::variables_map& values) {
  LiveEc2Options options;
  if (!take_scenario(values, options)) return std::nullopt;
  const auto port = number_option<std::uint16_t>(values, "port", 0, 65535);
  const auto admin_port = number_option<std::uint16_t>(values, "admin-port", 0, 65535);
  const auto speed = number_option<double>(values, "speed", 1e-3, kFastestPace);
  const auto mode = mode_of(values["sigv4"].as<std::string>());
  if (!port || !admin_port || !speed || !mode) return std::nullopt;
  options.api.port = *port;
  options.api.address = values["bind"].as<std::string>();
  options.admin.port = *admin_port;
  options.speed = *speed;
  options.stepped = values["stepped"].as<bool>();
  options.signatures = *mode;
  if (options.stepped && !values["speed"].defaulted()) {
    return mistake("--stepped and --speed contradict each other");
  }
  if (!take_credentials(values, options) || !take_rest_access(values, options)) return std::nullopt;
  if (values.count("seed") > 0) {
    const auto seed = number_option<std::uint64_t>(values, "seed", 0, UINT64_MAX);
    if (!seed) return std::nullopt;
    options.seed = *seed;
  }
  return options;
}

std::string_view access_text(const RestAccess& rest) {
  if (!rest.token.empty()) return "by token";
  return rest.is_open_without ? "open" : "closed";
}

void print_addresses(const LiveEc2& ec2, const LiveEc2Options& options, bool is_quiet) {
  fmt::print("EC2    {}\nadmin  {}\n", ec2.url(), ec2.admin_url());
  if (!is_quiet) {
    const std::string time = options.stepped ? "stepped" : fmt::format("{} x", options.speed);
    fmt::print("seed {}, time {}, signatures {}, REST {}; Ctrl-C ends it\n", options.seed, time,
               enum_names(SignatureMode{})[static_cast<std::size_t>(options.signatures)].second,
               access_text(options.rest));
  }
  std::fflush(stdout);
}

Awaitable<void> end_by_signal(asio::signal_set& signals, LiveEc2& ec2) {
  co_await signals.async_wait(asio::use_awaitable);
  co_await ec2.shut_down(kGrace);
}

}  // namespace

int ec2_command(const Arguments& arguments) {
  const CommandLine line = parse_command_line(arguments, ec2_options(), ec2_usage(), "scenario");
  if (!line.goes_on) return line.exit_code;
  const auto options = take_ec2_values(line.values);
  if (!options) return kBadInput;
  asio::io_context io(1);
  SystemClock real(io.get_executor());
  asio::signal_set signals(io, SIGINT, SIGTERM);
  std::optional<LiveEc2> ec2;
  try {
    ec2.emplace(io, real, *options);
  } catch (const std::runtime_error& e) {
    fmt::print(stderr, "casim: {}\n", e.what());
    return kBadInput;
  }
  print_addresses(*ec2, *options, line.values["quiet"].as<bool>());
  spawn(ec2->executor(), end_by_signal(signals, *ec2));
  ec2->run();
  return kOk;
}

}  // namespace casim::sim
