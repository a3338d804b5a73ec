// Events in Chrome's trace format (Trace Event Format, JSON object form), which Perfetto and
// chrome://tracing read: processes hold tracks, tracks hold slices one within the other, flows lead
// from slice to slice. Times are microseconds, here with all their nanoseconds.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>

#include "src/core/time.h"

namespace casim::sim {

// One row of the picture.
struct TraceTrack {
  int process = 0;
  std::int64_t thread = 0;
};

// A number or text as JSON.
struct TraceArgument {
  std::string_view name;
  std::string json;
};

std::string trace_text(std::string_view text);  // as JSON

class TraceEvents {
 public:
  explicit TraceEvents(std::ostream& out);

  void name_process(int process, std::string_view name, int place);
  void name_track(TraceTrack track, std::string_view name);

  // Requires: within one track slices follow or hold one another, and are told in order of begin.
  void slice(TraceTrack track, std::string_view name, TimePoint from, TimePoint to,
             const TraceArgument& argument = {});
  void instant(TraceTrack track, std::string_view name, TimePoint at,
               const TraceArgument& argument = {});
  // An instant of all tracks: a line through the whole picture.
  void global_instant(TraceTrack track, std::string_view name, TimePoint at);
  void counter(int process, std::string_view name, TimePoint at, const std::string& value);

  // Slices that overlap others of their process: those of one kind and id make a track.
  void begin(int process, std::string_view kind, std::uint64_t id, std::string_view name,
             TimePoint at);
  void end(int process, std::string_view kind, std::uint64_t id, std::string_view name,
           TimePoint at);

  // An arrow from the slice that is there on a track to one of another track.
  void flow_from(TraceTrack track, std::string_view kind, std::uint64_t id, TimePoint at);
  void flow_to(TraceTrack track, std::string_view kind, std::uint64_t id, TimePoint at);

  void finish();

 private:
  void event(char phase, TraceTrack track, std::string_view name, TimePoint at,
             std::string_view more, const TraceArgument& argument = {});
  void describe(TraceTrack track, std::string_view what, const TraceArgument& argument);

  std::ostream& out_;
  bool is_first_ = true;
};

}  // namespace casim::sim
