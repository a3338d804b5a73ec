// Two types of one name in one namespace are one to the linker, and it says nothing.
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/catch.h"
#include "tests/tidy/source_text.h"
#include "tests/tidy/sources.h"

using namespace casim::tidy;

namespace {

using Places = std::map<std::string, std::set<std::string>>;  // files by casim::sim::Type

// Types of a file that have the linker's attention: in a namespace with a name, at its top level.
void note_types(const SourceFile& source, Places& places) {
  static const std::regex kOpens("^namespace ([\\w:]+) \\{$");
  static const std::regex kType("^(?:struct|class|enum class) (\\w+)(?: final)? (?:\\{|: ).*");
  std::istringstream lines(source.text);
  std::string space;
  bool is_nameless = false;
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    if (line == "namespace {") {
      is_nameless = true;
    } else if (line == "}  // namespace") {
      is_nameless = false;
    } else if (std::regex_match(line, match, kOpens)) {
      space = match[1];
    } else if (!is_nameless && !space.empty() && std::regex_match(line, match, kType)) {
      places[space + "::" + match[1].str()].insert(source.path);
    }
  }
}

}  // namespace

TEST_CASE("no two types of one namespace have one name", "[tidy]") {
  Places places;
  for (const SourceFile& source : read_sources(".")) {
    // Each test is a program of its own.
    if (source.path.starts_with("src/") || source.path.starts_with("sim/")) {
      note_types(source, places);
    }
  }
  CHECK(places.size() > 500);
  for (const auto& [type, files] : places) {
    std::string all;
    for (const std::string& file : files) all += " " + file;
    INFO(type << ":" << all);
    CHECK(files.size() == 1);
  }
}

TEST_CASE("two types of one name are seen, those of nameless namespaces are not", "[tidy]") {
  Places places;
  note_types({"a.h", "namespace casim::sim {\nstruct Twice {\n};\nclass Once final : A {\n};\n}\n"},
             places);
  note_types({"b.cpp",
              "namespace casim::sim {\nnamespace {\nstruct Once {\n};\n}  // namespace\n"
              "enum class Twice : int {\n};\n}\n"},
             places);
  note_types({"c.h", "namespace casim {\nstruct Twice {\n};\n"}, places);
  CHECK(places.at("casim::sim::Twice") == std::set<std::string>{"a.h", "b.cpp"});
  CHECK(places.at("casim::sim::Once") == std::set<std::string>{"a.h"});
  CHECK(places.at("casim::Twice").size() == 1);
}
