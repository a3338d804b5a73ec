#include "sim/autoscaler/scaleup/priority_expander.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "src/config/document.h"

namespace casim::sim {
namespace {

constexpr int kLeastPriority = -1;  // groups below it are never preferred

std::optional<int> whole_number(const std::string& text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// A scalar as text: upstream's YAML takes numbers and booleans in a list of texts for texts.
std::optional<std::string> text_of(const config::Value& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (value.as_list() != nullptr || value.as_object() != nullptr) return std::nullopt;
  if (value.is_null()) return "";
  return config::to_json(value, -1);
}

using Expression = std::shared_ptr<const RE2>;

std::expected<Expression, std::string> compiled(const config::Value& value) {
  const std::optional<std::string> text = text_of(value);
  if (!text) return std::unexpected("expected a regular expression, found " + found_text(value));
  auto expression = std::make_shared<const RE2>(*text, RE2::Quiet);
  if (expression->ok()) return expression;
  return std::unexpected(fmt::format("the expression \"{}\": {}", *text, expression->error()));
}

std::expected<std::vector<Expression>, std::string> compiled_list(const config::Value& value) {
  std::vector<Expression> list;
  if (value.is_null()) return list;
  const config::Value::List* items = value.as_list();
  if (items == nullptr) return std::unexpected("expected a list, found " + found_text(value));
  for (const config::Value& item : *items) {
    auto expression = compiled(item);
    if (!expression) return std::unexpected(expression.error());
    list.push_back(std::move(*expression));
  }
  return list;
}

}  // namespace

std::expected<GroupPriorities, std::string> GroupPriorities::parse(const std::string& yaml) {
  config::Problems problems;
  const auto document = config::parse_text(yaml, config::Format::kYaml, {}, problems);
  const config::Value::Object* lists = document ? document->root().as_object() : nullptr;
  if (lists == nullptr) return std::unexpected("expected a map in YAML");
  GroupPriorities priorities;
  for (const auto& [key, value] : *lists) {
    const std::optional<int> priority = whole_number(key);
    if (!priority) return std::unexpected(fmt::format("\"{}\" is no whole number", key));
    const auto list = compiled_list(value);
    if (!list) return std::unexpected(fmt::format("{}: {}", key, list.error()));
    auto& kept = priorities.lists_[*priority];
    kept.insert(kept.end(), list->begin(), list->end());
  }
  return priorities;
}

std::optional<int> GroupPriorities::priority_of(const std::string& group) const {
  for (const auto& [priority, list] : lists_) {
    const bool fits = std::any_of(list.begin(), list.end(), [&](const auto& expression) {
      return RE2::PartialMatch(group, *expression);
    });
    if (fits) return priority;
  }
  return std::nullopt;
}

const GroupPriorities* PriorityExpander::priorities() {
  const std::string* text = view_.config_map(kPriorityConfigMap, kPriorityKey);
  if (text == nullptr) return nullptr;
  if (*text != text_ || text->empty()) {
    text_ = *text;
    parsed_ = GroupPriorities::parse(text_);
  }
  if (!parsed_) warn("PriorityConfigMapInvalid");
  return parsed_ ? &*parsed_ : nullptr;
}

void PriorityExpander::warn(const char* reason) {
  events_.about_config_map(reason, kPriorityConfigMap);
}

Awaitable<std::vector<ScaleUpOption>> PriorityExpander::best(ExpanderInput,
                                                             std::vector<ScaleUpOption> options) {
  if (options.empty()) co_return options;
  const GroupPriorities* priorities = this->priorities();
  if (priorities == nullptr) co_return options;
  int highest = kLeastPriority;
  std::vector<ScaleUpOption> kept;
  for (const ScaleUpOption& option : options) {
    const std::optional<int> priority = priorities->priority_of(option.group->id());
    if (!priority) warn("PriorityConfigMapNotMatchedGroup");
    if (!priority || *priority < highest) continue;
    if (*priority > highest) kept.clear();
    highest = *priority;
    kept.push_back(option);
  }
  if (!kept.empty()) co_return kept;
  warn("PriorityConfigMapNoGroupMatched");
  co_return options;
}

}  // namespace casim::sim
