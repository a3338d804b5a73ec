// One listing per struct serves reading, writing and the schema. Beside a struct stands
//   void describe(config::Visitor& v, NodeGroup& g) {
//     v.required("name", g.name, "name of the node group", not_blank());
//     v.field("min", g.min, "least number of nodes", at_least(0));
//     v.field("max", g.max, "greatest number of nodes", at_least(0));
//     v.check("min", g.min <= g.max, "is above max");
//   }
// declared in the struct's namespace (found by ADL; an ordinary function that can live in a .cpp).
// Defaults are the struct's member initialisers. A describe function only calls the visitor: it
// must not change the struct, and must list the same members in every mode.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "src/config/rules.h"
#include "src/config/value.h"

namespace casim::config {

class Cursor;
class SchemaBuilder;
struct WriteContext;

// How a type is read, written and described, with the type erased. codec.h makes them.
struct TypeOps {
  void (*read)(const Cursor& from, void* object, const Rules& rules);
  Value (*write)(const void* object, const Rules& rules, const WriteContext& context);
  Value (*schema)(const void* object, const Rules& rules, SchemaBuilder& builder);
};

template <class T>
const TypeOps& type_ops();

struct Member {
  std::string_view name;
  std::string_view help;
  bool required = false;
  void* object = nullptr;
  const TypeOps* ops = nullptr;
  const Rules* rules = nullptr;
};

class Visitor;

// A std::variant among the members of an object, told apart by the string member `tag`.
struct Choice {
  std::string_view tag;
  std::string_view help;
  std::span<const std::string_view> names;
  std::size_t current = 0;
  // Lists the members of one alternative; `select` makes it the chosen one first.
  std::function<void(Visitor&, std::size_t alternative, bool select)> describe;
};

class Visitor {
 public:
  virtual ~Visitor() = default;

  // A member that must be given.
  template <class T, class... R>
  void required(std::string_view name, T& object, std::string_view help, const R&... rules) {
    list(name, object, help, true, rules...);
  }

  // A member that keeps its default when absent.
  template <class T, class... R>
  void field(std::string_view name, T& object, std::string_view help, const R&... rules) {
    list(name, object, help, false, rules...);
  }

  // The members of the chosen alternative stand beside the others of this object:
  //   v.choice("kind", w.body, "what it is");   // {"name": "web", "kind": "job", ...}
  // Without the tag it is the one that the variant holds by default. Alternatives are named by
  // alternatives(const std::variant<...>*), see codec.h.
  template <class... Ts>
  void choice(std::string_view tag, std::variant<Ts...>& chosen, std::string_view help);

  // A rule across members; reported at `member` ("" for the object) when reading, and only if the
  // object had no problem until then. The message is text or a function that makes it.
  template <class Message>
  void check(std::string_view member, bool holds, Message&& message) {
    if (holds || !is_judging()) return;
    report(member, make_text(std::forward<Message>(message)));
  }

 protected:
  virtual void member(const Member& member) = 0;
  virtual void choose(const Choice& choice) = 0;

  virtual bool is_judging() const { return false; }

  virtual void report(std::string_view /*member*/, std::string /*message*/) {}

 private:
  template <class T, class... R>
  void list(std::string_view name, T& object, std::string_view help, bool required,
            const R&... rules) {
    const Rules merged = merge({rules...});
    member(Member{name, help, required, &object, &type_ops<T>(), &merged});
  }

  template <class Message>
  static std::string make_text(Message&& message) {
    if constexpr (std::is_invocable_v<Message>) {
      return std::forward<Message>(message)();
    } else {
      return std::string(std::forward<Message>(message));
    }
  }
};

}  // namespace casim::config
