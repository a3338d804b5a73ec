#include "sim/report/series_csv.h"

#include <fmt/format.h>

#include "sim/report/csv_field.h"

namespace casim::sim {
namespace {

// Of means: counts to the thousandth, money to the millionth.
int digits_of(const RunSeries::Quantity& quantity) { return quantity.scale == 1 ? 3 : 6; }

}  // namespace

std::string short_number(double value, int digits) {
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

std::vector<std::string> cells_of(const RunSeries::Quantity& quantity, const StepSeries::Rows& rows,
                                  std::size_t row) {
  if (quantity.is_counter) return {std::to_string(rows.count_of(quantity.column, row))};
  const int digits = digits_of(quantity);
  const GaugeRow& of = rows.of(quantity.column, row);
  std::vector<std::string> cells;
  for (const double value : {rows.mean_of(quantity.column, row), static_cast<double>(of.least),
                             static_cast<double>(of.most)}) {
    cells.push_back(short_number(value * quantity.scale, digits));
  }
  return cells;
}

void write_series_csv(std::ostream& out, const RunSeries& series, TimePoint end) {
  const StepSeries::Rows rows(series.steps(), end);
  const std::vector<RunSeries::Quantity> quantities = series.quantities();
  out << "t_s,step_s";
  for (const RunSeries::Quantity& of : quantities) {
    out << ',' << csv_field(of.name);
    if (!of.is_counter)
      out << ',' << csv_field(of.name + "_min") << ',' << csv_field(of.name + "_max");
  }
  out << '\n';
  for (std::size_t row = 0; row < rows.size(); ++row) {
    out << short_number(to_seconds(rows.begin_of(row)), 9) << ','
        << short_number(to_seconds(rows.length_of(row)), 9);
    for (const RunSeries::Quantity& of : quantities) {
      for (const std::string& cell : cells_of(of, rows, row)) out << ',' << cell;
    }
    out << '\n';
  }
}

}  // namespace casim::sim
