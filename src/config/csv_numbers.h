// Numbers of a CSV file by the names of their columns: one header line, commas, no quoting. A
// number is one or more digits with at most one point, and is not negative.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

namespace casim::config {

// By column, as many as were asked for; all of one length.
using CsvNumbers = std::vector<std::vector<double>>;

// Else all that is wrong, each with file and line ("jobs.csv:12: duration: ..."), the first few of
// many. A file without rows is wrong.
std::expected<CsvNumbers, std::vector<std::string>> read_csv_numbers(
    const std::filesystem::path& file, const std::vector<std::string>& columns);

}  // namespace casim::config
