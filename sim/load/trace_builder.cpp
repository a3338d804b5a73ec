#include "sim/load/trace_builder.h"

#include <algorithm>
#include <cassert>
#include <fstream>
#include <sstream>
#include <tuple>

#include <fmt/format.h>

#include "src/core/round.h"

namespace casim::sim {

namespace {

// They are in memory, some 100 bytes each.
constexpr double kMostPlayed = 20'000'000;

}  // namespace

Duration scaled_time(Duration time, double factor) {
  if (factor == 1) return time;
  // In long double, which holds every nanosecond.
  const long double scaled = static_cast<long double>(time.count()) * factor;
  constexpr long double kLongest = 9e18L;  // 285 years
  return Duration(round_to<std::int64_t>(std::min(scaled, kLongest)));
}

std::vector<std::string> TraceCounts::notes() const {
  std::vector<std::string> notes;
  const auto note = [&notes](std::uint64_t count, std::string_view what) {
    if (count > 0) notes.push_back(fmt::format("{} rows {}", count, what));
  };
  note(shared_gpu, "asked for a part of one GPU: each requests one whole nvidia.com/gpu");
  note(gpu_models, "named GPU models: ignored");
  note(zero_memory, "ask for no memory: their pods request none");
  note(never_placed,
       "were never scheduled in the recorded cluster: they run as long as they lived");
  return notes;
}

bool TraceBuilder::is_new_name(std::size_t column) {
  const std::string_view name = csv_.field(column);
  if (name.empty()) {
    csv_.wrong(column, "is missing; allowed: a name");
    return false;
  }
  if (!names_.insert(name).second) {
    csv_.wrong(column, fmt::format("'{}' stands in the file twice; allowed: a unique name", name));
    return false;
  }
  return true;
}

void TraceBuilder::add(RawRow row) { rows_.push_back(std::move(row)); }

TraceResult TraceBuilder::build(const TraceSpan& span) {
  assert(problems_.empty());
  Trace trace;
  in_file_ = rows_.size();
  trace.counts.in_file = in_file_;
  std::erase_if(rows_, [&span](const RawRow& row) {
    return row.created < span.from || row.created >= span.to;
  });
  trace.counts.in_window = rows_.size();
  const double played =
      static_cast<double>(rows_.size()) * static_cast<double>(span.copies) * span.sample;
  if (played > kMostPlayed) {
    problems_.add(0, fmt::format("{:.3g} rows would be played, copies counted; allowed: {:.0f}",
                                 played, kMostPlayed));
    return std::unexpected(std::move(problems_));
  }
  spread(span);
  std::sort(rows_.begin(), rows_.end(), [](const RawRow& a, const RawRow& b) {
    return std::tie(a.created, a.tie, a.name) < std::tie(b.created, b.tie, b.name);
  });
  trace.rows.reserve(rows_.size());
  TraceCounts& counts = trace.counts;
  counts.played = rows_.size();
  for (RawRow& row : rows_) {
    counts.with_gpu += row.gpus > 0 ? 1 : 0;
    counts.shared_gpu += row.shared_gpu ? 1 : 0;
    counts.gpu_models += row.gpu_model ? 1 : 0;
    counts.zero_memory += row.memory == 0 ? 1 : 0;
    counts.never_placed += row.never_placed ? 1 : 0;
    const std::uint32_t shape = shape_of(row, trace);
    trace.rows.push_back({std::move(row.name), row.row, shape, row.created, row.run_for});
  }
  return trace;
}

void TraceBuilder::spread(const TraceSpan& span) {
  const std::uint64_t copies = span.copies;
  std::vector<RawRow> played;
  for (const RawRow& row : rows_) {
    for (std::uint64_t copy = 0; copy < copies; ++copy) {
      const std::uint64_t number = row.row + copy * (in_file_ + 1);
      if (span.sample < 1 && span.random.uniform("load.sample", span.key, number) >= span.sample) {
        continue;
      }
      RawRow& one = played.emplace_back(row);
      one.row = number;
      one.created = scaled_time(row.created - span.from, span.time_scale);
      if (copy == 0) continue;
      one.name += fmt::format("-copy{}", copy);
      one.created += scaled_time(span.jitter, span.random.uniform("load.jitter", span.key, number));
    }
  }
  rows_ = std::move(played);
}

std::uint32_t TraceBuilder::shape_of(const RawRow& row, Trace& trace) {
  const auto next = static_cast<std::uint32_t>(trace.shapes.size());
  const auto [found, is_new] =
      shapes_.try_emplace(ShapeKey{row.cpu_milli, row.memory, row.gpus}, next);
  if (is_new) {
    Resources requests;
    requests.cpu = MilliCpu(row.cpu_milli);
    requests.memory = Bytes(row.memory);
    requests.pods = 1;
    if (row.gpus > 0) requests.extended["nvidia.com/gpu"] = row.gpus;
    trace.shapes.push_back(std::move(requests));
  }
  return found->second;
}

std::expected<std::string, TraceProblems> read_text(const std::filesystem::path& path) {
  TraceProblems problems(path.string());
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    problems.add(0, "there is no such file");
    return std::unexpected(std::move(problems));
  }
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream text;
  // Reading a folder throws in libstdc++.
  const bool is_folder = std::filesystem::is_directory(path, error);
  if (!is_folder) text << stream.rdbuf();
  if (is_folder || !stream.is_open() || stream.bad() || text.bad()) {
    problems.add(0, "cannot be read as a file");
    return std::unexpected(std::move(problems));
  }
  return std::move(text).str();
}

}  // namespace casim::sim
