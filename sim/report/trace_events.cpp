#include "sim/report/trace_events.h"

#include <fmt/format.h>

#include "src/config/value.h"

namespace casim::sim {
namespace {

std::string microseconds(Duration d) {
  return fmt::format("{}.{:03}", d.count() / 1000, d.count() % 1000);
}

std::string microseconds(TimePoint t) { return microseconds(t.time_since_epoch()); }

std::string arguments(const TraceArgument& argument) {
  if (argument.name.empty()) return "";
  return fmt::format(R"(,"args":{{"{}":{}}})", argument.name, argument.json);
}

// Perfetto shows what has a plain id beside all processes, not within its own.
std::string local_id(std::string_view kind, std::uint64_t id) {
  return fmt::format(R"(,"cat":"{}","id2":{{"local":"{}"}})", kind, id);
}

}  // namespace

std::string trace_text(std::string_view text) { return config::to_json(config::Value(text), -1); }

TraceEvents::TraceEvents(std::ostream& out) : out_(out) {
  out_ << R"({"displayTimeUnit":"ms","traceEvents":[)";
}

void TraceEvents::finish() { out_ << "\n]}\n"; }

void TraceEvents::event(char phase, TraceTrack track, std::string_view name, TimePoint at,
                        std::string_view more, const TraceArgument& argument) {
  out_ << (is_first_ ? "\n" : ",\n")
       << fmt::format(R"({{"ph":"{}","pid":{},"tid":{},"ts":{},"name":{}{}{}}})", phase,
                      track.process, track.thread, microseconds(at), trace_text(name), more,
                      arguments(argument));
  is_first_ = false;
}

void TraceEvents::describe(TraceTrack track, std::string_view what, const TraceArgument& argument) {
  event('M', track, what, kTimeZero, "", argument);
}

void TraceEvents::name_process(int process, std::string_view name, int place) {
  describe({process, 0}, "process_name", {"name", trace_text(name)});
  describe({process, 0}, "process_sort_index", {"sort_index", std::to_string(place)});
}

void TraceEvents::name_track(TraceTrack track, std::string_view name) {
  describe(track, "thread_name", {"name", trace_text(name)});
  describe(track, "thread_sort_index", {"sort_index", std::to_string(track.thread)});
}

void TraceEvents::slice(TraceTrack track, std::string_view name, TimePoint from, TimePoint to,
                        const TraceArgument& argument) {
  event('X', track, name, from, fmt::format(R"(,"dur":{})", microseconds(to - from)), argument);
}

void TraceEvents::instant(TraceTrack track, std::string_view name, TimePoint at,
                          const TraceArgument& argument) {
  event('i', track, name, at, R"(,"s":"t")", argument);
}

void TraceEvents::global_instant(TraceTrack track, std::string_view name, TimePoint at) {
  event('i', track, name, at, R"(,"s":"g")");
}

void TraceEvents::counter(int process, std::string_view name, TimePoint at,
                          const std::string& value) {
  event('C', {process, 0}, name, at, "", {"value", value});
}

void TraceEvents::begin(int process, std::string_view kind, std::uint64_t id, std::string_view name,
                        TimePoint at) {
  event('b', {process, 0}, name, at, local_id(kind, id));
}

void TraceEvents::end(int process, std::string_view kind, std::uint64_t id, std::string_view name,
                      TimePoint at) {
  event('e', {process, 0}, name, at, local_id(kind, id));
}

void TraceEvents::flow_from(TraceTrack track, std::string_view kind, std::uint64_t id,
                            TimePoint at) {
  event('s', track, kind, at, fmt::format(R"(,"cat":"{}","id":{})", kind, id));
}

void TraceEvents::flow_to(TraceTrack track, std::string_view kind, std::uint64_t id, TimePoint at) {
  event('f', track, kind, at, fmt::format(R"(,"cat":"{}","id":{},"bp":"e")", kind, id));
}

}  // namespace casim::sim
