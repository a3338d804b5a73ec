#include "src/ec2/query/form_tree.h"

#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "src/config/names.h"
#include "src/ec2/query/xml_text.h"

namespace casim::ec2::query {
namespace {

// No name of EC2 has more parts: what comes after belongs to the last one, and is not known.
constexpr int kMostParts = 12;

FormNode& node_at(FormNode& root, std::string_view name) {
  FormNode* node = &root;
  for (int part = 1;; ++part) {
    const std::size_t end = part == kMostParts ? std::string_view::npos : name.find('.');
    node = &node->below[std::string(name.substr(0, end))];
    if (end == std::string_view::npos) return *node;
    name.remove_prefix(end + 1);
  }
}

std::unexpected<AttemptError> invalid(std::string message) {
  return std::unexpected(error_reply(ErrorCode::kInvalidParameterValue, std::move(message)));
}

}  // namespace

Attempt<FormNode> make_form_tree(Form form) {
  FormNode root;
  for (auto& [name, value] : form) {
    if (!is_xml_text(name)) {
      return invalid(fmt::format("The name of parameter {} is not valid UTF-8 text.", name));
    }
    if (!is_xml_text(value)) {
      return invalid(fmt::format("The value of parameter {} is not valid UTF-8 text.", name));
    }
    FormNode& node = node_at(root, name);
    if (node.value) return invalid(fmt::format("The parameter {} is given twice.", name));
    node.value = std::move(value);
  }
  return root;
}

std::optional<UnknownParameter> unknown_parameter(const FormNode& node) {
  for (const auto& [name, one] : node.below) {
    if (one.value && !one.is_known) {
      if (node.asked.contains(name)) return UnknownParameter{name, {}};  // as a list or a group
      const std::vector<std::string> known(node.asked.begin(), node.asked.end());
      return UnknownParameter{name,
                              config::nearest_name(name, std::span<const std::string>(known))};
    }
    if (auto unknown = unknown_parameter(one)) {
      unknown->name = name + "." + unknown->name;
      if (unknown->nearest) unknown->nearest = name + "." + *unknown->nearest;
      return unknown;
    }
  }
  return std::nullopt;
}

}  // namespace casim::ec2::query
