// Names and paths in messages: "did you mean", and one fixed spelling of the place of a value.
#pragma once

#include <cstddef>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace casim::config {

// The candidate that was probably meant: least edit distance (insert, delete, replace, swap of
// neighbours; case and "_" for "-" cost nothing) up to a third of the word's length, the first of
// equals. If none is near, the first that ends in the word. Else nothing.
std::optional<std::string> nearest_name(std::string_view word,
                                        std::span<const std::string> candidates);
std::optional<std::string> nearest_name(std::string_view word,
                                        std::span<const std::string_view> candidates);

// "; did you mean \"min\"? allowed: name, min, max": the end of every message about a wrong name.
std::string suggestion(std::string_view word, std::span<const std::string_view> allowed);

// A path is a list of keys and indices: node_groups[2].labels["example.com/pool"].
using Segment = std::variant<std::string, std::size_t>;
using Path = std::vector<Segment>;

void append_key(std::string& path, std::string_view key);
void append_index(std::string& path, std::size_t index);
std::string to_string(const Path& path);
// Also reads what people type: a.0.b, a."x.y".b. The error says what is wrong.
std::expected<Path, std::string> parse_path(std::string_view text);

}  // namespace casim::config
