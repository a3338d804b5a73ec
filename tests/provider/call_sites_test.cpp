// The list of call sites against the source: a new call of a port without a row fails here.

#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/provider/port_calls.h"
#include "tests/tidy/source_text.h"
#include "tests/tidy/sources.h"

using namespace casim;
using namespace casim::provider;

namespace {

// "src/provider/journal.cpp: store_.commit"
using Calls = std::vector<std::string>;

bool is_watched(const std::string& path) {
  if (path.starts_with("src/ec2/query/")) return false;  // describes members, and waits for nobody
  return path.starts_with("src/provider/") || path.starts_with("src/backoff/") ||
         path.starts_with("src/ec2/");
}

bool declares_port(const std::string& path) {
  return path == "src/core/clock.h" || path == "src/provider/ports.h" || path == "src/ec2/api.h";
}

// What can be awaited of the ports, by their declarations, and what a sleep is made of.
std::set<std::string> awaitable_methods(const std::vector<tidy::SourceFile>& sources) {
  static const std::regex kMethod(R"((?:^|\n)  (?:virtual )?Awaitable<.*> (\w+)\()");
  std::set<std::string> names{"arm"};
  for (const tidy::SourceFile& source : sources) {
    if (!declares_port(source.path)) continue;
    const std::string text = tidy::Stripper(source.text).run();
    for (std::sregex_iterator it(text.begin(), text.end(), kMethod), end; it != end; ++it) {
      names.insert((*it)[1]);
    }
  }
  return names;
}

// Calls "receiver.method" of those names, in order, then waits with a deadline on a clock. Of the
// provider's own objects some have a method of such a name, and wait for nobody.
Calls calls_in(const tidy::SourceFile& source, const std::set<std::string>& methods) {
  static const std::regex kCall(R"((\w+(?:(?:\.|->)\w+)*)(?:\.|->)(\w+)\s*\()");
  static const std::regex kDeadline(R"(\brun_until\s*\(\s*(\w+(?:(?:\.|->)\w+)*)\s*,)");
  static const std::set<std::string> kOwn{"launcher", "state_->table", "transaction"};
  const std::string text = tidy::Stripper(source.text).run();
  Calls calls;
  for (std::sregex_iterator it(text.begin(), text.end(), kCall), end; it != end; ++it) {
    const std::string receiver = (*it)[1];
    const std::string method = (*it)[2];
    if (!methods.contains(method) || kOwn.contains(receiver)) continue;
    calls.push_back(source.path + ": " + receiver + "." + method);
  }
  for (std::sregex_iterator it(text.begin(), text.end(), kDeadline), end; it != end; ++it) {
    calls.push_back(source.path + ": run_until " + (*it)[1].str());
  }
  return calls;
}

}  // namespace

TEST_CASE("every call of a port has an id", "[provider]") {
  const auto sources = tidy::read_sources(std::filesystem::current_path());
  const std::set<std::string> methods = awaitable_methods(sources);
  CHECK(methods == std::set<std::string>{"arm", "call", "commit", "launch", "list", "remove",
                                         "sleep_for", "sleep_until"});
  Calls listed;
  std::set<std::string_view> ids;
  for (const CallSiteInfo& row : kCallSites) {
    CHECK(static_cast<std::size_t>(row.site) == ids.size());
    CHECK(ids.insert(row.id).second);
    listed.push_back(std::string(row.file) + ": " + std::string(row.call));
  }
  Calls found;
  for (const tidy::SourceFile& source : sources) {
    if (!is_watched(source.path)) continue;
    for (std::string& call : calls_in(source, methods)) found.push_back(std::move(call));
  }
  std::ranges::sort(found);
  std::ranges::sort(listed);
  CHECK(found == listed);
}

TEST_CASE("a call of a port is found however it is written", "[provider]") {
  const std::set<std::string> methods{"call", "commit", "sleep_for"};
  const tidy::SourceFile source{
      "src/provider/x.cpp",
      "co_await ports_.api.call(a) || clock->sleep_for(b);\n"
      "auto later = store_.commit(c);  // store_.commit(d)\nlauncher.call(e);\n"
      "co_await run_until(ports_.clock, f, g());\n"};
  CHECK(calls_in(source, methods) ==
        Calls{"src/provider/x.cpp: ports_.api.call", "src/provider/x.cpp: clock.sleep_for",
              "src/provider/x.cpp: store_.commit", "src/provider/x.cpp: run_until ports_.clock"});
}
