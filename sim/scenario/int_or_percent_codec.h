// A count or a share of a total, as Kubernetes writes it: 3 or "25%".
#pragma once

#include <charconv>
#include <string>

#include "sim/cluster/int_or_percent.h"
#include "src/config/codec.h"

namespace casim::config {

template <>
struct Codec<sim::IntOrPercent> {
  static void read(const Cursor& from, sim::IntOrPercent& out, const Rules&) {
    constexpr const char* kExpected = "a count or a percentage such as 3 or \"25%\"";
    constexpr std::int64_t kMost = 1'000'000'000;
    const std::string* text = from.value().as_string();
    std::optional<std::int64_t> number = from.value().as_int64();
    if (text != nullptr) {
      std::int64_t parsed = 0;
      const char* end = text->data() + text->size();
      const auto [rest, error] = std::from_chars(text->data(), end, parsed);
      const bool is_whole = error == std::errc() && rest + 1 == end && *rest == '%';
      number = is_whole ? std::optional(parsed) : std::nullopt;
    }
    if (!number || *number < 0 || *number > kMost) return from.mismatch(kExpected);
    out = {*number, text != nullptr};
  }

  static Value write(const sim::IntOrPercent& in, const Rules&, const WriteContext&) {
    if (!in.is_percent) return in.value;
    return std::to_string(in.value) + "%";
  }

  static Value schema(const sim::IntOrPercent&, const Rules&, SchemaBuilder& builder) {
    Value count;
    count.set("type", "integer");
    count.set("minimum", 0);
    Value percent;
    percent.set("type", "string");
    percent.set("pattern", "^[0-9]+%$");
    Value either;
    either.set("oneOf", Value::List{count, percent});
    return builder.reference("int_or_percent", either);
  }
};

}  // namespace casim::config
