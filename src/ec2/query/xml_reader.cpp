#include "src/ec2/query/xml_reader.h"

#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>

namespace casim::ec2::query {
namespace {

constexpr int kDeepest = 64;  // elements within each other; replies have about ten

// Whether the parser, which calls itself for each level, has room for the document.
bool is_flat(std::string_view text) {
  int depth = 0;
  for (std::size_t i = text.find('<'); i != std::string_view::npos; i = text.find('<', i + 1)) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == '?' || next == '!') continue;
    const std::size_t end = text.find('>', i);
    const bool is_empty = end != std::string_view::npos && text[end - 1] == '/';
    if (next == '/') {
      --depth;
    } else if (!is_empty) {
      ++depth;
    }
    if (depth > kDeepest) return false;
  }
  return true;
}

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

}  // namespace

std::optional<XmlTree> parse_xml(std::string_view text) {
  if (!is_flat(text)) return std::nullopt;
  std::istringstream in{std::string(text)};
  XmlTree tree;
  try {
    namespace xml = boost::property_tree::xml_parser;
    xml::read_xml(in, tree, xml::no_comments);
  } catch (const boost::property_tree::xml_parser_error&) {
    return std::nullopt;
  }
  return tree;
}

const XmlTree* element(const XmlTree* at, std::string_view name) {
  if (at == nullptr) return nullptr;
  for (const auto& [child, content] : *at) {
    if (local_name(child) == name) return &content;
  }
  return nullptr;
}

std::string text_of(const XmlTree* at) { return at == nullptr ? std::string() : at->data(); }

void XmlReader::group(std::string_view name, const std::function<void(Fields& at)>& members) {
  const XmlTree* found = element(at_, name);
  if (found == nullptr) return;
  XmlReader inner(found, wrong_);
  members(inner);
}

void XmlReader::leaf(const Member& member) {
  const XmlTree* found = member.name.empty() ? at_ : element(at_, member.name);
  if (found == nullptr) {
    if (member.presence == Presence::kRequired) fail(fmt::format("{} is missing", member.name));
    return;
  }
  if (found->data().empty() && member.presence == Presence::kOptional) return;
  if (member.ops->read(found->data(), member.value) || member.ops->is_choice) return;
  fail(fmt::format("{} is \"{}\", not {}", member.name, found->data(), member.ops->form));
}

void XmlReader::list_items(std::string_view name, const ItemList& items) {
  const XmlTree* found = element(at_, name);
  if (found == nullptr) return;
  items.clear();
  std::size_t i = 0;
  for (const auto& [child, content] : *found) {
    if (local_name(child) != "item") continue;
    XmlReader item(&content, wrong_);
    items.describe(i++, item);
  }
}

void XmlReader::fail(std::string message) {
  if (!wrong_) wrong_ = std::move(message);
}

}  // namespace casim::ec2::query
