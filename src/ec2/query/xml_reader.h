// Members out of the elements of an XML document. What is not asked for is skipped, so are names
// out of a list that are new; the first thing that is wrong is kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/property_tree/ptree_fwd.hpp>

#include "src/ec2/query/fields.h"

namespace casim::ec2::query {

using XmlTree = boost::property_tree::ptree;

// None: it is no XML document, or nested too deep to be a reply.
std::optional<XmlTree> parse_xml(std::string_view text);

// The first element of that name there, whatever its prefix; nullptr: none, also where `at` is.
const XmlTree* element(const XmlTree* at, std::string_view name);

// The content of an element; empty where there is none.
std::string text_of(const XmlTree* at);

class XmlReader final : public Fields {
 public:
  // Both outlive it. `at`: whose elements are read; nullptr: it is absent.
  XmlReader(const XmlTree* at, std::optional<std::string>& wrong) : at_(at), wrong_(wrong) {}

  void group(std::string_view name, const std::function<void(Fields& at)>& members) override;

 private:
  void leaf(const Member& member) override;
  void list_items(std::string_view name, const ItemList& items) override;
  void fail(std::string message);

  const XmlTree* at_;
  std::optional<std::string>& wrong_;
};

}  // namespace casim::ec2::query
