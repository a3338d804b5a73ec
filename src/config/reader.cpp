// The visitor that reads structs from values.
#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "src/config/cursor.h"
#include "src/config/names.h"

namespace casim::config {
namespace {

class ReadVisitor : public Visitor {
 public:
  explicit ReadVisitor(const Cursor& at) : at_(at), errors_before_(at.problems().error_count()) {}

  // The keys that no member has taken.
  void finish() const {
    if (is_incomplete_) return;
    const std::vector<std::string_view> names(names_.begin(), names_.end());
    for (const auto& [key, value] : *at_.value().as_object()) {
      if (std::ranges::find(names_, key) != names_.end() || is_comment_key(key)) continue;
      if (at_.is_root() && key == "$schema") continue;
      at_.at(value, key).error("unknown key" + suggestion(key, names));
    }
  }

 protected:
  void member(const Member& member) override {
    const Value* value = find(member.name);
    if (value != nullptr) {
      member.ops->read(at_.at(*value, member.name), member.object, *member.rules);
    } else if (member.required) {
      report_missing(member.name, member.help);
    }
  }

  void choose(const Choice& choice) override {
    const Value* value = find(choice.tag);
    if (value == nullptr) {
      choice.describe(*this, choice.current, false);
      return;
    }
    const auto index = read_name(at_.at(*value, choice.tag), choice.names, Rules{});
    // Without it nobody knows which keys are allowed.
    if (!index) is_incomplete_ = true;
    if (index) choice.describe(*this, *index, true);
  }

  bool is_judging() const override { return at_.problems().error_count() == errors_before_; }

  void report(std::string_view member, std::string message) override {
    const Value* value = at_.value().find(member);
    const Value& place = value != nullptr ? *value : at_.value();
    std::string path = at_.path();
    if (!member.empty()) append_key(path, member);
    at_.problems().error(place, std::move(path), std::move(message));
  }

 private:
  const Value* find(std::string_view name) {
    assert(std::ranges::find(names_, name) == names_.end() && "a member is listed twice");
    names_.emplace_back(name);
    return at_.value().find(name);
  }

  void report_missing(std::string_view name, std::string_view help) {
    report(name, fmt::format("missing; {}", help));
  }

  const Cursor& at_;
  std::size_t errors_before_;
  std::vector<std::string> names_;
  bool is_incomplete_ = false;
};

}  // namespace

void read_object(const Cursor& from, const ErasedObject& object) {
  if (from.value().as_object() == nullptr) {
    from.mismatch("an object");
    return;
  }
  ReadVisitor visitor(from);
  object.describe(visitor, object.object);
  visitor.finish();
}

}  // namespace casim::config
