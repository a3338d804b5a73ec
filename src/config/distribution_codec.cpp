// Distributions of durations, and of CPU and memory, in the forms of src/core/distribution.h;
// besides, a bare amount is a constant. Quantiles are written back as the distribution that they
// give. The numbers of an empirical one are read with the configuration.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "src/config/csv_numbers.h"
#include "src/config/distribution_forms.h"
#include "src/config/leaf_schema.h"

namespace casim::config {
namespace {

// Reads one form and makes the distribution from it, if all of it is right.
template <class Form, class Make>
void read_form(const Cursor& from, Distribution& out, Make make) {
  const std::size_t before = from.problems().error_count();
  Form form;
  Codec<Form>::read(from, form, {});
  if (from.problems().error_count() == before) out = make(form);
}

// "p99.9" is 99.9 %.
std::optional<double> percentage_of(std::string_view key) {
  double value = 0;
  if (!key.starts_with('p')) return std::nullopt;
  const auto [end, error] = std::from_chars(key.data() + 1, key.data() + key.size(), value);
  if (error != std::errc{} || end != key.data() + key.size()) return std::nullopt;
  if (!(value >= 0 && value <= 100)) return std::nullopt;
  return value;
}

template <class T>
void read_table(const Cursor& from, Distribution& out) {
  const std::size_t before = from.problems().error_count();
  std::map<std::string, T> entries;
  Codec<std::map<std::string, T>>::read(from, entries, {});
  QuantileTable table;
  for (const auto& [key, value] : entries) {
    const auto percentage = percentage_of(key);
    if (!percentage) return from.error("the key \"" + key + "\" is not of the form p99.9");
    table.points.emplace_back(*percentage, value.value);
  }
  if (from.problems().error_count() != before) return;
  std::ranges::sort(table.points);
  if (table.points.size() < 2 || table.points.front().first != 0 ||
      table.points.back().first != 100) {
    return from.error("needs p0 and p100, the least and the greatest value");
  }
  for (std::size_t i = 1; i < table.points.size(); ++i) {
    if (table.points[i].first == table.points[i - 1].first) {
      return from.error(fmt::format("has p{} twice", table.points[i].first));
    }
    if (table.points[i].second >= table.points[i - 1].second) continue;
    return from.error(
        fmt::format("falls between p{} and p{}", table.points[i - 1].first, table.points[i].first));
  }
  out = Distribution(std::move(table));
}

template <class T>
void read_empirical(const Cursor& from, Distribution& out) {
  const std::size_t before = from.problems().error_count();
  EmpiricalForm<T> form;
  Codec<EmpiricalForm<T>>::read(from, form, {});
  if (from.problems().error_count() != before) return;
  auto numbers = read_csv_numbers(form.file, {form.column});
  if (!numbers) {
    for (const std::string& problem : numbers.error()) from.error(problem);
    return;
  }
  std::vector<double> sorted = std::move(numbers->front());
  for (double& number : sorted) number *= form.unit.value;
  std::ranges::sort(sorted);
  out = Distribution(Empirical{form.file.string(), form.column, form.unit.value,
                               std::make_shared<const std::vector<double>>(std::move(sorted))});
}

template <class T>
void read_mixture(const Cursor& from, Distribution& out) {
  const std::size_t before = from.problems().error_count();
  std::vector<PartForm<T>> forms;
  Codec<std::vector<PartForm<T>>>::read(from, forms, at_least_one());
  if (from.problems().error_count() != before) return;
  std::vector<WeightedDistribution> parts;
  for (PartForm<T>& form : forms) parts.push_back({form.weight, std::move(form.of.distribution)});
  out = Distribution(
      Mixture{std::make_shared<const std::vector<WeightedDistribution>>(std::move(parts))});
}

constexpr std::string_view kMembers[] = {"p50",         "p99",       "constant", "uniform",
                                         "exponential", "lognormal", "pareto",   "weibull",
                                         "quantiles",   "empirical", "mixture"};
constexpr std::span<const std::string_view> kFamilies = std::span(kMembers).subspan(2);

template <class T>
void read_shape_family(const Cursor& from, std::string_view family, Distribution& out) {
  if (family == "pareto") {
    return read_form<ParetoForm<T>>(from, out, [](const ParetoForm<T>& f) {
      return f.p50 ? Distribution::pareto_from_quantiles(f.p50->value, f.p99->value)
                   : Distribution(Pareto{f.least->value, *f.shape});
    });
  }
  return read_form<WeibullForm<T>>(from, out, [](const WeibullForm<T>& f) {
    return f.p50 ? Distribution::weibull_from_quantiles(f.p50->value, f.p99->value)
                 : Distribution(Weibull{f.scale->value, *f.shape});
  });
}

template <class T>
void read_family(const Cursor& from, std::string_view family, Distribution& out) {
  if (family == "constant") {
    return read_form<T>(from, out, [](const T& f) { return Distribution(Constant{f.value}); });
  }
  if (family == "uniform") {
    return read_form<UniformForm<T>>(from, out, [](const UniformForm<T>& f) {
      return Distribution(Uniform{f.min.value, f.max.value});
    });
  }
  if (family == "exponential") {
    return read_form<ExponentialForm<T>>(from, out, [](const ExponentialForm<T>& f) {
      return f.p50 ? Distribution::exponential_from_median(f.p50->value)
                   : Distribution(Exponential{f.mean->value});
    });
  }
  if (family == "lognormal") {
    return read_form<LogNormalForm<T>>(from, out, [](const LogNormalForm<T>& f) {
      return Distribution(LogNormal{f.median.value, f.sigma, f.shift.value});
    });
  }
  if (family == "quantiles") return read_table<T>(from, out);
  if (family == "empirical") return read_empirical<T>(from, out);
  if (family == "mixture") return read_mixture<T>(from, out);
  return read_shape_family<T>(from, family, out);
}

bool has_quantiles(const Value& value) {
  return value.find("p50") != nullptr || value.find("p99") != nullptr;
}

template <class T>
void read_distribution(const Cursor& from, Distribution& out) {
  if (from.value().as_object() == nullptr) {
    const auto kind = from.value().kind();
    const bool is_amount = kind == Value::Kind::kString || kind == Value::Kind::kInteger ||
                           kind == Value::Kind::kNumber;
    if (is_amount) return read_family<T>(from, "constant", out);
    return from.mismatch("a distribution such as {\"p50\": ..., \"p99\": ...}");
  }
  if (has_quantiles(from.value())) {
    return read_form<QuantileForm<T>>(from, out, [](const QuantileForm<T>& f) {
      return Distribution::from_quantiles(f.p50.value, f.p99.value);
    });
  }
  const auto name = read_only_key(from, kMembers);
  if (!name) return;
  const std::string_view key = kMembers[*name];
  read_family<T>(from.at(*from.value().find(key), key), key, out);
}

// {"constant": "2s"} and the other families.
template <class T>
struct FamilyWriter {
  const WriteContext& context;

