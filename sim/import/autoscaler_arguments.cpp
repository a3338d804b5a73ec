#include "sim/import/autoscaler_arguments.h"

#include <algorithm>
#include <charconv>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/autoscaler/options/flag_lists.h"
#include "sim/autoscaler/options/options.h"

namespace casim::sim {
namespace {

using config::Value;

constexpr int kOldestVersion = 34;

// "registry.k8s.io/autoscaling/cluster-autoscaler:v1.35.2" -> 35; 0: no such tag.
int minor_of(const std::string& image) {
  const std::size_t tag = image.rfind(':');
  if (tag == std::string::npos) return 0;
  std::string_view text = std::string_view(image).substr(tag + 1);
  if (text.starts_with('v')) text.remove_prefix(1);
  if (!text.starts_with("1.")) return 0;
  text.remove_prefix(2);
  int minor = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), minor);
  return result.ec == std::errc() ? minor : 0;
}

bool is_without_effect(const std::string& flag) {
  const auto known = flags_without_effect();
  return std::ranges::find(known, flag) != known.end();
}

// The provider's own flags: this one talks to an externalgrpc provider.
bool is_of_provider(const std::string& flag) {
  return flag == "cloud-provider" || flag == "cloud-config" || flag == "node-group-auto-discovery";
}

class ArgumentReader {
 public:
  explicit ArgumentReader(const std::string& image) { read_version(image); }

  void add(const std::string& name, const std::string& value) {
    if (value.find("$(") != std::string::npos || value.find("${") != std::string::npos) {
      out_.notes.push_back(fmt::format(
          "flag --{}={} is left out: only the cluster knows the variable's value", name, value));
      return;
    }
    if (name == "nodes") return add_group(value);
    if (is_of_provider(name) || is_without_effect(name)) {
      without_effect_.push_back(name);
      return;
    }
    const Flags alone{{name, value}};
    const auto parsed = parse_flags(alone, minor_);
    if (!parsed) {
      for (const FlagProblem& problem : parsed.error()) {
        out_.notes.push_back(fmt::format("flag --{}{}{} is left out: {}", name,
                                         value.empty() ? "" : "=", value, problem.message));
      }
      return;
    }
    out_.flags.emplace_back(name, value.empty() ? Value(true) : Value(value));
  }

  AutoscalerArguments take() {
    if (!without_effect_.empty()) {
      out_.notes.push_back(
          fmt::format("flags of the autoscaler that decide nothing here, left "
                      "out: {}",
                      fmt::join(without_effect_, ", ")));
    }
    gather_repeated();
    return std::move(out_);
  }

 private:
  void read_version(const std::string& image) {
    if (image.empty()) return;
    const int minor = minor_of(image);
    if (minor >= kOldestVersion && minor <= kNewestVersion) {
      minor_ = minor;
      out_.version = fmt::format("1.{}", minor);
      out_.notes.push_back(fmt::format("autoscaler.version {} is that of {}", out_.version, image));
      return;
    }
    minor_ = minor != 0 && minor < kOldestVersion ? kOldestVersion : kNewestVersion;
    out_.version = fmt::format("1.{}", minor_);
    out_.notes.push_back(
        fmt::format("the version of {} is not modelled: {} is taken", image, out_.version));
  }

  // min:max:name
  void add_group(const std::string& text) {
    GroupBounds bounds;
    const char* end = text.data() + text.size();
    const auto min = std::from_chars(text.data(), end, bounds.min);
    const bool has_max = min.ec == std::errc() && min.ptr != end && *min.ptr == ':';
    const auto max = has_max ? std::from_chars(min.ptr + 1, end, bounds.max) : min;
    if (!has_max || max.ec != std::errc() || max.ptr == end || *max.ptr != ':') {
      out_.notes.push_back(fmt::format("flag --nodes={} is left out: expected min:max:name", text));
      return;
    }
    out_.groups[std::string(max.ptr + 1, end)] = bounds;
  }

