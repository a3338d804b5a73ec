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

// "usage: casim run SCENARIO [options]"; the example begins with the command's name.
std::string usage_text(const CommandUsage& usage) {
  const std::size_t begin = usage.example.find("casim ") + 6;
  const std::size_t end = usage.example.find(' ', begin);
  return fmt::format("usage: casim {} {}\n", usage.example.substr(begin, end - begin),
                     usage.synopsis);
}

CommandLine mistake(const std::string& message, const CommandUsage& usage) {
  fmt::print(stderr, "casim: {}\n{}", message, usage_text(usage));
  CommandLine out;
  out.exit_code = kBadInput;
  return out;
}

// Without the one that stands for the positional argument.
po::options_description shown_options(const po::options_description& options,
                                      const char* positional) {
  po::options_description out("options");
  for (const auto& option : options.options()) {
    if (positional == nullptr || option->long_name() != positional) out.add(option);
  }
  return out;
}

CommandOption described(const po::option_description& option) {
  CommandOption out;
  out.name = option.long_name();
  const std::string both = option.format_name();  // "-h [ --help ]"
  if (both.size() > 1 && both[0] == '-' && both[1] != '-') out.letter = both[1];
  out.takes_value = option.semantic()->max_tokens() > 0;
  out.help = option.description();
  return out;
}

void print_help(const po::options_description& options, const CommandUsage& usage,
                const char* positional) {
  std::ostringstream text;
  text << shown_options(options, positional);
  fmt::print("{}{}\n\n{}\nExample:\n  {}\n", usage_text(usage), usage.text, text.str(),
             usage.example);
}

}  // namespace

CommandLine parse_command_line(const Arguments& arguments, const po::options_description& options,
                               const CommandUsage& usage, const char* positional, int most) {
  CommandLine out;
  if (arguments.syntax != nullptr) {
    arguments.syntax->usage = usage;
    const po::options_description shown = shown_options(options, positional);
    for (const auto& option : shown.options()) {
      arguments.syntax->options.push_back(described(*option));
    }
    return out;
  }
  try {
    po::command_line_parser parser(arguments.words);
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
    print_help(options, usage, positional);
    return out;
  }
  out.goes_on = true;
  return out;
}

}  // namespace casim::sim
