#include "oracle/loops/loop_sides.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "oracle/loops/little_case.h"

namespace casim::oracle {
namespace {

std::string time_text_of(const Json& seconds) {
  return time_text(kTimeZero + exact_seconds(seconds.get<double>()));
}

Json expected_mutations(const Json& loop) {
  Json result = Json::array();
  for (Json mutation : loop.value("mutations", Json::array())) {
    mutation["t"] = time_text_of(mutation.at("t"));
    result.push_back(std::move(mutation));
  }
  return result;
}

Json got_mutations(const LoopRecord& loop) {
  Json result = Json::array();
  for (const Mutation& mutation : loop.mutations) result.push_back(json_of(mutation));
  return result;
}

bool differs(const std::vector<Compared>& keys, bool judged) {
  return std::any_of(keys.begin(), keys.end(), [judged](const Compared& one) {
    return one.is_judged == judged && one.differs();
  });
}

void print_sides(const std::vector<Compared>& keys, std::string& text) {
  for (const Compared& one : keys) {
    if (one.differs()) {
      text += fmt::format("* {}\n    expected {}\n    got      {}\n", one.key, one.expected.dump(),
                          one.got.dump());
    } else {
      text += fmt::format("  {}: {}\n", one.key, one.got.dump());
    }
  }
}

using Standing = std::map<std::string, std::vector<std::string>>;  // subjects by what is said

// What was said up to a loop and still holds; many subjects may share a reason.
Standing standing_at(const std::vector<LoopRecord>& loops, std::size_t last) {
  std::map<std::string, std::string> by_subject;
  for (std::size_t i = 0; i <= last; ++i) {
    for (const Reason& reason : loops[i].reasons) {
      if (reason.lasts) by_subject[reason.subject] = reason.text;
    }
  }
  Standing standing;
  for (const auto& [subject, text] : by_subject) {
    if (!text.empty()) standing[text].push_back(subject);
  }
  return standing;
}

void print_reasons(const std::vector<LoopRecord>& loops, std::size_t loop, std::string& text) {
  constexpr std::size_t kNamed = 5;
  for (const Reason& reason : loops[loop].reasons) {
    if (!reason.lasts) text += fmt::format("  why: {}: {}\n", reason.subject, reason.text);
  }
  for (const auto& [what, subjects] : standing_at(loops, loop)) {
    std::string names;
    for (std::size_t i = 0; i < subjects.size() && i < kNamed; ++i) {
      names += (i == 0 ? "" : ", ") + subjects[i];
    }
    if (subjects.size() > kNamed) names += fmt::format(" and {} more", subjects.size() - kNamed);
    text += fmt::format("  why: {}: {}\n", names, what);
  }
}

}  // namespace

Json ExpectedLoops::at(std::size_t index) {
  Json loop = loops_.at(index);
  for (const char* key : {"calls", "order", "status", "targets", "nodes", "pending"}) {
    if (loop.contains(key)) {
      inherited_[key] = loop.at(key);
    } else if (inherited_.contains(key)) {
      loop[key] = inherited_.at(key);
    }
  }
  return loop;
}

std::vector<Compared> compare(const Json& expected, const LoopRecord& got, bool has_status) {
  std::vector<Compared> keys;
  keys.push_back({"t", time_text_of(expected.at("t")), time_text(got.start), true});
  if (expected.contains("end")) {
    keys.push_back({"end", time_text_of(expected.at("end")), time_text(got.end), true});
  }
  keys.push_back({"error", expected.value("error", ""), got.error, true});
  keys.push_back({"mutations", expected_mutations(expected), got_mutations(got), true});
  if (got.loop != 0) {
    keys.push_back({"targets", expected.value("targets", Json::object()), got.targets, true});
    keys.push_back({"nodes", expected.value("nodes", 0), got.nodes, true});
    keys.push_back({"pending", expected.value("pending", 0), got.pending, true});
  }
  keys.push_back({"calls", expected.value("calls", Json::object()), got.calls, false});
  keys.push_back({"taints", expected.value("taints", Json::array()), got.taints, false});
  if (expected.contains("order")) {
    keys.push_back({"order", expected.at("order"), got.order, false});
  }
  const bool is_written = !got.status.empty();
  if (expected.contains("status") && (has_status || is_written)) {
    keys.push_back(
        {"status", expected.at("status"), is_written ? Json::parse(got.status) : Json(), false});
  }
  return keys;
}

std::string explain_loops(const Json& expect, const LoopRun& run) {
  ExpectedLoops expected(expect.at("loops"));
  std::string beside;
  std::string before;
  for (std::size_t i = 0; i < expected.size() && i < run.loops.size(); ++i) {
    const std::vector<Compared> keys =
        compare(expected.at(i), run.loops[i], expected.has_own_status(i));
    std::string now = fmt::format("loop {}\n", i);
    if (differs(keys, true)) {
      print_sides(keys, now);
      print_reasons(run.loops, i, now);
      return before + now;
    }
    if (differs(keys, false)) {
      beside += now;
      for (const Compared& one : keys) {
        if (one.differs()) print_sides({one}, beside);
      }
    }
    print_sides(keys, now);
    print_reasons(run.loops, i, now);
    before = std::move(now);
  }
  std::string end;
  if (expected.size() != run.loops.size()) {
    end = fmt::format("* loops\n    expected {}\n    got      {}\n", expected.size(),
                      run.loops.size());
  }
  if (expect.at("final") != run.final) {
    end += fmt::format("* final\n    expected {}\n    got      {}\n", expect.at("final").dump(),
                       run.final.dump());
  }
  return end.empty() ? beside : before + end;
}

}  // namespace casim::oracle
