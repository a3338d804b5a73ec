#include "tests/tidy/functions.h"

#include "tests/tidy/source_text.h"

namespace casim::tidy {
namespace {

bool has_word(std::string_view text, std::string_view word) {
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) {
      return true;
    }
  }
  return false;
}

enum class Scope { kNames, kFunction, kOther };

// What a brace opens, told by the words since the last statement.
Scope scope_of(std::string_view head) {
  const auto open = head.find('(');
  const auto assign = head.find('=');
  const std::string_view before = head.substr(0, open);
  for (const std::string_view word : {"namespace", "struct", "class", "union"}) {
    if (has_word(before, word)) return Scope::kNames;
  }
  if (has_word(before, "extern")) return Scope::kNames;
  if (open == std::string_view::npos || assign < open) {
    return before.find("operator") == std::string_view::npos ? Scope::kOther : Scope::kFunction;
  }
  return Scope::kFunction;
}

class Finder {
 public:
  explicit Finder(const std::string& text) : text_(Stripper(text).run()) {}

  std::vector<Function> run() {
    for (const char c : text_) {
      read(c);
      if (c == '\n') ++line_;
    }
    return std::move(functions_);
  }

 private:
  void read(char c) {
    if (c == '{') return open();
    if (c == '}') return close();
    if (c == ';' && parentheses_ == 0) return head_.clear();
    if (c == '(') ++parentheses_;
    if (c == ')') --parentheses_;
    if (head_.empty()) {
      if (c == ' ' || c == '\n' || c == '#') return;
      start_ = line_;
    }
    head_ += c;
  }

  void open() {
    const bool is_inside = !scopes_.empty() && scopes_.back() != Scope::kNames;
    const Scope scope = is_inside || parentheses_ > 0 ? Scope::kOther : scope_of(head_);
    if (scope == Scope::kFunction) functions_.push_back({start_, 0});
    scopes_.push_back(scope);
    if (scope != Scope::kOther) head_.clear();
  }

  void close() {
    if (scopes_.empty()) return;
    const Scope scope = scopes_.back();
    scopes_.pop_back();
    if (scope == Scope::kFunction) functions_.back().lines = line_ - start_of_last() + 1;
    if (scope != Scope::kOther) head_.clear();
  }

  std::size_t start_of_last() const { return functions_.back().first_line; }

  std::string text_;
  std::string head_;  // since the last statement
  std::vector<Scope> scopes_;
  std::vector<Function> functions_;
  std::size_t line_ = 1;
  std::size_t start_ = 1;  // line on which the head begins
  int parentheses_ = 0;
};

}  // namespace

std::vector<Function> functions_in(const std::string& text) { return Finder(text).run(); }

}  // namespace casim::tidy
