// casim-provider: the externalgrpc provider for a real cluster-autoscaler and a real EC2.
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include <boost/program_options.hpp>

#include "src/core/version.h"
#include "src/live/check.h"
#include "src/live/program.h"
#include "src/live/provider_file.h"
#include "src/server/probe.h"

namespace casim::live {
namespace {

namespace options = boost::program_options;

constexpr int kOk = 0;
constexpr int kFailed = 1;    // cannot start now, or must not go on: start it again
constexpr int kBadInput = 2;  // the configuration or the command line is wrong

options::options_description make_options() {
  options::options_description all("Options");
  auto add = all.add_options();
  add("config", options::value<std::string>(), "configuration, JSON or YAML; read again at SIGHUP");
  add("check", "say what is wrong with the configuration, and go");
  add("adopt", "with a new store: take over the machines that carry the cluster's tags, once");
  add("schema", "print the JSON Schema of the configuration, and go");
  add("probe", options::value<std::string>(),
      "call the provider at this address (host:port, unix:/path) as an autoscaler would, and say "
      "what is not as it must be");
  add("ca", options::value<std::string>()->default_value(""),
      "with --probe: CA of the server, PEM; without it, plaintext");
  add("cert", options::value<std::string>()->default_value(""),
      "with --probe: certificate of the client, PEM");
  add("key", options::value<std::string>()->default_value(""), "with --probe: its key, PEM");
  add("version", "print the version, and go");
  add("help", "print this, and go");
  return all;
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

int print_schema() {
  const ProviderFile defaults;
  std::cout << config::to_json(config::schema<ProviderFile>(
                   "casim-provider", "Configuration of casim-provider.", defaults))
            << "\n";
  return kOk;
}

int probe(const options::variables_map& given) {
  const server::ProbeTarget target{.address = given["probe"].as<std::string>(),
                                   .ca = given["ca"].as<std::string>(),
                                   .certificate = given["cert"].as<std::string>(),
                                   .key = given["key"].as<std::string>(),
                                   .proxy = environment("HTTPS_PROXY").value_or("")};
  const server::ProbeReport report = server::probe(target);
  for (const std::string& line : report.lines) std::cout << line << "\n";
  return report.is_well ? kOk : kFailed;
}

int serve_or_check(const options::variables_map& given) {
  if (!given.contains("config")) {
    std::cerr << "casim-provider: --config is missing; see --help\n";
    return kBadInput;
  }
  const std::string path = given["config"].as<std::string>();
  config::Problems problems;
  const std::optional<ProviderFile> file = load_provider_file(path, problems);
  if (file) warn_of_sizes(*file, path, problems);
  if (!problems.empty()) std::cerr << problems.text();
  if (!file) return kBadInput;
  if (given.contains("check")) {
    for (const std::string& line : describe_plan(*file)) std::cout << line << "\n";
    return kOk;
  }
  return run_program(
             *file, {.config = path, .adopts = given.contains("adopt"), .environment = environment})
             ? kOk
             : kFailed;
}

int run(int argc, char** argv) {
  const options::options_description all = make_options();
  options::variables_map given;
  try {
    options::store(options::command_line_parser(argc, argv).options(all).run(), given);
    options::notify(given);
  } catch (const options::error& e) {
    std::cerr << "casim-provider: " << e.what() << "; see --help\n";
    return kBadInput;
  }
  if (given.contains("help")) {
    std::cout << "casim-provider --config FILE [--check]\ncasim-provider --probe ADDRESS\n\n"
              << all;
    return kOk;
  }
  if (given.contains("version")) {
    std::cout << "casim-provider " << kResultsVersion << "\n";
    return kOk;
  }
  if (given.contains("schema")) return print_schema();
  if (given.contains("probe")) return probe(given);
  return serve_or_check(given);
}

}  // namespace
}  // namespace casim::live

int main(int argc, char** argv) {
  try {
    return casim::live::run(argc, argv);
  } catch (const std::exception& e) {
    std::cerr << "casim-provider: " << e.what() << "\n";
    return 1;
  }
}
