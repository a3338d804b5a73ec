#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "src/config/names.h"

namespace casim::config {
namespace {

constexpr std::size_t kLongestWord = 64;
constexpr std::size_t kNamesShown = 40;
constexpr std::size_t kNamesShownOfMany = 8;  // where there are more than that
constexpr std::size_t kShortestEnd = 4;

std::string folded(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_') c = '-';
  }
  return result;
}

// Optimal string alignment: insertions, deletions, replacements, swaps of neighbours.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before_last.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

// The first candidate of which the word is the last part.
template <class Text>
const Text* ending_in(const std::string& meant, std::span<const Text> candidates) {
  if (meant.size() < kShortestEnd) return nullptr;
  for (const Text& candidate : candidates) {
    if (candidate.size() <= kLongestWord && folded(candidate).ends_with(meant)) return &candidate;
  }
  return nullptr;
}

template <class Text>
std::optional<std::string> nearest(std::string_view word, std::span<const Text> candidates) {
  if (word.size() > kLongestWord) return std::nullopt;
  const std::string meant = folded(word);
  const Text* best = nullptr;
  std::size_t least = 0;
  for (const Text& candidate : candidates) {
    if (candidate.size() > kLongestWord) continue;
    const std::size_t limit = std::max<std::size_t>(1, std::max(word.size(), candidate.size()) / 3);
    const std::size_t distance = edit_distance(meant, folded(candidate));
    // A word that shares no letter is no help, however short it is.
    if (distance > limit || (distance > 0 && distance >= word.size())) continue;
    if (best != nullptr && distance >= least) continue;
    best = &candidate;
    least = distance;
  }
  if (best == nullptr) best = ending_in(meant, candidates);
  if (best == nullptr) return std::nullopt;
  return std::string(*best);
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

// All of them, or of very many the first that begin as the word does for as long as any.
std::vector<std::string_view> names_to_show(std::string_view word,
                                            std::span<const std::string_view> allowed) {
  if (allowed.size() <= kNamesShown) return {allowed.begin(), allowed.end()};
  std::size_t longest = 0;
  for (const std::string_view name : allowed)
    longest = std::max(longest, common_prefix(word, name));
  std::vector<std::string_view> shown;
  for (const std::string_view name : allowed) {
    if (shown.size() < kNamesShownOfMany && common_prefix(word, name) == longest) {
      shown.push_back(name);
    }
  }
  return shown;
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view word,
                                        std::span<const std::string> candidates) {
  return nearest(word, candidates);
}

std::optional<std::string> nearest_name(std::string_view word,
                                        std::span<const std::string_view> candidates) {
  return nearest(word, candidates);
}

std::string suggestion(std::string_view word, std::span<const std::string_view> allowed) {
  std::string text;
  if (const auto near = nearest_name(word, allowed)) {
    text += fmt::format("; did you mean \"{}\"?", *near);
  }
  if (allowed.empty()) return text + "; none is allowed here";
  const std::vector<std::string_view> shown = names_to_show(word, allowed);
  text += fmt::format("{} allowed: {}", text.empty() ? ";" : "", fmt::join(shown, ", "));
  if (allowed.size() > shown.size()) {
    text += fmt::format(" and {} more", allowed.size() - shown.size());
  }
  return text;
}

}  // namespace casim::config
