#include "src/config/document.h"

#include <cerrno>
#include <fstream>
#include <system_error>

#include <fmt/format.h>

#include "src/config/manifest_document.h"
#include "src/config/names.h"
#include "src/config/parsers.h"

namespace casim::config {
namespace {

const Value* step(const Value& value, const Segment& segment) {
  if (const auto* key = std::get_if<std::string>(&segment)) return value.find(*key);
  const Value::List* items = value.as_list();
  const std::size_t index = std::get<std::size_t>(segment);
  return items != nullptr && index < items->size() ? &(*items)[index] : nullptr;
}

void unreadable(Problems& problems, const std::filesystem::path& file, std::string reason) {
  problems.add({Severity::kError, file.string(), 0, 0, "",
                fmt::format("cannot be read: {}", std::move(reason))});
}

std::optional<std::string> read_text(const std::filesystem::path& file, std::size_t most_bytes,
                                     Problems& problems) {
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    unreadable(problems, file, "it is a folder");
    return std::nullopt;
  }
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    unreadable(problems, file, std::generic_category().message(errno));
    return std::nullopt;
  }
  std::string text;
  char buffer[1 << 16];
  while (stream.read(buffer, sizeof buffer) || stream.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(stream.gcount()));
    if (text.size() <= most_bytes) continue;
    unreadable(problems, file, fmt::format("it is larger than {} MiB", most_bytes >> 20));
    return std::nullopt;
  }
  if (stream.bad()) {
    unreadable(problems, file, std::generic_category().message(errno));
    return std::nullopt;
  }
  return text;
}

}  // namespace

Format format_of(const std::filesystem::path& file) {
  const auto extension = file.extension();
  return extension == ".yaml" || extension == ".yml" ? Format::kYaml : Format::kJson;
}

const Value* Document::find(std::string_view path) const {
  if (path.empty()) return &root_;
  const auto segments = parse_path(path);
  if (!segments) return nullptr;
  const Value* value = &root_;
  for (const Segment& segment : *segments) {
    value = step(*value, segment);
    if (value == nullptr) return nullptr;
  }
  return value;
}

const Value& Document::nearest(std::string_view path) const {
  const Value* value = &root_;
  const auto segments = path.empty() ? Path{} : parse_path(path).value_or(Path{});
  for (const Segment& segment : segments) {
    const Value* next = step(*value, segment);
    if (next == nullptr) break;
    value = next;
  }
  return *value;
}

void Document::error(Problems& problems, std::string path, std::string message) const {
  problems.error(nearest(path), path, std::move(message));
}

void Document::warning(Problems& problems, std::string path, std::string message) const {
  problems.warning(nearest(path), path, std::move(message));
}

std::optional<Document> parse_text(std::string_view text, Format format, Origin origin,
                                   Problems& problems) {
  TreeBuilder builder(std::make_shared<const Origin>(std::move(origin)), problems);
  const bool ok = format == Format::kYaml ? parse_yaml(text, builder)
                                          : parse_json(text, /*allow_comments=*/true, builder);
  if (!ok) return std::nullopt;
  return Document(builder.take_root());
}

std::optional<Document> load_file(const std::filesystem::path& file, Problems& problems) {
  const auto text = read_text(file, kMaxBytes, problems);
  if (!text) return std::nullopt;
  return parse_text(*text, format_of(file), Origin{file.string(), file.parent_path()}, problems);
}

std::optional<std::vector<Document>> parse_manifest(std::string_view text, Format format,
                                                    Origin origin, Problems& problems,
                                                    ManifestLimits limits) {
  TreeBuilder builder(std::make_shared<const Origin>(std::move(origin)), problems, limits.values);
  std::vector<Value> roots;
  if (format == Format::kYaml) {
    if (!parse_manifest_yaml(text, builder, roots)) return std::nullopt;
  } else {
    if (!parse_json(text, /*allow_comments=*/true, builder)) return std::nullopt;
    roots.push_back(builder.take_root());
  }
  std::vector<Document> documents;
  for (Value& root : roots) {
    if (!root.is_null()) documents.emplace_back(std::move(root));
  }
  return documents;
}

std::optional<std::vector<Document>> load_manifest(const std::filesystem::path& file,
                                                   Problems& problems, ManifestLimits limits) {
  const auto text = read_text(file, limits.bytes, problems);
  if (!text) return std::nullopt;
  return parse_manifest(*text, format_of(file), Origin{file.string(), file.parent_path()}, problems,
                        limits);
}

}  // namespace casim::config
