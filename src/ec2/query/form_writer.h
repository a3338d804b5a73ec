// Members as parameters of a form: "Filter.1.Value.2=x".
#pragma once

#include <string>

#include "src/ec2/query/fields.h"

namespace casim::ec2::query {

class FormWriter final : public Fields {
 public:
  // Appends to `out`, which outlives it and holds something already. `place`: the name that all
  // names here begin with.
  explicit FormWriter(std::string& out, std::string place = "")
      : out_(out), place_(std::move(place)) {}

  void group(std::string_view name, const std::function<void(Fields& at)>& members) override;

 private:
  void leaf(const Member& member) override;
  void list_items(std::string_view name, const ItemList& items) override;

  std::string& out_;
  std::string place_;
};

}  // namespace casim::ec2::query
