// Distributions in the forms of src/core/distribution.h, of durations or of amounts; besides, a
// bare amount is a constant. Quantiles are written back as the log-normal that they give.
#include <cmath>

#include <fmt/format.h>

#include "src/config/codec.h"
#include "src/config/leaf_schema.h"

namespace casim::config {
namespace {

// A double that stands in the file as a duration, a number or a quantity, by Rules::amount.
struct AmountValue {
  double value = 0;
};

}  // namespace

template <>
struct Codec<AmountValue> {
  static void read(const Cursor& from, AmountValue& out, const Rules& rules) {
    switch (rules.amount.value_or(Amount::kDuration)) {
      case Amount::kDuration:
        return read_as<Duration>(from, out, rules, [](Duration d) { return to_seconds(d); });
      case Amount::kNumber:
        return read_as<double>(from, out, merge({at_least(0), rules}), [](double d) { return d; });
      case Amount::kCpu:
        return read_as<MilliCpu>(from, out, rules,
                                 [](MilliCpu c) { return static_cast<double>(c.value()); });
      case Amount::kBytes:
        return read_as<Bytes>(from, out, rules,
                              [](Bytes b) { return static_cast<double>(b.value()); });
    }
  }

  static Value write(const AmountValue& in, const Rules& rules, const WriteContext&) {
    switch (rules.amount.value_or(Amount::kDuration)) {
      case Amount::kDuration:
        return write_duration(from_seconds(in.value));
      case Amount::kNumber:
        return in.value;
      case Amount::kCpu:
        return to_string(MilliCpu(std::llround(in.value)));
      case Amount::kBytes:
        return to_string(Bytes(std::llround(in.value)));
    }
    return {};
  }

  static Value schema(const AmountValue&, const Rules& rules, SchemaBuilder& builder) {
    switch (rules.amount.value_or(Amount::kDuration)) {
      case Amount::kDuration:
        return duration_schema(builder);
      case Amount::kNumber:
        return make_object({{"type", "number"}, {"minimum", 0}});
      case Amount::kCpu:
      case Amount::kBytes:
        return quantity_schema(builder);
    }
    return {};
  }

 private:
  template <class T, class F>
  static void read_as(const Cursor& from, AmountValue& out, const Rules& rules, F to_double) {
    const std::size_t before = from.problems().error_count();
    T value{};
    Codec<T>::read(from, value, rules);
    if (from.problems().error_count() == before) out.value = to_double(value);
  }
};

namespace {

struct UniformForm {
  Amount amount;
  AmountValue min, max;
};

struct ExponentialForm {
  Amount amount;
  AmountValue mean;
};

struct LogNormalForm {
  Amount amount;
  AmountValue median;
  double sigma = 0;
  AmountValue shift;
};

struct QuantileForm {
  Amount amount;
  AmountValue p50, p99;
};

// Above zero, in whatever unit the amount is.
Rules positive() {
  Rules rules{.min = Bound{0, "0", false}};
  return rules;
}

void describe(Visitor& v, UniformForm& f) {
  v.required("min", f.min, "least value", amounts(f.amount));
  v.required("max", f.max, "greatest value", amounts(f.amount));
  v.check("max", f.min.value <= f.max.value, "is below min");
}

void describe(Visitor& v, ExponentialForm& f) {
  v.required("mean", f.mean, "mean value", amounts(f.amount), positive());
}

void describe(Visitor& v, LogNormalForm& f) {
  v.required("median", f.median, "median before the shift", amounts(f.amount), positive());
  v.required("sigma", f.sigma, "standard deviation of the logarithm", at_least(0), at_most(10));
  v.field("shift", f.shift, "added to every value", amounts(f.amount));
}

void describe(Visitor& v, QuantileForm& f) {
  v.required("p50", f.p50, "median", amounts(f.amount), positive());
  v.required("p99", f.p99, "99th percentile", amounts(f.amount), positive());
  v.check("p99", f.p50.value <= f.p99.value, "is below p50");
}

constexpr std::string_view kFamilies[] = {"constant", "uniform", "exponential", "lognormal"};
constexpr std::string_view kNames[] = {"p50",     "p99",         "constant",
                                       "uniform", "exponential", "lognormal"};

// Reads one form and makes the distribution from it, if all of it is right.
template <class Form, class Make>
void read_form(const Cursor& from, Form form, const Rules& rules, Distribution& out, Make make) {
  const std::size_t before = from.problems().error_count();
  Codec<Form>::read(from, form, rules);
  if (from.problems().error_count() == before) out = make(form);
}

void read_family(const Cursor& from, std::size_t family, Amount amount, Distribution& out) {
  const Rules rules = amounts(amount);
  switch (family) {
    case 0:
      return read_form(from, AmountValue{}, rules, out,
                       [](const AmountValue& f) { return Distribution(Constant{f.value}); });
    case 1:
      return read_form(from, UniformForm{amount, {}, {}}, rules, out, [](const UniformForm& f) {
        return Distribution(Uniform{f.min.value, f.max.value});
      });
    case 2:
      return read_form(from, ExponentialForm{amount, {}}, rules, out, [](const ExponentialForm& f) {
        return Distribution(Exponential{f.mean.value});
      });
    default:
      return read_form(from, LogNormalForm{amount, {}, 0, {}}, rules, out,
                       [](const LogNormalForm& f) {
                         return Distribution(LogNormal{f.median.value, f.sigma, f.shift.value});
                       });
  }
}

bool has_quantiles(const Value& value) {
  return value.find("p50") != nullptr || value.find("p99") != nullptr;
}

// {"constant": "2s"} and the other families.
struct FamilyWriter {
  Amount amount;
  const WriteContext& context;

