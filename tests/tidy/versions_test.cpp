// What differs between releases of cluster-autoscaler stands in one table, which code asks.
#include <regex>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/tidy/source_text.h"
#include "tests/tidy/sources.h"

using namespace casim::tidy;

namespace {

constexpr const char* kTable = "sim/autoscaler/options/versions.";

// The enumerators of Behaviour.
std::vector<std::string> behaviours(const std::vector<SourceFile>& sources) {
  std::vector<std::string> names;
  for (const SourceFile& source : sources) {
    if (source.path != std::string(kTable) + "h") continue;
    const auto open = source.text.find("enum class Behaviour {");
    REQUIRE(open != std::string::npos);
    const std::string body = source.text.substr(open, source.text.find('}', open) - open);
    const std::regex name("\\bk[A-Z]\\w*");
    for (std::sregex_iterator at(body.begin(), body.end(), name), end; at != end; ++at) {
      names.push_back(at->str());
    }
  }
  return names;
}

bool is_in_simulator(const SourceFile& source) {
  return source.path.starts_with("sim/") && !source.path.starts_with(kTable);
}

}  // namespace

TEST_CASE("code asks for each difference between releases", "[tidy]") {
  const std::vector<SourceFile> sources = read_sources(".");
  const std::vector<std::string> names = behaviours(sources);
  REQUIRE_FALSE(names.empty());
  for (const std::string& name : names) {
    CAPTURE(name);
    const std::regex question("\\bhas\\(\\s*Behaviour::" + name + "\\b");
    CHECK(std::any_of(sources.begin(), sources.end(), [&](const SourceFile& source) {
      return is_in_simulator(source) && std::regex_search(source.text, question);
    }));
  }
}

TEST_CASE("code compares no release by itself", "[tidy]") {
  const std::regex comparison("\\b(options_?\\.)?version_?\\s*(<|>|==|!=)");
  for (const SourceFile& source : read_sources(".")) {
    if (!source.path.starts_with("sim/autoscaler/") || !is_in_simulator(source)) continue;
    const std::vector<std::string> lines = lines_of(Stripper(source.text).run());
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (!std::regex_search(lines[i], comparison)) continue;
      const bool is_flag = lines[i].find("version < since") != std::string::npos;
      CAPTURE(source.path, i + 1, lines[i]);
      CHECK(is_flag);  // of one flag, as first_version_of() says
    }
  }
}
