// Builds a tree of values from the events of a parser, JSON's or YAML's, and guards its limits:
// depth, size and unique keys. Inside of config only.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "src/config/document.h"
#include "src/config/problems.h"
#include "src/config/value.h"

namespace casim::config {

// Calls come in the order of the text. After one has returned false (the reason is among the
// problems) the parser must stop.
class TreeBuilder {
 public:
  TreeBuilder(std::shared_ptr<const Origin> origin, Problems& problems,
              std::size_t most_values = kMaxValues)
      : origin_(std::move(origin)), problems_(problems), most_values_(most_values) {}

  bool begin(Value empty_container, int line);
  bool key(std::string name, int line);
  bool end();
  // A scalar, or a whole tree when an alias repeats it.
  bool value(Value value, int line);

  // The value that was completed last.
  const Value& last() const { return *last_; }

  // Counts a tree that is about to be copied to this place.
  bool within_limits(const Value& value, int line);

  bool fail(int line, int column, std::string message);

  Value take_root() { return std::move(root_); }

 private:
  struct Level {
    Value container;
    std::string key;
    bool is_duplicate = false;
    std::unordered_set<std::string> keys;
  };

  std::string path() const;
  void attach(Value value);

  std::shared_ptr<const Origin> origin_;
  Problems& problems_;
  std::size_t most_values_;
  std::vector<Level> levels_;
  Value root_;
  const Value* last_ = &root_;
  std::size_t value_count_ = 0;
};

}  // namespace casim::config
