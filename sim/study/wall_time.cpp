#include "sim/study/wall_time.h"

#include <fmt/format.h>

#include "sim/study/summary_leaves.h"
#include "src/config/document.h"
#include "src/config/problems.h"

namespace casim::sim {
namespace {

constexpr double kShortest = 0.05;  // seconds

}  // namespace

std::optional<RunDuration> wall_time_of(const std::filesystem::path& result) {
  config::Problems unread;
  const auto meta = config::load_file(result / "meta.json", unread);
  if (!meta || unread.has_errors()) return std::nullopt;
  const config::Value* seconds = meta->root().find("wall_s");
  if (seconds == nullptr || !seconds->as_double()) return std::nullopt;
  return RunDuration{*seconds->as_double(), member_text(meta->root(), "host")};
}

std::optional<WallTimeComparison> compare_wall_times(
    const std::vector<std::pair<std::optional<RunDuration>, std::optional<RunDuration>>>& pairs) {
  WallTimeComparison out;
  std::vector<double> base;
  std::vector<double> now;
  std::vector<double> ratios;
  for (const auto& [before, after] : pairs) {
    if (!before || !after || before->seconds < kShortest || after->seconds < kShortest) continue;
    base.push_back(before->seconds);
    now.push_back(after->seconds);
    ratios.push_back(after->seconds / before->seconds);
    out.same_host = out.same_host && before->host == after->host;
  }
  if (ratios.empty()) return std::nullopt;
  out.pairs = ratios.size();
  out.base = median_of(base);
  out.now = median_of(now);
  out.ratio = median_of(ratios);
  out.ratio95 = median_interval(ratios);
  return out;
}

bool is_slower(const WallTimeComparison& times, double share) {
  return times.same_host && times.ratio95 && times.ratio95->low > 1 + share;
}

std::string to_text(const WallTimeComparison& times) {
  std::string out =
      fmt::format("Wall time: median {:.2f} s, was {:.2f} s; over {} pairs {:.2f} times as long",
                  times.now, times.base, times.pairs, times.ratio);
  if (times.ratio95) {
    out += fmt::format(" (95 % {:.2f} to {:.2f})", times.ratio95->low, times.ratio95->high);
  }
  if (!times.same_host) return out + "; on different hosts, so it says nothing";
  if (!times.ratio95) return out + "; fewer than 6 pairs say nothing";
  const bool is_noise = times.ratio95->low <= 1 && times.ratio95->high >= 1;
  return out + (is_noise ? "; noise" : "");
}

}  // namespace casim::sim