  // A flag that is given several times is a list.
  void gather_repeated() {
    std::vector<std::pair<std::string, Value>> flags;
    for (auto& [name, value] : out_.flags) {
      const auto same = std::ranges::find(flags, name, &std::pair<std::string, Value>::first);
      if (same == flags.end()) {
        flags.emplace_back(name, std::move(value));
      } else if (auto* items = same->second.as_list()) {
        items->push_back(std::move(value));
      } else {
        same->second = Value(Value::List{same->second, std::move(value)});
      }
    }
    out_.flags = std::move(flags);
  }

  AutoscalerArguments out_;
  int minor_ = kNewestVersion;
  std::vector<std::string> without_effect_;
};

bool is_autoscaler(const Value& container) {
  const std::string image = text_at(container, "image");
  if (image.find("cluster-autoscaler") != std::string::npos) return true;
  const Value* command = value_at(container, "command");
  const auto* words = command == nullptr ? nullptr : command->as_list();
  return words != nullptr && !words->empty() && words->front().as_string() != nullptr &&
         words->front().as_string()->ends_with("cluster-autoscaler");
}

// What a shell is told to run: ["/bin/sh", "-e", "-c", "exec ..."].
std::optional<std::string> command_line_of(const std::vector<std::string>& words) {
  if (words.empty() || !words.front().ends_with("sh")) return std::nullopt;
  for (std::size_t i = 1; i + 1 < words.size() && words[i].starts_with('-'); ++i) {
    if (!words[i].starts_with("--") && words[i].ends_with('c')) return words[i + 1];
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> shell_words(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool is_open = false;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && quote != '\'' && i + 1 < text.size()) {
      if (text[++i] == '\n') continue;  // the line goes on
      word += text[i];
      is_open = true;
    } else if (quote != 0 ? c == quote : (c == '"' || c == '\'')) {
      quote = quote != 0 ? 0 : c;
      is_open = true;
    } else if (quote == 0 && (c == ' ' || c == '\t' || c == '\n' || c == '\r')) {
      if (is_open) words.push_back(std::move(word));
      word.clear();
      is_open = false;
    } else {
      word += c;
      is_open = true;
    }
  }
  if (is_open) words.push_back(std::move(word));
  return words;
}

AutoscalerArguments read_autoscaler_arguments(const std::vector<std::string>& words,
                                              const std::string& image) {
  ArgumentReader reader(image);
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    if (!word.starts_with('-')) continue;  // the program, or a path to it
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    const std::size_t equals = word.find('=');
    std::string name(word.substr(0, equals));
    std::ranges::replace(name, '_', '-');
    if (equals != std::string_view::npos) {
      reader.add(name, std::string(word.substr(equals + 1)));
    } else if (i + 1 < words.size() && !words[i + 1].starts_with('-')) {
      reader.add(name, words[++i]);
    } else {
      reader.add(name, "");
    }
  }
  return reader.take();
}

std::optional<AutoscalerArguments> autoscaler_arguments_of(const KubeObject& object) {
  const Value* containers = value_at(*object.value, "spec.template.spec.containers");
  const auto* items = containers == nullptr ? nullptr : containers->as_list();
  if (items == nullptr) return std::nullopt;
  for (const Value& container : *items) {
    if (!is_autoscaler(container)) continue;
    std::vector<std::string> words;
    for (const char* part : {"command", "args"}) {
      const Value* list = value_at(container, part);
      if (list == nullptr || list->as_list() == nullptr) continue;
      for (const Value& word : *list->as_list()) {
        if (word.as_string() != nullptr) words.push_back(*word.as_string());
      }
    }
    // A shell's command line is one word.
    if (const auto line = command_line_of(words)) words = shell_words(*line);
    return read_autoscaler_arguments(words, text_at(container, "image"));
  }
  return std::nullopt;
}

}  // namespace casim::sim
