// YAML by yaml-cpp's event interface: it gives lines and duplicate keys, and aliases are resolved
// here, under the limits of the tree.
#include <algorithm>
#include <istream>
#include <map>
#include <spanstream>

#include <fmt/format.h>
#include <yaml-cpp/anchor.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "src/config/merge_keys.h"
#include "src/config/parsers.h"
#include "src/config/yaml_scalars.h"

namespace casim::config {
namespace {

struct Stop {};  // a limit was reached, or a form that JSON cannot express; already reported

class YamlEvents : public YAML::EventHandler {
 public:
  YamlEvents(TreeBuilder& builder, Value (*plain_scalar)(const std::string&))
      : builder_(builder), plain_scalar_(plain_scalar) {}

  void OnDocumentStart(const YAML::Mark&) override {}

  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) refuse_key(mark);
    add(Value(), mark, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    if (expects_key()) {
      check(builder_.key(text, line(mark)));
      levels_.back().expects_key = false;
      if (anchor != YAML::NullAnchor) anchors_[anchor] = Value(text);
      return;
    }
    const bool is_plain = tag.empty() || tag == "?" || is_scalar_tag(tag);
    if (!is_plain && tag != "!" && tag != "tag:yaml.org,2002:str") refuse_tag(mark, tag);
    add(is_plain ? plain_scalar_(text) : Value(text), mark, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (expects_key()) refuse_key(mark);
    const auto target = anchors_.find(anchor);
    if (target == anchors_.end()) stop(mark, "the alias stands inside of what it names");
    add(target->second, mark, YAML::NullAnchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(Value::List{}, mark, tag, anchor);
  }

  void OnSequenceEnd() override { end(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(Value::Object{}, mark, tag, anchor);
  }

  void OnMapEnd() override { end(); }

 private:
  struct Level {
    bool is_map = false;
    bool expects_key = false;
    YAML::anchor_t anchor = YAML::NullAnchor;
  };

  static int line(const YAML::Mark& mark) { return mark.line + 1; }

  static bool is_scalar_tag(const std::string& tag) {
    return tag == "tag:yaml.org,2002:int" || tag == "tag:yaml.org,2002:float" ||
           tag == "tag:yaml.org,2002:bool";
  }

  bool expects_key() const { return !levels_.empty() && levels_.back().expects_key; }

  void check(bool ok) {
    if (!ok) throw Stop{};
  }

  [[noreturn]] void stop(const YAML::Mark& mark, std::string message) {
    builder_.fail(line(mark), mark.column + 1, std::move(message));
    throw Stop{};
  }

  [[noreturn]] void refuse_key(const YAML::Mark& mark) { stop(mark, "a key must be plain text"); }

  [[noreturn]] void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    stop(mark, fmt::format("the tag \"{}\" is not known here", tag.substr(0, 60)));
  }

  void add(Value value, const YAML::Mark& mark, YAML::anchor_t anchor) {
    check(builder_.value(std::move(value), line(mark)));
    completed(anchor);
  }

  void begin(Value empty, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (expects_key()) refuse_key(mark);
    const bool known = tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:map" ||
                       tag == "tag:yaml.org,2002:seq";
    if (!known) refuse_tag(mark, tag);
    const bool is_map = empty.as_object() != nullptr;
    check(builder_.begin(std::move(empty), line(mark)));
    levels_.push_back({is_map, is_map, anchor});
  }

  void end() {
    check(builder_.end());
    const YAML::anchor_t anchor = levels_.back().anchor;
    levels_.pop_back();
    completed(anchor);
  }

  // A value of a map is followed by the next key.
  void completed(YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      check(builder_.within_limits(builder_.last(), builder_.last().line()));
      anchors_[anchor] = builder_.last();
    }
    if (!levels_.empty() && levels_.back().is_map) levels_.back().expects_key = true;
  }

  TreeBuilder& builder_;
  Value (*plain_scalar_)(const std::string&);
  std::vector<Level> levels_;
  std::map<YAML::anchor_t, Value> anchors_;
};

struct Place {
  int line = 0;
  int column = 0;
};

// The library says of a text that breaks off that it does so in its first line.
Place place_of(const YAML::Exception& error, std::string_view text) {
  if (!error.msg.starts_with("end of ")) return {error.mark.line + 1, error.mark.column + 1};
  const auto line = std::ranges::count(text, '\n') + 1;
  const auto column = text.size() - (text.rfind('\n') + 1) + 1;
  return {static_cast<int>(line), static_cast<int>(column)};
}

// False, with the problem told, when `read` stops or the library refuses the text.
template <class Read>
bool guarded(std::string_view text, TreeBuilder& builder, Read read) {
  std::ispanstream stream(std::span<const char>(text.data(), text.size()));
  try {
    YAML::Parser parser(stream);
    return read(parser);
  } catch (const Stop&) {
    return false;
  } catch (const YAML::Exception& error) {
    const Place place = place_of(error, text);
    return builder.fail(place.line, place.column, error.msg);
  }
}

}  // namespace

bool parse_yaml(std::string_view text, TreeBuilder& builder) {
  return guarded(text, builder, [&builder](YAML::Parser& parser) {
    YamlEvents events(builder, json_scalar);
    if (!parser.HandleNextDocument(events)) return builder.fail(1, 0, "the document is empty");
    if (parser) return builder.fail(0, 0, "more than one document in the file");
    return true;
  });
}

bool parse_manifest_yaml(std::string_view text, TreeBuilder& builder,
                         std::vector<Value>& documents) {
  return guarded(text, builder, [&](YAML::Parser& parser) {
    for (;;) {
      YamlEvents events(builder, yaml11_scalar);  // anchors are those of one document
      if (!parser.HandleNextDocument(events)) return true;
      documents.push_back(builder.take_root());
      merge_keys(documents.back());
    }
  });
}

}  // namespace casim::config
