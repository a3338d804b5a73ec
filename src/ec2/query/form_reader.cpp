#include "src/ec2/query/form_reader.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "src/core/random.h"
#include "src/ec2/query/form.h"

namespace casim::ec2::query {
namespace {

constexpr std::size_t kMostDigits = 6;  // of a place in a list

// The number of an item: from 1 on, without leading zeros. None: it is no such number.
std::optional<int> item_number(std::string_view text) {
  if (text.empty() || text.size() > kMostDigits || text.front() == '0') return std::nullopt;
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || number < 1) return std::nullopt;
  return number;
}

// Texts in messages, at a length that can be read.
std::string shortened(const std::string& text) {
  constexpr std::size_t kMost = 80;
  if (text.size() <= kMost) return text;
  std::size_t cut = kMost;
  while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80) --cut;
  return text.substr(0, cut) + "...";
}

bool has_form(const std::string& text, OtherParameter::Kind kind) {
  double number = 0;
  bool flag = false;
  switch (kind) {
    case OtherParameter::Kind::kText:
      return true;
    case OtherParameter::Kind::kNumber:
      return Leaf<double>::read(text, number);
    case OtherParameter::Kind::kFlag:
      return Leaf<bool>::read(text, flag);
  }
  return false;
}

std::string_view form_of(OtherParameter::Kind kind) {
  return kind == OtherParameter::Kind::kFlag ? Leaf<bool>::kForm : Leaf<double>::kForm;
}

std::string invalid_value(const std::string& value, const std::string& name,
                          std::string_view form) {
  return fmt::format("Value ({}) for parameter {} is invalid. Expecting {}.", shortened(value),
                     name, form);
}

}  // namespace

void FormReader::group(std::string_view name, const std::function<void(Fields& at)>& members) {
  FormReader inner(at(name), wrong_, name_below(place_, name));
  members(inner);
}

void FormReader::check(bool holds, ErrorCode code, std::string_view message) {
  if (!holds) fail(code, std::string(message));
}

void FormReader::leaf(const Member& member) {
  FormNode* node = at(member.name);
  if (node != nullptr) node->is_known = true;
  if (node == nullptr || !node->value) {
    if (member.presence != Presence::kRequired) return;
    return fail(
        ErrorCode::kMissingParameter,
        fmt::format("The request must contain the parameter {}", name_below(place_, member.name)));
  }
  if (member.ops->read(*node->value, member.value)) return;
  fail(ErrorCode::kInvalidParameterValue,
       invalid_value(*node->value, name_below(place_, member.name), member.ops->form));
}

void FormReader::list_items(std::string_view name, const ItemList& items) {
  FormNode* node = at(name);
  if (node == nullptr) return;
  items.clear();
  std::vector<std::pair<int, FormNode*>> numbered;
  for (auto& [key, one] : node->below) {
    if (const auto number = item_number(key)) numbered.emplace_back(*number, &one);
  }
  std::ranges::sort(numbered);
  for (std::size_t i = 0; i < numbered.size(); ++i) {
    FormReader item(numbered[i].second, wrong_,
                    fmt::format("{}.{}", name_below(place_, name), numbered[i].first));
    items.describe(i, item);
  }
}

void FormReader::others(std::span<const OtherParameter> known, std::uint64_t& hash) {
  if (node_ == nullptr) return;
  for (const OtherParameter& parameter : known) {
    take_others(*node_, place_, parameter.path, parameter, hash);
  }
}

void FormReader::take_others(FormNode& node, const std::string& place, std::string_view path,
                             const OtherParameter& parameter, std::uint64_t& hash) {
  if (path.empty()) {
    node.is_known = true;
    if (!node.value) return;
    hash = hash_combine(hash, hash_combine(hash_bytes(place), hash_bytes(*node.value)));
    if (has_form(*node.value, parameter.kind)) return;
    return fail(ErrorCode::kInvalidParameterValue,
                invalid_value(*node.value, place, form_of(parameter.kind)));
  }
  const std::string_view part = path.substr(0, path.find('.'));
  const std::string_view rest = path.substr(std::min(path.size(), part.size() + 1));
  const auto take = [&](const std::string& name, FormNode& one) {
    take_others(one, name_below(place, name), rest, parameter, hash);
  };
  if (part != "N") {
    if (FormNode* one = node.find(part)) take(std::string(part), *one);
    return;
  }
  for (auto& [name, one] : node.below) {
    if (item_number(name)) take(name, one);
  }
}

FormNode* FormReader::at(std::string_view name) {
  if (node_ == nullptr || name.empty()) return node_;
  return node_->find(name_below("", name));
}

void FormReader::fail(ErrorCode code, std::string message) {
  if (!wrong_) wrong_ = error_reply(code, std::move(message));
}

}  // namespace casim::ec2::query
