// How the families of distributions stand in a configuration, for each kind of amount. Included by
// distribution_codec.cpp only.
#pragma once

#include <concepts>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "src/config/codec.h"
#include "src/core/distribution.h"
#include "src/core/round.h"

namespace casim::config {

// What values are amounts of, each with how it stands in the file.
struct Seconds {
  using Text = Duration;
  static constexpr std::string_view kName = "distribution";
  double value = 0;

  static double number(Duration d) { return to_seconds(d); }

  static Duration text(double value) { return from_seconds(value); }
};

struct Cpu {
  using Text = MilliCpu;
  static constexpr std::string_view kName = "cpu_distribution";
  double value = 0;

  static double number(MilliCpu amount) { return static_cast<double>(amount.value()); }

  static MilliCpu text(double value) { return MilliCpu(round_to<std::int64_t>(value)); }
};

struct Memory {
  using Text = Bytes;
  static constexpr std::string_view kName = "memory_distribution";
  double value = 0;

  static double number(Bytes amount) { return static_cast<double>(amount.value()); }

  static Bytes text(double value) { return Bytes(round_to<std::int64_t>(value)); }
};

template <class T>
concept Amount = requires(typename T::Text text) {
  { T::number(text) } -> std::same_as<double>;
};

template <Amount T>
struct Codec<T> {
  static void read(const Cursor& from, T& out, const Rules& rules) {
    const std::size_t before = from.problems().error_count();
    typename T::Text text{};
    Codec<typename T::Text>::read(from, text, rules);
    if (from.problems().error_count() == before) out.value = T::number(text);
  }

  static Value write(const T& in, const Rules& rules, const WriteContext& context) {
    return Codec<typename T::Text>::write(T::text(in.value), rules, context);
  }

  static Value schema(const T& in, const Rules& rules, SchemaBuilder& builder) {
    return Codec<typename T::Text>::schema(T::text(in.value), rules, builder);
  }
};

// A distribution whose values are amounts of T, read and written like Distribution.
template <class T>
struct Of {
  Distribution distribution;
};

template <class T>
struct UniformForm {
  T min, max;
};

template <class T>
struct ExponentialForm {
  std::optional<T> mean, p50;
};

template <class T>
struct LogNormalForm {
  T median;
  double sigma = 0;
  T shift;
};

// Pareto (min) and Weibull (scale).
template <class T>
struct ShapeForm {
  std::optional<T> least;
  std::optional<T> scale;
  std::optional<double> shape;
  std::optional<T> p50, p99;
};

template <class T>
struct ParetoForm : ShapeForm<T> {};

template <class T>
struct WeibullForm : ShapeForm<T> {};

template <class T>
struct QuantileForm {
  T p50, p99;
};

template <class T>
struct EmpiricalForm {
  std::filesystem::path file;
  std::string column;
  T unit;
};

template <class T>
struct PartForm {
  double weight = 1;
  Of<T> of;
};

template <class T>
Rules positive() {
  return above(typename T::Text{});
}

template <class T>
void describe(Visitor& v, UniformForm<T>& f) {
  v.required("min", f.min, "least value");
  v.required("max", f.max, "greatest value");
  v.check("max", f.min.value <= f.max.value, "is below min");
}

template <class T>
void describe(Visitor& v, ExponentialForm<T>& f) {
  v.field("mean", f.mean, "mean value", positive<T>());
  v.field("p50", f.p50, "median, instead of the mean", positive<T>());
  v.check("", f.mean.has_value() != f.p50.has_value(), "needs mean or p50, one of them");
}

template <class T>
void describe(Visitor& v, LogNormalForm<T>& f) {
  v.required("median", f.median, "median before the shift", positive<T>());
  v.required("sigma", f.sigma, "standard deviation of the logarithm", at_least(0), at_most(10));
  v.field("shift", f.shift, "added to every value");
}

template <class T>
void describe_shape(Visitor& v, ShapeForm<T>& f, std::string_view name, std::optional<T>& amount,
                    std::string_view help) {
  v.field(name, amount, help, positive<T>());
  v.field("shape", f.shape, "the smaller, the heavier the tail", at_least(0.1), at_most(100));
  v.field("p50", f.p50, "median, with p99 instead of the parameters", positive<T>());
  v.field("p99", f.p99, "99th percentile", positive<T>());
  const bool by_parameters = amount && f.shape && !f.p50 && !f.p99;
  const bool by_quantiles = !amount && !f.shape && f.p50 && f.p99;
  v.check("", by_parameters || by_quantiles,
          [&] { return fmt::format("needs {} and shape, or p50 and p99", name); });
  if (!by_quantiles) return;
  const double ratio = f.p99->value / f.p50->value;
  // So that the shape stays in its range, and what is written out is read back.
  v.check("p99", ratio >= 1.05 && ratio <= 1e8, "must be 1.05 to 1e8 times p50");
}

template <class T>
void describe(Visitor& v, ParetoForm<T>& f) {
  describe_shape(v, f, "min", f.least, "least value");
}

template <class T>
void describe(Visitor& v, WeibullForm<T>& f) {
  describe_shape(v, f, "scale", f.scale, "63 % of the values are below it");
}

template <class T>
void describe(Visitor& v, QuantileForm<T>& f) {
  v.required("p50", f.p50, "median", positive<T>());
  v.required("p99", f.p99, "99th percentile", positive<T>());
  v.check("p99", f.p50.value <= f.p99.value, "is below p50");
  // So that sigma stays within its range, and what is written out is read back.
  v.check("p99", f.p99.value <= 1e10 * f.p50.value, "is more than 1e10 times p50");
}

template <class T>
void describe(Visitor& v, EmpiricalForm<T>& f) {
  v.required("file", f.file, "CSV file; relative to the scenario's own folder", not_blank());
  v.required("column", f.column, "column whose numbers are drawn, each as likely", not_blank());
  v.required("unit", f.unit, "what 1 in the file means", positive<T>());
}

template <class T>
void describe(Visitor& v, PartForm<T>& f) {
  v.field("weight", f.weight, "its share, beside those of the other parts", above(0.0));
  v.required("of", f.of, "distribution of this part");
}

}  // namespace casim::config
