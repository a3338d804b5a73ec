#include "sim/cli/options.h"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "src/config/names.h"

namespace casim::sim {
namespace {

std::string nearest_option(const std::string& given, const po::options_description& options) {
  std::vector<std::string> names;
  for (const auto& option : options.options()) names.push_back(option->long_name());
  const auto nearest = config::nearest_name(given, std::span<const std::string>(names));
  return nearest ? fmt::format("; did you mean --{}?", *nearest) : "";
}

CommandLine mistake(const std::string& message, const std::string& usage) {
  fmt::print(stderr, "casim: {}\n{}\n", message, usage);
  CommandLine out;
  out.exit_code = kBadInput;
  return out;
}

}  // namespace

CommandLine parse_command_line(const Arguments& arguments, const po::options_description& options,
                               const std::string& usage, const char* positional, int most) {
  CommandLine out;
  try {
    po::command_line_parser parser(arguments);
    po::positional_options_description positions;
    if (positional != nullptr) positions.add(positional, most);
    const int style =
        po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(parser.options(options).positional(positions).style(style).run(), out.values);
    po::notify(out.values);
  } catch (const po::unknown_option& e) {
    const std::string shown = e.get_option_name();
    const std::string name = shown.substr(std::min(shown.find_first_not_of('-'), shown.size()));
    return mistake("unknown option " + shown + nearest_option(name, options), usage);
  } catch (const po::error& e) {
    return mistake(e.what(), usage);
  }
  if (out.values.count("help") > 0) {
    std::ostringstream text;
    text << options;
    fmt::print("{}\n\n{}", usage, text.str());
    return out;
  }
  out.goes_on = true;
  return out;
}

}  // namespace casim::sim
