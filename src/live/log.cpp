#include "src/live/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <nlohmann/json.hpp>

#include "src/config/units.h"

namespace casim::live {
namespace {

std::string_view text_of(LogLevel level) {
  for (const auto& [known, text] : enum_names(LogLevel{})) {
    if (known == level) return text;
  }
  return "";
}

// Quoted where a reader could not tell its end.
std::string quoted(std::string_view text) {
  if (!text.empty() && text.find_first_of(" \"=\n\t") == std::string_view::npos) {
    return std::string(text);
  }
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

std::string format_line(LogFormat format, LogLevel level, WallTime time, std::string_view event,
                        std::initializer_list<LogField> fields) {
  const std::string stamp =
      config::write_wall_time(std::chrono::floor<std::chrono::milliseconds>(time));
  if (format == LogFormat::kJson) {
    nlohmann::ordered_json line = {{"time", stamp}, {"level", text_of(level)}, {"event", event}};
    for (const LogField& field : fields) {
      std::visit([&](const auto& value) { line[std::string(field.key)] = value; }, field.value);
    }
    return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  std::string line = fmt::format("{} {:7} {}", stamp, text_of(level), event);
  for (const LogField& field : fields) {
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      line += fmt::format(" {}={}", field.key, quoted(*text));
    } else if (const auto* whole = std::get_if<std::int64_t>(&field.value)) {
      line += fmt::format(" {}={}", field.key, *whole);
    } else {
      line += fmt::format(" {}={}", field.key, std::get<double>(field.value));
    }
  }
  return line;
}

struct Log::State {
  spdlog::logger logger{"casim", std::make_shared<spdlog::sinks::stderr_sink_mt>()};
};

Log::Log(LogConfig config, Clock& clock)
    : config_(config), clock_(clock), state_(std::make_unique<State>()) {
  state_->logger.set_pattern("%v");
  state_->logger.flush_on(spdlog::level::trace);
}

Log::~Log() = default;

void Log::set(LogConfig config) { config_ = config; }

void Log::debug(std::string_view event, std::initializer_list<LogField> fields) {
  write(LogLevel::kDebug, event, fields);
}

void Log::info(std::string_view event, std::initializer_list<LogField> fields) {
  write(LogLevel::kInfo, event, fields);
}

void Log::warning(std::string_view event, std::initializer_list<LogField> fields) {
  write(LogLevel::kWarning, event, fields);
}

void Log::error(std::string_view event, std::initializer_list<LogField> fields) {
  write(LogLevel::kError, event, fields);
}

void Log::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < config_.level) return;
  state_->logger.info("{}", format_line(config_.format, level, clock_.wall_now(), event, fields));
}

}  // namespace casim::live
