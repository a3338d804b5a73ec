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
void Visitor::choice(std::string_view tag, std::variant<Ts...>& chosen, std::string_view help) {
  const Alternatives names = alternatives(&std::as_const(chosen));
  assert(names.tag == tag);
  assert(names.names.size() == sizeof...(Ts));
  choose(Choice{tag, help, names.names, chosen.index(),
                [&chosen](Visitor& v, std::size_t index, bool select) {
                  VariantOps<Ts...>::with(chosen, index, select,
                                          [&v](auto& body) { describe(v, body); });
                }});
}

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