  static Value wrap(std::string_view name, Value body) {
    return make_object({{name, std::move(body)}});
  }

  Value operator()(const Constant& c) const {
    return wrap("constant", Codec<AmountValue>::write({c.value}, amounts(amount), context));
  }

  Value operator()(const Uniform& u) const {
    const UniformForm form{amount, {u.min}, {u.max}};
    return wrap("uniform", Codec<UniformForm>::write(form, {}, context));
  }

  Value operator()(const Exponential& e) const {
    const ExponentialForm form{amount, {e.mean}};
    return wrap("exponential", Codec<ExponentialForm>::write(form, {}, context));
  }

  Value operator()(const LogNormal& l) const {
    const LogNormalForm form{amount, {l.median}, l.sigma, {l.shift}};
    return wrap("lognormal", Codec<LogNormalForm>::write(form, {}, context));
  }
};

std::string_view definition_name(Amount amount) {
  switch (amount) {
    case Amount::kDuration:
      return "duration_distribution";
    case Amount::kNumber:
      return "number_distribution";
    case Amount::kCpu:
      return "cpu_distribution";
    case Amount::kBytes:
      return "bytes_distribution";
  }
  return {};
}

}  // namespace

void read_leaf(const Cursor& from, Distribution& out, const Rules& rules) {
  const Amount amount = rules.amount.value_or(Amount::kDuration);
  if (from.value().as_object() == nullptr) {
    const auto kind = from.value().kind();
    const bool is_amount = kind == Value::Kind::kString || kind == Value::Kind::kInteger ||
                           kind == Value::Kind::kNumber;
    if (is_amount) return read_family(from, 0, amount, out);
    return from.mismatch("a distribution such as {\"p50\": ..., \"p99\": ...}");
  }
  if (has_quantiles(from.value())) {
    return read_form(from, QuantileForm{amount, {}, {}}, {}, out, [](const QuantileForm& f) {
      return Distribution::from_quantiles(f.p50.value, f.p99.value);
    });
  }
  const auto name = read_only_key(from, kNames);
  if (!name) return;
  const std::string_view key = kNames[*name];
  // p50 and p99 are the first two names, and are not here.
  read_family(from.at(*from.value().find(key), key), *name - 2, amount, out);
}

Value write_leaf(const Distribution& in, const Rules& rules, const WriteContext& context) {
  const Amount amount = rules.amount.value_or(Amount::kDuration);
  return std::visit(FamilyWriter{amount, context}, in.family());
}

Value leaf_schema(std::type_identity<Distribution>, const Rules& rules, SchemaBuilder& builder) {
  const Amount amount = rules.amount.value_or(Amount::kDuration);
  const Value bare = Codec<AmountValue>::schema({}, amounts(amount), builder);
  Value families =
      one_key_schema(kFamilies, {bare, Codec<UniformForm>::schema({amount, {}, {}}, {}, builder),
                                 Codec<ExponentialForm>::schema({amount, {}}, {}, builder),
                                 Codec<LogNormalForm>::schema({amount, {}, 0, {}}, {}, builder)});
  Value quantiles = Codec<QuantileForm>::schema({amount, {}, {}}, {}, builder);
  const Value definition =
      make_object({{"anyOf", Value::List{bare, std::move(quantiles), std::move(families)}}});
  return builder.reference(definition_name(amount), definition);
}

}  // namespace casim::config
