#include "sim/events/digest.h"

#include <string_view>
#include <tuple>
#include <type_traits>
#include <variant>
#include <vector>

#include "src/core/random.h"

namespace casim::sim {

namespace {

void put(std::string& bytes, std::uint64_t value) {
  for (int shift = 0; shift < 64; shift += 8) {
    bytes.push_back(static_cast<char>(static_cast<unsigned char>(value >> shift)));
  }
}

void put(std::string& bytes, std::string_view text) {
  put(bytes, std::uint64_t{text.size()});
  bytes += text;
}

void put(std::string& bytes, const std::string& text) { put(bytes, std::string_view(text)); }

template <class Rep, class Period>
void put(std::string& bytes, std::chrono::duration<Rep, Period> span) {
  put(bytes, static_cast<std::uint64_t>(span.count()));
}

// An absent id is all ones, whatever its width.
template <class Tag, class Rep>
void put(std::string& bytes, Id<Tag, Rep> id) {
  put(bytes, id.is_valid() ? std::uint64_t{id.value()} : UINT64_MAX);
}

template <class T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>)
void put(std::string& bytes, T value) {
  put(bytes, static_cast<std::uint64_t>(static_cast<std::int64_t>(value)));
}

template <class T>
void put(std::string& bytes, const std::vector<T>& list) {
  put(bytes, std::uint64_t{list.size()});
  for (const T& item : list) put(bytes, item);
}

}  // namespace

void Digest::on_fact(TimePoint at, const Fact& fact) {
  bytes_.clear();
  put(bytes_, at.time_since_epoch());
  std::visit(
      [this](const auto& one) {
        put(bytes_, std::string_view(one.kName));
        std::apply([this](const auto&... field) { (put(bytes_, field), ...); }, one.fields());
      },
      fact);
  value_ = hash_bytes(bytes_, value_);
  ++facts_;
}

}  // namespace casim::sim
