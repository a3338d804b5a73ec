// Variants of described structs, and the functions that need all codecs to be known.
// Included by codec.h.
#pragma once

#include <array>

#include "src/config/codec.h"

namespace casim::config {

template <class... Ts>
struct VariantOps {
  using Variant = std::variant<Ts...>;

  // Calls f with alternative `index`: the chosen one, or a new one (kept if `select`).
  template <class F>
  static void with(Variant& chosen, std::size_t index, bool select, F f) {
    if (chosen.index() == index) {
      std::visit(f, chosen);
      return;
    }
    assert(index < sizeof...(Ts));
    static constexpr std::array makers{+[] { return Variant(Ts{}); }...};
    Variant fresh = makers[index]();
    if (select) {
      chosen = std::move(fresh);
      std::visit(f, chosen);
    } else {
      std::visit(f, fresh);
    }
  }
};

template <class... Ts>
void Visitor::list_choice(std::string_view tag, std::variant<Ts...>& chosen, std::string_view help,
                          bool required) {
  const Alternatives names = alternatives(&std::as_const(chosen));
  assert(names.names.size() == sizeof...(Ts));
  choose(Choice{tag, help, required, names.names, chosen.index(),
                [&chosen](Visitor& v, std::size_t index, bool select) {
                  VariantOps<Ts...>::with(chosen, index, select,
                                          [&v](auto& body) { describe(v, body); });
                }});
}

template <class... Ts>
struct Codec<std::variant<Ts...>> {
  using Variant = std::variant<Ts...>;

  static void read(const Cursor& from, Variant& out, const Rules& rules) {
    const Alternatives names = alternatives(&std::as_const(out));
    if (!names.tag.empty()) return read_object(from, erase(out));
    const auto index = read_only_key(from, names.names);
    if (!index) return;
    const std::string_view key = names.names[*index];
    const Cursor body = from.at(*from.value().find(key), key);
    VariantOps<Ts...>::with(out, *index, true, [&]<class T>(T& alternative) {
      Codec<T>::read(body, alternative, rules);
    });
  }

  static Value write(const Variant& in, const Rules& rules, const WriteContext& context) {
    const Alternatives names = alternatives(&in);
    if (!names.tag.empty()) return write_object(erase(in), context);
    Value result;
    std::visit(
        [&]<class T>(const T& alternative) {
          result.set(names.names[in.index()], Codec<T>::write(alternative, rules, context));
        },
        in);
    return result;
  }

  static Value schema(const Variant& defaults, const Rules& rules, SchemaBuilder& builder) {
    const Alternatives names = alternatives(&defaults);
    if (!names.tag.empty()) return object_schema(erase(defaults), builder);
    return one_key_schema(names.names, {Codec<Ts>::schema(Ts{}, rules, builder)...});
  }

 private:
  static ErasedObject erase(const Variant& object) {
    return {const_cast<Variant*>(&object), [](Visitor& v, void* erased) {
              auto& variant = *static_cast<Variant*>(erased);
              v.required_choice(alternatives(&std::as_const(variant)).tag, variant,
                                "which of the forms this is");
            }};
  }
};

template <class T>
const TypeOps& type_ops() {
  static constexpr TypeOps ops{
      [](const Cursor& from, void* object, const Rules& rules) {
        Codec<T>::read(from, *static_cast<T*>(object), rules);
      },
      [](const void* object, const Rules& rules, const WriteContext& context) {
        return Codec<T>::write(*static_cast<const T*>(object), rules, context);
      },
      [](const void* object, const Rules& rules, SchemaBuilder& builder) {
        return Codec<T>::schema(*static_cast<const T*>(object), rules, builder);
      }};
  return ops;
}

}  // namespace casim::config
