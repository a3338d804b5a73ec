#include "sim/explain/moments.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace casim::sim {
namespace {

// Things of a kind that come within this time of the last one share its line.
constexpr Duration kTogether = std::chrono::seconds(30);

struct Line {
  TimePoint first{};
  TimePoint last{};
  std::int64_t count = 0;
  FactWords words;
  std::vector<Duration> lengths;

  std::string text() const {
    std::string out = count == 1 ? words.one : fmt::format("{} {}", count, words.many);
    if (!lengths.empty()) out += fmt::format(" ({})", lengths_text(lengths));
    return out;
  }
};

// What the target itself does has a line of its own.
bool is_about(const FactWords& words, const Target& target) {
  return (words.node && words.node == target.node) ||
         (!words.instance.empty() && words.instance == target.instance);
}

}  // namespace

std::string rounded_text(Duration length) { return fmt::format("{:.2f} s", to_seconds(length)); }

std::string lengths_text(const std::vector<Duration>& lengths) {
  constexpr std::size_t kShown = 6;
  std::string out;
  for (std::size_t i = 0; i < std::min(lengths.size(), kShown); ++i) {
    out += fmt::format("{}{:.2f}", i == 0 ? "" : ", ", to_seconds(lengths[i]));
  }
  return out + (lengths.size() > kShown ? ", ... s" : " s");
}

FactNames names_in(const ReplayedRun& run) {
  return {[&run](PodId pod) { return run.text_of(pod).name; },
          [&run](NodeId node) { return run.nodes.nodes().at(node.value()).name; }};
}

std::vector<ExplainedMoment> moments_of(const Target& target, const ReplayedRun& run,
                                        const std::vector<KeptFact>& kept) {
  const FactNames names = names_in(run);
  std::vector<Line> lines;
  std::map<std::string, std::size_t> latest;  // line of a kind
  for (const KeptFact& one : kept) {
    FactWords words = words_of(one.fact, names);
    if (words.one.empty()) continue;
    const bool merges = !words.many.empty() && !is_about(words, target);
    const auto before = merges ? latest.find(words.many) : latest.end();
    if (before != latest.end() && one.at - lines[before->second].last <= kTogether) {
      Line& line = lines[before->second];
      ++line.count;
      line.last = one.at;
      if (words.length) line.lengths.push_back(*words.length);
      continue;
    }
    if (merges) latest[words.many] = lines.size();
    Line line{one.at, one.at, 1, std::move(words), {}};
    if (line.words.length) line.lengths.push_back(*line.words.length);
    lines.push_back(std::move(line));
  }
  std::ranges::stable_sort(lines, {}, &Line::first);
  std::vector<ExplainedMoment> out;
  for (const Line& line : lines) {
    // The same told twice, as a loop that both saw a pod and ordered for it.
    if (!out.empty() && out.back().first == line.first && out.back().text == line.text()) continue;
    out.push_back({line.first, line.last, line.text()});
  }
  return out;
}

}  // namespace casim::sim
