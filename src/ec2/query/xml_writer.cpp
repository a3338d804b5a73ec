#include "src/ec2/query/xml_writer.h"

#include <fmt/format.h>

#include "src/ec2/query/xml_text.h"

namespace casim::ec2::query {

void XmlWriter::group(std::string_view name, const std::function<void(Fields& at)>& members) {
  std::string content;
  XmlWriter inner(content);
  members(inner);
  if (!content.empty()) out_ += fmt::format("<{}>{}</{}>", name, content, name);
}

void XmlWriter::constant(std::string_view name, std::string_view text) {
  out_ += fmt::format("<{}>{}</{}>", name, escape_xml(text), name);
}

void XmlWriter::no_items(std::string_view name) { out_ += fmt::format("<{}/>", name); }

void XmlWriter::leaf(const Member& member) {
  if (member.presence == Presence::kOptional && !member.ops->is_set(member.value)) return;
  const std::string text = member.ops->write(member.value);
  if (member.name.empty()) {
    out_ += escape_xml(text);
  } else {
    constant(member.name, text);
  }
}

void XmlWriter::list_items(std::string_view name, const ItemList& items) {
  if (items.size == 0) {
    if (!items.is_optional) no_items(name);
    return;
  }
  out_ += fmt::format("<{}>", name);
  for (std::size_t i = 0; i < items.size; ++i) {
    out_ += "<item>";
    items.describe(i, *this);
    out_ += "</item>";
  }
  out_ += fmt::format("</{}>", name);
}

}  // namespace casim::ec2::query
