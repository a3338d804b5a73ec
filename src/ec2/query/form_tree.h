// The parameters of a form by the parts of their names: "Filter.1.Name" stands below "Filter" and
// "1".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "src/ec2/attempt.h"
#include "src/ec2/query/form.h"

namespace casim::ec2::query {

struct FormNode {
  std::optional<std::string> value = {};
  bool is_known = false;  // somebody asked for the value
  std::map<std::string, FormNode, std::less<>> below = {};

  std::set<std::string, std::less<>> asked = {};  // names that may stand below

  // nullptr: there is no such.
  FormNode* find(std::string_view name) {
    asked.emplace(name);
    const auto found = below.find(name);
    return found == below.end() ? nullptr : &found->second;
  }
};

// Errors: a value that XML could not carry, a name that is given twice (InvalidParameterValue).
Attempt<FormNode> make_form_tree(Form form);

// A parameter whose value nobody asked for.
struct UnknownParameter {
  std::string name;
  std::optional<std::string> nearest;  // that may have been meant
};

// The first of them; none: all are known.
std::optional<UnknownParameter> unknown_parameter(const FormNode& node);

}  // namespace casim::ec2::query
