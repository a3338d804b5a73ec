// Distributions of durations in the forms of src/core/distribution.h; besides, a bare duration is a
// constant. Quantiles are written back as the log-normal that they give.
#include "src/config/codec.h"
#include "src/config/leaf_schema.h"

namespace casim::config {
namespace {

// Seconds that stand in the file as a duration.
struct Seconds {
  double value = 0;
};

}  // namespace

template <>
struct Codec<Seconds> {
  static void read(const Cursor& from, Seconds& out, const Rules& rules) {
    const std::size_t before = from.problems().error_count();
    Duration duration{};
    Codec<Duration>::read(from, duration, rules);
    if (from.problems().error_count() == before) out.value = to_seconds(duration);
  }

  static Value write(const Seconds& in, const Rules&, const WriteContext&) {
    return write_duration(from_seconds(in.value));
  }

  static Value schema(const Seconds&, const Rules&, SchemaBuilder& builder) {
    return duration_schema(builder);
  }
};

namespace {

struct UniformForm {
  Seconds min, max;
};

struct ExponentialForm {
  Seconds mean;
};

struct LogNormalForm {
  Seconds median;
  double sigma = 0;
  Seconds shift;
};

struct QuantileForm {
  Seconds p50, p99;
};

Rules positive() { return above(Duration(0)); }

void describe(Visitor& v, UniformForm& f) {
  v.required("min", f.min, "least value");
  v.required("max", f.max, "greatest value");
  v.check("max", f.min.value <= f.max.value, "is below min");
}

void describe(Visitor& v, ExponentialForm& f) {
  v.required("mean", f.mean, "mean value", positive());
}

void describe(Visitor& v, LogNormalForm& f) {
  v.required("median", f.median, "median before the shift", positive());
  v.required("sigma", f.sigma, "standard deviation of the logarithm", at_least(0), at_most(10));
  v.field("shift", f.shift, "added to every value");
}

void describe(Visitor& v, QuantileForm& f) {
  v.required("p50", f.p50, "median", positive());
  v.required("p99", f.p99, "99th percentile", positive());
  v.check("p99", f.p50.value <= f.p99.value, "is below p50");
  // So that sigma stays within its range, and what is written out is read back.
  v.check("p99", f.p99.value <= 1e10 * f.p50.value, "is more than 1e10 times p50");
}

constexpr std::string_view kFamilies[] = {"constant", "uniform", "exponential", "lognormal"};
constexpr std::string_view kNames[] = {"p50",     "p99",         "constant",
                                       "uniform", "exponential", "lognormal"};

// Reads one form and makes the distribution from it, if all of it is right.
template <class Form, class Make>
void read_form(const Cursor& from, Distribution& out, Make make) {
  const std::size_t before = from.problems().error_count();
  Form form;
  Codec<Form>::read(from, form, {});
  if (from.problems().error_count() == before) out = make(form);
}

void read_family(const Cursor& from, std::size_t family, Distribution& out) {
  switch (family) {
    case 0:
      return read_form<Seconds>(from, out,
                                [](const Seconds& f) { return Distribution(Constant{f.value}); });
    case 1:
      return read_form<UniformForm>(from, out, [](const UniformForm& f) {
        return Distribution(Uniform{f.min.value, f.max.value});
      });
    case 2:
      return read_form<ExponentialForm>(from, out, [](const ExponentialForm& f) {
        return Distribution(Exponential{f.mean.value});
      });
    default:
      return read_form<LogNormalForm>(from, out, [](const LogNormalForm& f) {
        return Distribution(LogNormal{f.median.value, f.sigma, f.shift.value});
      });
  }
}

bool has_quantiles(const Value& value) {
  return value.find("p50") != nullptr || value.find("p99") != nullptr;
}

// {"constant": "2s"} and the other families.
struct FamilyWriter {
  const WriteContext& context;

  template <class Form>
  Value wrap(std::string_view name, const Form& form) const {
    return make_object({{name, Codec<Form>::write(form, {}, context)}});
  }

  Value operator()(const Constant& c) const { return wrap("constant", Seconds{c.value}); }

  Value operator()(const Uniform& u) const {
    return wrap("uniform", UniformForm{{u.min}, {u.max}});
  }

  Value operator()(const Exponential& e) const {
    return wrap("exponential", ExponentialForm{{e.mean}});
  }

  Value operator()(const LogNormal& l) const {
    return wrap("lognormal", LogNormalForm{{l.median}, l.sigma, {l.shift}});
  }
};

}  // namespace

void read_leaf(const Cursor& from, Distribution& out, const Rules&) {
  if (from.value().as_object() == nullptr) {
    const auto kind = from.value().kind();
    const bool is_amount = kind == Value::Kind::kString || kind == Value::Kind::kInteger ||
                           kind == Value::Kind::kNumber;
    if (is_amount) return read_family(from, 0, out);
    return from.mismatch("a distribution such as {\"p50\": ..., \"p99\": ...}");
  }
  if (has_quantiles(from.value())) {
    return read_form<QuantileForm>(from, out, [](const QuantileForm& f) {
      return Distribution::from_quantiles(f.p50.value, f.p99.value);
    });
  }
  const auto name = read_only_key(from, kNames);
  if (!name) return;
  const std::string_view key = kNames[*name];
  // p50 and p99 are the first two names, and are not here.
  read_family(from.at(*from.value().find(key), key), *name - 2, out);
}

Value write_leaf(const Distribution& in, const Rules&, const WriteContext& context) {
  return std::visit(FamilyWriter{context}, in.family());
}

Value leaf_schema(std::type_identity<Distribution>, const Rules&, SchemaBuilder& builder) {
  const Value bare = duration_schema(builder);
  Value families = one_key_schema(kFamilies, {bare, Codec<UniformForm>::schema({}, {}, builder),
                                              Codec<ExponentialForm>::schema({}, {}, builder),
                                              Codec<LogNormalForm>::schema({}, {}, builder)});
  Value quantiles = Codec<QuantileForm>::schema({}, {}, builder);
  const Value definition =
      make_object({{"anyOf", Value::List{bare, std::move(quantiles), std::move(families)}}});
  return builder.reference("distribution", definition);
}

}  // namespace casim::config
