// A C++ source as the tidy tests read it: comments and the insides of literals blanked.
#pragma once

#include <algorithm>
#include <cctype>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace casim::tidy {

inline bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The text with comments and the insides of literals blanked, line breaks kept.
class Stripper {
 public:
  explicit Stripper(std::string_view text) : text_(text), out_(text) {}

  std::string run() {
    while (at_ < text_.size()) {
      if (next_is("//")) {
        blank_until("\n", 0);
      } else if (next_is("/*")) {
        blank_until("*/", 2);
      } else if (next_is("R\"") && (at_ == 0 || !is_word(text_[at_ - 1]))) {
        const auto open = text_.find('(', at_);
        if (open == std::string_view::npos) break;
        const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
        blank_until(close, close.size());
      } else if (text_[at_] == '"' || starts_char_literal()) {
        blank_literal(text_[at_]);
      } else {
        ++at_;
      }
    }
    return out_;
  }

 private:
  bool next_is(std::string_view token) const { return text_.substr(at_).starts_with(token); }

  // An apostrophe after a digit separates digits.
  bool starts_char_literal() const {
    return text_[at_] == '\'' &&
           (at_ == 0 || std::isxdigit(static_cast<unsigned char>(text_[at_ - 1])) == 0);
  }

  void blank(std::size_t end) {
    for (; at_ < std::min(end, text_.size()); ++at_) {
      if (text_[at_] != '\n') out_[at_] = ' ';
    }
  }

  void blank_until(std::string_view close, std::size_t take) {
    const auto found = text_.find(close, at_ + 1);
    blank(found == std::string_view::npos ? text_.size() : found + take);
  }

  void blank_literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    blank(end + 1);
  }

  std::string_view text_;
  std::string out_;
  std::size_t at_ = 0;
};

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace casim::tidy
