#include "sim/events/fact_log.h"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

namespace casim::sim {

namespace {

void put_time(std::string& line, Duration span) {
  const auto ns = span.count();
  char text[40];
  const int size =
      std::snprintf(text, sizeof text, "%s%lld.%09lld", ns < 0 ? "-" : "",
                    static_cast<long long>(ns < 0 ? -(ns / 1'000'000'000) : ns / 1'000'000'000),
                    static_cast<long long>(ns < 0 ? -(ns % 1'000'000'000) : ns % 1'000'000'000));
  line.append(text, static_cast<std::size_t>(size));
}

void write(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (code < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", code);
      line += escape;
    } else {
      line += c;
    }
  }
  line += '"';
}

void write(std::string& line, const std::string& text) { write(line, std::string_view(text)); }

void write(std::string& line, Duration span) { put_time(line, span); }

void write(std::string& line, bool value) { line += value ? "true" : "false"; }

template <class Tag, class Rep>
void write(std::string& line, Id<Tag, Rep> id) {
  line += id.is_valid() ? std::to_string(id.value()) : "null";
}

template <class T>
  requires((std::is_integral_v<T> && !std::is_same_v<T, bool>) || std::is_enum_v<T>)
void write(std::string& line, T value) {
  if constexpr (std::is_enum_v<T>) {
    line += std::to_string(static_cast<long long>(value));
  } else {
    line += std::to_string(value);
  }
}

template <class T>
void write(std::string& line, const std::vector<T>& list) {
  line += '[';
  for (const T& item : list) {
    if (line.back() != '[') line += ',';
    write(line, item);
  }
  line += ']';
}

// Takes the first name off "pod, node".
std::string_view next_name(std::string_view& names) {
  const std::size_t end = std::min(names.find(','), names.size());
  const std::string_view name = names.substr(0, end);
  names.remove_prefix(std::min(end + 2, names.size()));
  return name;
}

}  // namespace

std::string to_json_line(TimePoint at, const Fact& fact) {
  std::string line = "{\"t\":";
  put_time(line, at.time_since_epoch());
  std::visit(
      [&](const auto& one) {
        line += ",\"fact\":";
        write(line, std::string_view(one.kName));
        std::string_view names = one.kFields;
        const auto put_field = [&](const auto& field) {
          line += ',';
          write(line, next_name(names));
          line += ':';
          write(line, field);
        };
        std::apply([&](const auto&... field) { (put_field(field), ...); }, one.fields());
      },
      fact);
  line += '}';
  return line;
}

}  // namespace casim::sim
