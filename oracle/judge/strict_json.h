// Reading cases strictly: a key that is not known is an error, so that no part of a case is
// silently left out.
#pragma once

#include <fmt/format.h>

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace casim::oracle {

using Json = nlohmann::json;

inline void check_keys(const Json& object, std::initializer_list<std::string_view> known) {
  if (!object.is_object()) throw std::runtime_error("expected an object, got " + object.dump());
  for (const auto& [key, value] : object.items()) {
    bool found = false;
    for (const std::string_view name : known) found = found || name == key;
    if (!found) throw std::runtime_error(fmt::format("unknown key \"{}\"", key));
  }
}

// The list of that name, empty where there is none.
inline const Json& list_of(const Json& given, const char* key) {
  static const Json kNone = Json::array();
  return given.contains(key) ? given.at(key) : kNone;
}

}  // namespace casim::oracle
