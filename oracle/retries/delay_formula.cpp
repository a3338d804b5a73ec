#include "oracle/retries/delay_formula.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

namespace casim::oracle {
namespace {

class Formula {
 public:
  Formula(std::string_view text, double u) : text_(text), u_(u) {}

  double evaluate() {
    const double value = sum();
    if (at_ != text_.size()) fail();
    return value;
  }

 private:
  [[noreturn]] void fail() const {
    throw std::runtime_error("no formula: \"" + std::string(text_) + "\", at character " +
                             std::to_string(at_ + 1));
  }

  bool skip(std::string_view token) {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  double sum() {
    double value = product();
    while (skip("+")) value += product();
    return value;
  }

  double product() {
    double value = power();
    while (skip("*")) value *= power();
    return value;
  }

  double power() {
    const double base = operand();
    return skip("^") ? std::pow(base, operand()) : base;
  }

  double operand() {
    if (skip("min(")) {
      const std::vector<double> of = arguments(2);
      return std::min(of[0], of[1]);
    }
    if (skip("clamp(")) {
      const std::vector<double> of = arguments(3);
      return std::max(of[1], std::min(of[0], of[2]));
    }
    if (skip("u")) return u_;
    double value = 0;
    const char* from = text_.data() + at_;
    const auto read = std::from_chars(from, text_.data() + text_.size(), value);
    if (read.ec != std::errc()) fail();
    at_ += static_cast<std::size_t>(read.ptr - from);
    return value;
  }

  std::vector<double> arguments(std::size_t count) {
    std::vector<double> values{sum()};
    while (skip(",")) values.push_back(sum());
    if (values.size() != count || !skip(")")) fail();
    return values;
  }

  std::string_view text_;
  double u_;
  std::size_t at_ = 0;
};

}  // namespace

double evaluate_delay(std::string_view formula, double u) { return Formula(formula, u).evaluate(); }

}  // namespace casim::oracle