  template <class Form>
  Value wrap(std::string_view name, const Form& form) const {
    return make_object({{name, Codec<Form>::write(form, {}, context)}});
  }

  Value amount(double value) const { return Codec<T>::write(T{value}, {}, context); }

  Value operator()(const Constant& c) const { return wrap("constant", T{c.value}); }

  Value operator()(const Uniform& u) const {
    return wrap("uniform", UniformForm<T>{{u.min}, {u.max}});
  }

  Value operator()(const Exponential& e) const {
    return make_object({{"exponential", make_object({{"mean", amount(e.mean)}})}});
  }

  Value operator()(const LogNormal& l) const {
    return wrap("lognormal", LogNormalForm<T>{{l.median}, l.sigma, {l.shift}});
  }

  Value operator()(const Pareto& p) const {
    return make_object({{"pareto", make_object({{"min", amount(p.min)}, {"shape", p.shape}})}});
  }

  Value operator()(const Weibull& w) const {
    return make_object(
        {{"weibull", make_object({{"scale", amount(w.scale)}, {"shape", w.shape}})}});
  }

  Value operator()(const QuantileTable& t) const {
    Value::Object entries;
    for (const auto& [percentage, value] : t.points) {
      entries.push_back({fmt::format("p{}", percentage), amount(value)});
    }
    return make_object({{"quantiles", Value(std::move(entries))}});
  }

