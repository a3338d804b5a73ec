// Decisions taken from bytes, so that a fuzzer steers them by its input and a test by a seed.
#pragma once

#include <cassert>
#include <cstddef>
#include <string_view>

namespace casim::fuzz {

class Choices {
 public:
  explicit Choices(std::string_view bytes) : bytes_(bytes) {}

  bool is_spent() const { return bytes_.empty(); }

  // 0 .. limit-1; 0 once the bytes are used up. Requires: limit > 0.
  std::size_t below(std::size_t limit) {
    assert(limit > 0);
    std::size_t value = 0;
    for (std::size_t range = 1; range < limit && !bytes_.empty(); range <<= 8) {
      value = value << 8 | static_cast<unsigned char>(bytes_.front());
      bytes_.remove_prefix(1);
    }
    return value % limit;
  }

 private:
  std::string_view bytes_;
};

}  // namespace casim::fuzz
