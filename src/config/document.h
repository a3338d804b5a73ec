// A configuration text parsed into values. JSON (with // and /* */ comments) or YAML, one and the
// same tree. Never throws and never crashes on bad input: depth and size are limited.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "src/config/problems.h"
#include "src/config/value.h"

namespace casim::config {

inline constexpr int kMaxDepth = 64;
inline constexpr std::size_t kMaxValues = 500'000;  // YAML aliases can multiply
inline constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

enum class Format { kJson, kYaml };

// By the end of the name: .yaml and .yml are YAML, all else is JSON.
Format format_of(const std::filesystem::path& file);

class Document {
 public:
  explicit Document(Value root) : root_(std::move(root)) {}

  const Value& root() const { return root_; }

  Value& root() { return root_; }

  // The value at a path as written in problems ("node_groups[2].min"), or null.
  const Value* find(std::string_view path) const;

  // For checks made after reading (a name that refers to nothing): at the line of that path, or of
  // the nearest value above it that exists.
  void error(Problems& problems, std::string path, std::string message) const;
  void warning(Problems& problems, std::string path, std::string message) const;

 private:
  const Value& nearest(std::string_view path) const;

  Value root_;
};

// Nothing when the text cannot be parsed; a duplicate key is a problem, but the rest is kept.
std::optional<Document> load_file(const std::filesystem::path& file, Problems& problems);
std::optional<Document> parse_text(std::string_view text, Format format, Origin origin,
                                   Problems& problems);

}  // namespace casim::config
