#include "src/core/random.h"

#include <cassert>
#include <cstddef>

namespace casim {
namespace {

// Byte by byte, so that the value does not hang on the byte order; compilers make it one load.
std::uint64_t load_little_endian(const char* bytes, std::size_t count) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < count; ++i) {
    word |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return word;
}

}  // namespace

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
  // The length goes in first, so that zero bytes at the end count.
  std::uint64_t hash = mix_bits(seed + kGoldenBits * (bytes.size() + 1));
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; at += 8, left -= 8) {
    hash = mix_bits((hash ^ load_little_endian(at, 8)) + kGoldenBits);
  }
  if (left > 0) hash = mix_bits((hash ^ load_little_endian(at, left)) + kGoldenBits);
  return hash;
}

std::uint64_t hash_combine(std::uint64_t a, std::uint64_t b) {
  return mix_bits((mix_bits(a + kGoldenBits) ^ b) + kGoldenBits);
}

std::uint64_t Random::bits(std::string_view purpose, std::uint64_t key, std::uint64_t n) const {
  return hash_combine(hash_combine(hash_bytes(purpose, seed_), key), n);
}

Draws::Draws(const Random& random, std::string_view purpose, std::uint64_t key)
    : mixed_(mix_bits(hash_combine(hash_bytes(purpose, random.seed()), key) + kGoldenBits)) {}

double Random::uniform(std::string_view purpose, std::uint64_t key, std::uint64_t n) const {
  // 52 bits and a half: the largest value, 1 - 2^-53, is still a double below 1.
  const auto step = static_cast<double>(bits(purpose, key, n) >> 12);
  return (step + 0.5) * 0x1p-52;
}

std::uint64_t Random::index(std::string_view purpose, std::uint64_t key, std::uint64_t n,
                            std::uint64_t count) const {
  assert(count > 0);
  // The high half of a product: no division, and a bias of count / 2^64 at most.
  return Draws(*this, purpose, key).index(n, count);
}

}  // namespace casim
