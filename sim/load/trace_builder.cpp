#include "sim/load/trace_builder.h"

#include <algorithm>
#include <cassert>
#include <fstream>
#include <sstream>
#include <tuple>

#include <fmt/format.h>

namespace casim::sim {

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

Trace TraceBuilder::build(const TraceSpan& span) {
  assert(problems_.empty());
  Trace trace;
  trace.counts.in_file = rows_.size();
  std::erase_if(rows_, [&span](const RawRow& row) {
    return row.created < span.from || row.created >= span.to;
  });
  std::sort(rows_.begin(), rows_.end(), [](const RawRow& a, const RawRow& b) {
    return std::tie(a.created, a.tie, a.name) < std::tie(b.created, b.tie, b.name);
  });
  trace.rows.reserve(rows_.size());
  TraceCounts& counts = trace.counts;
  counts.in_window = rows_.size();
  for (RawRow& row : rows_) {
    counts.with_gpu += row.gpus > 0 ? 1 : 0;
    counts.shared_gpu += row.shared_gpu ? 1 : 0;
    counts.gpu_models += row.gpu_model ? 1 : 0;
    counts.zero_memory += row.memory == 0 ? 1 : 0;
    counts.never_placed += row.never_placed ? 1 : 0;
    const std::uint32_t shape = shape_of(row, trace);
    trace.rows.push_back(
        {std::move(row.name), row.row, shape, row.created - span.from, row.run_for});
  }
  return trace;
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

TraceResult read_trace_file(TraceReader reader, const std::filesystem::path& path,
                            const TraceSpan& span) {
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
  return reader(text.view(), path.string(), span);
}

}  // namespace casim::sim
