// What the provider tells whoever runs it, a line per event on standard error: JSON for machines,
// text for people. Stamped by the clock it is handed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "src/core/clock.h"
#include "src/live/provider_file.h"

namespace casim::live {

// A fact of an event: {"group", "web"}, {"count", 3}.
struct LogField {
  std::string_view key;
  std::variant<std::string_view, std::int64_t, double> value;
};

class Log {
 public:
  // The clock outlives it.
  Log(LogConfig config, Clock& clock);
  ~Log();

  void debug(std::string_view event, std::initializer_list<LogField> fields = {});
  void info(std::string_view event, std::initializer_list<LogField> fields = {});
  void warning(std::string_view event, std::initializer_list<LogField> fields = {});
  void error(std::string_view event, std::initializer_list<LogField> fields = {});

  void set(LogConfig config);

 private:
  struct State;
  void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields);

  LogConfig config_;
  Clock& clock_;
  std::unique_ptr<State> state_;
};

// One line, without its end.
std::string format_line(LogFormat format, LogLevel level, WallTime time, std::string_view event,
                        std::initializer_list<LogField> fields);

}  // namespace casim::live
