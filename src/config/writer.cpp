// The visitor that writes structs as values.
#include <string>
#include <utility>

#include "src/config/cursor.h"

namespace casim::config {
namespace {

class WriteVisitor : public Visitor {
 public:
  explicit WriteVisitor(const WriteContext& context) : context_(context) {}

  Value take() { return Value(std::move(entries_)); }

 protected:
  void member(const Member& member) override {
    entries_.push_back(
        {std::string(member.name), member.ops->write(member.object, *member.rules, context_)});
  }

  void choose(const Choice& choice) override {
    entries_.push_back({std::string(choice.tag), Value(choice.names[choice.current])});
    choice.describe(*this, choice.current, false);
  }

 private:
  const WriteContext& context_;
  Value::Object entries_;
};

}  // namespace

Value write_object(const ErasedObject& object, const WriteContext& context) {
  WriteVisitor visitor(context);
  object.describe(visitor, object.object);
  return visitor.take();
}

}  // namespace casim::config
