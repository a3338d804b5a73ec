// Members as elements of an XML document, by the rules that the parsers of all SDKs are content
// with: no element for what is not set, one for each list, also an empty one.
#pragma once

#include <string>

#include "src/ec2/query/fields.h"

namespace casim::ec2::query {

class XmlWriter final : public Fields {
 public:
  // Appends to `out`, which outlives it.
  explicit XmlWriter(std::string& out) : out_(out) {}

  void group(std::string_view name, const std::function<void(Fields& at)>& members) override;
  void constant(std::string_view name, std::string_view text) override;
  void no_items(std::string_view name) override;

 private:
  void leaf(const Member& member) override;
  void list_items(std::string_view name, const ItemList& items) override;

  std::string& out_;
};

}  // namespace casim::ec2::query
