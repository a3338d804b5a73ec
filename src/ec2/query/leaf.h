// Values of the EC2 API as text, both ways: what stands in one parameter of a request and in one
// element of a reply. Source: ec2.md 1.1.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "src/core/quantity.h"
#include "src/core/time.h"
#include "src/ec2/error_code.h"
#include "src/ec2/types.h"

namespace casim::ec2::query {

// How a type is written and read: with the type erased, as Fields hands it on.
struct LeafOps {
  std::string (*write)(const void* value);
  bool (*is_set)(const void* value);                 // false: it may be left out
  bool (*read)(std::string_view text, void* value);  // false: that is no such value
  std::string_view form;                             // what is expected: "a whole number"
  bool is_choice = false;                            // a name out of a list, which may grow
};

// What a type's row below says: write, is_set, read, kForm.
template <class T>
struct Leaf;

template <>
struct Leaf<std::string> {
  static constexpr std::string_view kForm = "text";

  static std::string write(const std::string& value) { return value; }

  static bool is_set(const std::string& value) { return !value.empty(); }

  static bool read(std::string_view text, std::string& value) {
    value = text;
    return true;
  }
};

template <>
struct Leaf<int> {
  static constexpr std::string_view kForm = "a whole number";

  static std::string write(int value);

  static bool is_set(int /*value*/) { return true; }

  static bool read(std::string_view text, int& value);
};

template <>
struct Leaf<double> {
  static constexpr std::string_view kForm = "a number";

  static std::string write(double value);

  static bool is_set(double /*value*/) { return true; }

  static bool read(std::string_view text, double& value);
};

template <>
struct Leaf<bool> {
  static constexpr std::string_view kForm = "true or false";

  static std::string write(bool value) { return value ? "true" : "false"; }

  static bool is_set(bool value) { return value; }

  static bool read(std::string_view text, bool& value);
};

// With zone and milliseconds, in UTC; without either some SDKs fail.
template <>
struct Leaf<WallTime> {
  static constexpr std::string_view kForm = "a time in ISO 8601";

  static std::string write(WallTime value);

  static bool is_set(WallTime /*value*/) { return true; }

  static bool read(std::string_view text, WallTime& value);
};

template <>
struct Leaf<ReplyCode> {
  static constexpr std::string_view kForm = "an error code";

  static std::string write(const ReplyCode& value) { return std::string(value.text()); }

  static bool is_set(const ReplyCode& value) { return !value.empty(); }

  static bool read(std::string_view text, ReplyCode& value) {
    value = ReplyCode::parse(text);
    return true;
  }
};

// How many items a page may have; 0, its default, means that nothing was said.
struct PageSize {
  int value = 0;
};

template <>
struct Leaf<PageSize> {
  static constexpr std::string_view kForm = "a whole number above 0";

  static std::string write(PageSize size) { return Leaf<int>::write(size.value); }

  static bool is_set(PageSize size) { return size.value != 0; }

  static bool read(std::string_view text, PageSize& size) {
    return Leaf<int>::read(text, size.value) && size.value > 0;
  }
};

// The number of a state; only its low byte counts.
struct StateCode {
  InstanceState value = InstanceState::kPending;
};

template <>
struct Leaf<StateCode> {
  static constexpr std::string_view kForm = "the code of an instance's state";

  static std::string write(StateCode code);

  static bool is_set(StateCode /*code*/) { return true; }

  static bool read(std::string_view text, StateCode& code);
};

// Bytes in whole units, as EC2 tells the sizes of machines.
template <std::int64_t kUnit>
struct SizeIn {
  Bytes value = {};
};

using MebiBytes = SizeIn<std::int64_t{1} << 20>;
using GigaBytes = SizeIn<1'000'000'000>;

bool read_size(std::string_view text, std::int64_t unit, Bytes& value);

template <std::int64_t kUnit>
struct Leaf<SizeIn<kUnit>> {
  static constexpr std::string_view kForm = "a whole number";

  static std::string write(SizeIn<kUnit> size) {
    return std::to_string(size.value.value() / kUnit);
  }

  static bool is_set(SizeIn<kUnit> size) { return size.value != Bytes(); }

  static bool read(std::string_view text, SizeIn<kUnit>& size) {
    return read_size(text, kUnit, size.value);
  }
};

template <class T>
struct Leaf<std::optional<T>> {
  static constexpr std::string_view kForm = Leaf<T>::kForm;

  static std::string write(const std::optional<T>& value) { return Leaf<T>::write(*value); }

  static bool is_set(const std::optional<T>& value) { return value.has_value(); }

  static bool read(std::string_view text, std::optional<T>& value) {
    return Leaf<T>::read(text, value.emplace());
  }
};

// A list of names, found by the type: several may stand for one value, the first is written.
template <class T>
  requires requires(T value) { wire_names(value); }
struct Leaf<T> {
  static constexpr std::string_view kForm = "one of the names that EC2 knows";

  static std::string write(T value) {
    for (const auto& [one, name] : wire_names(T{})) {
      if (one == value) return std::string(name);
    }
    return "";  // the default has no name
  }

  static bool is_set(T value) { return !write(value).empty(); }

  static bool read(std::string_view text, T& value) {
    for (const auto& [one, name] : wire_names(T{})) {
      if (name != text) continue;
      value = one;
      return true;
    }
    return false;
  }
};

template <class T>
concept LeafType = requires { Leaf<T>::kForm; };

template <LeafType T>
const LeafOps& leaf_ops() {
  static constexpr LeafOps kOps = {
      .write = [](const void* value) { return Leaf<T>::write(*static_cast<const T*>(value)); },
      .is_set = [](const void* value) { return Leaf<T>::is_set(*static_cast<const T*>(value)); },
      .read = [](std::string_view text,
                 void* value) { return Leaf<T>::read(text, *static_cast<T*>(value)); },
      .form = Leaf<T>::kForm,
      .is_choice = requires(T value){wire_names(value);
}

,
};  // namespace casim::ec2::query

return kOps;
}

}  // namespace casim::ec2::query
