// A snapshot of a cluster becomes a scenario.
#include <fstream>
#include <iostream>
#include <iterator>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/options.h"
#include "sim/import/import.h"
#include "sim/scenario/expand_manifests.h"
#include "sim/scenario/load_plan.h"
#include "sim/scenario/load_scenario.h"
#include "src/config/manifest_document.h"

namespace casim::sim {
namespace {

// A cluster of some thousand nodes.
constexpr config::ManifestLimits kLimits{.bytes = std::size_t{1} << 30, .values = 50'000'000};

CommandUsage import_usage() {
  return {"[FILE...] [-o SCENARIO] [--args \"--expander=least-waste ...\"]",
          "Makes a scenario of a cluster as it is, of what this prints:\n"
          "  kubectl get no,po,deploy,sts,ds,rs,job,cj,hpa,pdb,pvc,pv,sc,pc,ns,cm -A -o json",
          "casim import snapshot.json -o cluster.json"};
}

struct ImportArguments {
  std::vector<std::string> files;
  std::string out;
  ImportOptions options;
};

po::options_description import_options(ImportArguments& import) {
  po::options_description options("options");
  options.add_options()("help,h", "print this")("out,o", po::value(&import.out),
                                                "file for the scenario; absent: standard output")(
      "args", po::value(&import.options.autoscaler_arguments),
      "command line of the cluster-autoscaler, as text or @FILE; absent: that of its Deployment in "
      "the snapshot")("file", po::value(&import.files),
                      "what kubectl get printed with -o json or -o yaml, in one file or several; "
                      "absent or -: standard input");
  return options;
}

// False: it cannot be read, which is told.
bool take_text_of_file(std::string& text) {
  if (!text.starts_with('@')) return true;
  const std::string name = text.substr(1);
  std::ifstream in(name, std::ios::binary);
  text.assign(std::istreambuf_iterator<char>(in), {});
  if (in || in.eof()) return true;
  fmt::print(stderr, "casim: {}: cannot be read\n", name);
  return false;
}

std::optional<ManifestFile> read_standard_input(config::Problems& problems) {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool is_json = first != std::string::npos && text[first] == '{';
  auto documents =
      config::parse_manifest(text, is_json ? config::Format::kJson : config::Format::kYaml,
                             {"standard input", ""}, problems, kLimits);
  if (!documents) return std::nullopt;
  return ManifestFile{"standard input", std::move(*documents)};
}

std::vector<ManifestFile> read_files(std::vector<std::string> names, config::Problems& problems) {
  if (names.empty()) names.emplace_back("-");
  std::vector<ManifestFile> files;
  for (const std::string& name : names) {
    if (name == "-") {
      if (auto file = read_standard_input(problems)) files.push_back(std::move(*file));
    } else if (auto documents = config::load_manifest(name, problems, kLimits)) {
      files.push_back({name, std::move(*documents)});
    }
  }
  return files;
}

// "workloads[3] (web).pod": nobody counted the workloads.
std::string with_name(const std::string& path, const config::Document& document) {
  const std::size_t end = path.find(']');
  if (!path.starts_with("workloads[") || end == std::string::npos) return path;
  const config::Value* name = document.find(path.substr(0, end + 1) + ".name");
  if (name == nullptr || name->as_string() == nullptr) return path;
  return fmt::format("{} ({}){}", path.substr(0, end + 1), *name->as_string(),
                     path.substr(end + 1));
}

// What was written is a scenario: all that casim run would say against it.
void check(const std::string& text, config::Problems& problems) {
  auto document = config::parse_text(text, config::Format::kJson, {"the scenario", ""}, problems);
  if (!document) return;
  const config::Document written = *document;
  config::Problems found;
  const auto loaded = load_document("imported", std::move(*document), {}, found);
  if (loaded) static_cast<void>(make_load_plan(*loaded, found));
  for (config::Problem problem : found.sorted()) {
    problem.path = with_name(problem.path, written);
    problems.add(std::move(problem));
  }
}

bool write(const std::string& text, const std::string& file) {
  if (file.empty()) {
    fmt::print("{}", text);
    return true;
  }
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (out) return true;
  fmt::print(stderr, "casim: {}: cannot be written\n", file);
  return false;
}

}  // namespace

int import_command(const Arguments& arguments) {
  ImportArguments import;
  const po::options_description options = import_options(import);
  const CommandLine line = parse_command_line(arguments, options, import_usage(), "file", -1);
  if (!line.goes_on) return line.exit_code;
  if (!take_text_of_file(import.options.autoscaler_arguments)) return kBadInput;
  config::Problems problems;
  const std::vector<ManifestFile> files = read_files(import.files, problems);
  Imported imported;
  if (!problems.has_errors()) {
    imported = import_cluster(files, import.options, problems);
  }
  fmt::print(stderr, "{}", problems.text());
  if (problems.has_errors()) return kBadInput;
  for (const std::string& note : imported.notes) fmt::print(stderr, "{}\n", note);
  const std::string text = config::to_json(imported.scenario) + "\n";
  if (!write(text, import.out)) return kBadInput;
  config::Problems found;
  check(text, found);
  fmt::print(stderr, "{}", found.text());
  return found.has_errors() ? kBadInput : kOk;
}

}  // namespace casim::sim
