// How each type stands in a configuration. Known: bool, integers, double, std::string, Duration,
// WallTime, MilliCpu, Bytes, Resources, Distribution, CpuDistribution, MemoryDistribution,
// std::filesystem::path, Value (anything, kept
// as it is), enumerations with enum_names(E), std::optional, std::vector, maps from std::string,
// structs with describe(Visitor&, T&). A type of your own: specialise Codec.
#pragma once

#include <cassert>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "src/config/cursor.h"
#include "src/config/leaf_codecs.h"
#include "src/config/rules.h"
#include "src/config/value.h"
#include "src/config/visitor.h"

namespace casim::config {

// Returned by enum_names(E), a function beside the enumeration:
//   inline config::EnumNames<Path> enum_names(Path) {
//     return {{Path::kDirect, "direct"}, {Path::kCrossplane, "crossplane"}}; }
template <class E>
using EnumNames = std::vector<std::pair<E, std::string_view>>;

// The forms of a std::variant that choice() lists. Returned by a function beside the types:
//   inline config::Alternatives alternatives(const std::variant<Poisson, Burst>*) {
//     return {"kind", {"poisson", "burst"}}; }
// The tag is the member that tells which, {"kind": "poisson", ...}; names are in the order of the
// types.
struct Alternatives {
  std::string_view tag;
  std::vector<std::string_view> names;
};

template <class T>
concept Described = requires(Visitor& v, T& t) { describe(v, t); };

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires(E e) { enum_names(e); };

template <class T>
struct Codec;

// Types without parts of their own; leaf_codecs.h declares the functions.
template <class T>
struct LeafCodec {
  static void read(const Cursor& from, T& out, const Rules& rules) { read_leaf(from, out, rules); }

  static Value write(const T& in, const Rules& rules, const WriteContext& context) {
    return write_leaf(in, rules, context);
  }

  static Value schema(const T&, const Rules& rules, SchemaBuilder& builder) {
    return leaf_schema(std::type_identity<T>{}, rules, builder);
  }
};

// clang-format off
template <> struct Codec<bool> : LeafCodec<bool> {};
template <> struct Codec<double> : LeafCodec<double> {};
template <> struct Codec<std::string> : LeafCodec<std::string> {};
template <> struct Codec<Duration> : LeafCodec<Duration> {};
template <> struct Codec<WallTime> : LeafCodec<WallTime> {};
template <> struct Codec<MilliCpu> : LeafCodec<MilliCpu> {};
template <> struct Codec<Bytes> : LeafCodec<Bytes> {};
template <> struct Codec<Resources> : LeafCodec<Resources> {};
template <> struct Codec<Distribution> : LeafCodec<Distribution> {};
template <> struct Codec<CpuDistribution> : LeafCodec<CpuDistribution> {};
template <> struct Codec<MemoryDistribution> : LeafCodec<MemoryDistribution> {};
template <> struct Codec<std::filesystem::path> : LeafCodec<std::filesystem::path> {};
template <> struct Codec<Value> : LeafCodec<Value> {};

// clang-format on

template <std::integral T>
struct Codec<T> {
  static void read(const Cursor& from, T& out, const Rules& rules) {
    if constexpr (std::is_signed_v<T>) {
      const auto n =
          read_signed(from, std::numeric_limits<T>::min(), std::numeric_limits<T>::max(), rules);
      if (n) out = static_cast<T>(*n);
    } else {
      const auto n = read_unsigned(from, std::numeric_limits<T>::max(), rules);
      if (n) out = static_cast<T>(*n);
    }
  }

  static Value write(const T& in, const Rules&, const WriteContext&) { return Value(in); }

  static Value schema(const T&, const Rules& rules, SchemaBuilder&) {
    return integer_schema(std::is_unsigned_v<T>, rules);
  }
};

template <NamedEnum E>
struct Codec<E> {
  static void read(const Cursor& from, E& out, const Rules& rules) {
    const auto names = enum_names(E{});
    const auto index = read_name(from, texts(names), rules);
    if (index) out = names[*index].first;
  }

  static Value write(const E& in, const Rules&, const WriteContext&) {
    for (const auto& [value, name] : enum_names(E{})) {
      if (value == in) return Value(name);
    }
    assert(false && "enumerator without a name");
    return {};
  }

  static Value schema(const E&, const Rules&, SchemaBuilder&) {
    return names_schema(texts(enum_names(E{})));
  }

 private:
  static std::vector<std::string_view> texts(const EnumNames<E>& names) {
    std::vector<std::string_view> result;
    for (const auto& entry : names) result.push_back(entry.second);
    return result;
  }
};

template <Described T>
struct Codec<T> {
  static void read(const Cursor& from, T& out, const Rules&) { read_object(from, erase(out)); }

  static Value write(const T& in, const Rules&, const WriteContext& context) {
    return write_object(erase(in), context);
  }

  static Value schema(const T& defaults, const Rules&, SchemaBuilder& builder) {
    return object_schema(erase(defaults), builder);
  }

 private:
  // Only reading changes the object; Visitor has one signature for all modes.
  static ErasedObject erase(const T& object) {
    return {const_cast<T*>(&object),
            [](Visitor& v, void* erased) { describe(v, *static_cast<T*>(erased)); }};
  }
};

}  // namespace casim::config

#include "src/config/choice_codec.h"      // IWYU pragma: export
#include "src/config/container_codecs.h"  // IWYU pragma: export
