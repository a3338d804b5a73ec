#include "sim/cli/replay.h"

#include <algorithm>

#include <fmt/format.h>

namespace casim::sim {
namespace {

bool is_plain(char c) {
  const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return is_letter || (c >= '0' && c <= '9') ||
         std::string_view("_-+=.,:/@%").find(c) != std::string_view::npos;
}

}  // namespace

std::string shell_word(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    if (c == '\'') {
      word += "'\\''";  // ends the quotes, one escaped quote, begins them again
    } else {
      word += c;
    }
  }
  return word + "'";
}

std::string command_of(const Replay& replay) {
  std::string command = "casim run " + shell_word(replay.scenario);
  for (const std::string& assignment : replay.overrides) {
    command += " --set " + shell_word(assignment);
  }
  command += fmt::format(" --seed {}", replay.seed);
  for (const std::string& option : replay.options) command += " " + option;
  return command;
}

}  // namespace casim::sim