  Value operator()(const Empirical& e) const {
    return wrap("empirical", EmpiricalForm<T>{e.file, e.column, {e.unit}});
  }

  Value operator()(const Mixture& m) const {
    std::vector<PartForm<T>> parts;
    for (const WeightedDistribution& part : *m.parts) parts.push_back({part.weight, {part.of}});
    return wrap("mixture", parts);
  }
};

template <class T>
Value distribution_schema(SchemaBuilder& builder) {
  const Value bare = Codec<T>::schema({}, {}, builder);
  Value families = one_key_schema(
      kFamilies, {bare, Codec<UniformForm<T>>::schema({}, {}, builder),
                  Codec<ExponentialForm<T>>::schema({}, {}, builder),
                  Codec<LogNormalForm<T>>::schema({}, {}, builder),
                  Codec<ParetoForm<T>>::schema({}, {}, builder),
                  Codec<WeibullForm<T>>::schema({}, {}, builder), map_schema(bare, {}),
                  Codec<EmpiricalForm<T>>::schema({}, {}, builder),
                  list_schema(Codec<PartForm<T>>::schema({}, {}, builder), at_least_one())});
  Value quantiles = Codec<QuantileForm<T>>::schema({}, {}, builder);
  const Value definition =
      make_object({{"anyOf", Value::List{bare, std::move(quantiles), std::move(families)}}});
  return builder.reference(T::kName, definition);
}

}  // namespace

// As a part of a mixture.
template <class T>
struct Codec<Of<T>> {
  static void read(const Cursor& from, Of<T>& out, const Rules&) {
    read_distribution<T>(from, out.distribution);
  }

  static Value write(const Of<T>& in, const Rules&, const WriteContext& context) {
    return std::visit(FamilyWriter<T>{context}, in.distribution.family());
  }

  // Refers to what is being defined.
  static Value schema(const Of<T>&, const Rules&, SchemaBuilder&) {
    return make_object({{"$ref", fmt::format("#/$defs/{}", T::kName)}});
  }
};

void read_leaf(const Cursor& from, Distribution& out, const Rules&) {
  read_distribution<Seconds>(from, out);
}

void read_leaf(const Cursor& from, CpuDistribution& out, const Rules&) {
  read_distribution<Cpu>(from, out.values);
}

void read_leaf(const Cursor& from, MemoryDistribution& out, const Rules&) {
  read_distribution<Memory>(from, out.values);
}

Value write_leaf(const Distribution& in, const Rules&, const WriteContext& context) {
  return std::visit(FamilyWriter<Seconds>{context}, in.family());
}

Value write_leaf(const CpuDistribution& in, const Rules&, const WriteContext& context) {
  return std::visit(FamilyWriter<Cpu>{context}, in.values.family());
}

Value write_leaf(const MemoryDistribution& in, const Rules&, const WriteContext& context) {
  return std::visit(FamilyWriter<Memory>{context}, in.values.family());
}

Value leaf_schema(std::type_identity<Distribution>, const Rules&, SchemaBuilder& builder) {
  return distribution_schema<Seconds>(builder);
}

Value leaf_schema(std::type_identity<CpuDistribution>, const Rules&, SchemaBuilder& builder) {
  return distribution_schema<Cpu>(builder);
}

Value leaf_schema(std::type_identity<MemoryDistribution>, const Rules&, SchemaBuilder& builder) {
  return distribution_schema<Memory>(builder);
}

}  // namespace casim::config
