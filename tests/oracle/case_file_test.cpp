// Files of cases, and the list of those that belong to the project.
#include "oracle/judge/case_file.h"

#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

#include "oracle/judge/manifest.h"
#include "tests/catch.h"
#include "tests/oracle/own_folder.h"

namespace casim::oracle {
namespace {

std::string problem_of(const std::string& path) {
  try {
    load(path);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "";
}

constexpr const char* kTwoLines = "{\"id\": \"a-1\"}\n{\"id\": \"a-2\"}\n";

}  // namespace

TEST_CASE("the project's recorded cases are all there, and as they were recorded", "[oracle]") {
  const Manifest manifest(kManifestPath);
  for (const std::string& problem : manifest.problems()) FAIL_CHECK(problem);
  std::size_t cases = 0;
  for (const ManifestRow& row : manifest.rows()) cases += row.cases;
  std::cout << cases << " recorded cases in " << manifest.rows().size() << " files\n";
}

TEST_CASE("a manifest notices what is missing, changed, or not listed", "[oracle]") {
  const OwnFolder folder;
  const std::string cases = folder.put_gzip("a.jsonl.gz", kTwoLines);
  const std::string manifest = folder.put("manifest.txt", "# none\nquick 2 0 a.jsonl.gz\n");
  const std::string wrong = Manifest(manifest).problems().at(0);
  CAPTURE(wrong);
  const std::size_t quote = wrong.find('"') + 1;
  const std::string right = wrong.substr(quote, wrong.rfind('"') - wrong.find('"') - 1);
  // printf '{"id": "a-1"}\n{"id": "a-2"}\n' | sha256sum
  CHECK(right ==
        "quick 2 49d938d3adafcea70d29659693a2bce3e325b9f9fc7966aff4de0a358feea232 a.jsonl.gz");
  folder.put("manifest.txt", right + "\n");
  CHECK(Manifest(manifest).problems().empty());

  folder.put_gzip("a.jsonl.gz", "{\"id\": \"a-1\"}\n");  // a line less
  REQUIRE(Manifest(manifest).problems().size() == 1);
  CHECK(Manifest(manifest).problems().front().find("\"quick 1 ") != std::string::npos);
  folder.put_gzip("a.jsonl.gz", "{\"id\": \"a-1\"}\n{\"id\": \"a-3\"}\n");  // as many as before
  CHECK(Manifest(manifest).problems().size() == 1);

  std::filesystem::remove(cases);
  CHECK(Manifest(manifest).problems() == std::vector<std::string>{"cannot open " + cases});
  folder.put_gzip("a.jsonl.gz", kTwoLines);
  const std::string other = folder.put("b.json", "[{}]");
  CHECK(Manifest(manifest).problems() ==
        std::vector<std::string>{other + " has no row in the manifest"});
}

TEST_CASE("a line of a manifest that is no row is named", "[oracle]") {
  const OwnFolder folder;
  for (const char* line : {"slow 1 0 a.json", "quick many 0 a.json", "quick 1 0", "long 1 0 a b"}) {
    CAPTURE(line);
    const std::string path = folder.put("manifest.txt", std::string("# first\n") + line + "\n");
    CHECK_THROWS_WITH(Manifest(path), Catch::Matchers::StartsWith(path + ":2: expected"));
  }
}

TEST_CASE("compressed cases are the same cases", "[oracle]") {
  const OwnFolder folder;
  const std::vector<CaseFile> plain = load(folder.put("a.jsonl", kTwoLines));
  CHECK(load(folder.put_gzip("b.jsonl.gz", kTwoLines)).front().cases == plain.front().cases);
  const std::string list = R"({"cases": [{"id": "a-1"}, {"id": "a-2"}]})";
  CHECK(load(folder.put_gzip("c.json.gz", list)).front().cases == plain.front().cases);
  CHECK(load(folder.path()).size() == 3);
}

TEST_CASE("a compressed file that breaks off is not read as a shorter one", "[oracle]") {
  const OwnFolder folder;
  const std::string path = folder.put_gzip("a.jsonl.gz", kTwoLines);
  std::filesystem::resize_file(path, std::filesystem::file_size(path) - 9);
  CHECK(problem_of(path).starts_with("cannot read " + path));
}

TEST_CASE("where no case is, nothing passes", "[oracle]") {
  const OwnFolder folder;
  const std::string none = folder.put("none.json", R"({"cases": []})");
  CHECK(problem_of(none) == "no cases in " + none);
  const std::string blank = folder.put("blank.jsonl", "\n");
  CHECK(problem_of(blank) == "no cases in " + blank);
  CHECK(problem_of("oracle/cases/nowhere.json") == "cannot open oracle/cases/nowhere.json");
  CHECK(problem_of("tests/core") == "no cases in tests/core");
}

TEST_CASE("a line that is no JSON is named", "[oracle]") {
  const OwnFolder folder;
  const std::string bad = folder.put("bad.jsonl", "{\"id\": \"a-1\"}\n{\n");
  CHECK(problem_of(bad).starts_with(bad + ":2: "));
}

}  // namespace casim::oracle
