// Members out of the parameters of a form. The first thing that is wrong is kept.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "src/ec2/attempt.h"
#include "src/ec2/query/fields.h"
#include "src/ec2/query/form_tree.h"

namespace casim::ec2::query {

class FormReader final : public Fields {
 public:
  // Both outlive it. `node`: what stands at `place`; nullptr: nothing.
  FormReader(FormNode* node, std::optional<AttemptError>& wrong, std::string place = "")
      : node_(node), wrong_(wrong), place_(std::move(place)) {}

  void group(std::string_view name, const std::function<void(Fields& at)>& members) override;
  void others(std::span<const OtherParameter> known, std::uint64_t& hash) override;
  void check(bool holds, ErrorCode code, std::string_view message) override;

 private:
  void leaf(const Member& member) override;
  void list_items(std::string_view name, const ItemList& items) override;
  void take_others(FormNode& node, const std::string& place, std::string_view path,
                   const OtherParameter& parameter, std::uint64_t& hash);
  FormNode* at(std::string_view name);
  void fail(ErrorCode code, std::string message);

  FormNode* node_;
  std::optional<AttemptError>& wrong_;
  std::string place_;
};

}  // namespace casim::ec2::query
