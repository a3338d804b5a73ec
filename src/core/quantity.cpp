#include "src/core/quantity.h"

#include <array>

namespace casim {
namespace {

using Extended = boost::container::flat_map<std::string, std::int64_t>;

// An amount of zero is the same as no entry, so zero entries go: equality compares the maps.
void add_extended(Extended& to, const Extended& other, std::int64_t sign) {
  for (const auto& [name, amount] : other) {
    const auto entry = to.emplace(name, 0).first;
    entry->second += sign * amount;
    if (entry->second == 0) to.erase(entry);
  }
}

bool fits(std::int64_t amount, std::int64_t free) { return amount <= 0 || amount <= free; }

}  // namespace

Resources& Resources::operator+=(const Resources& other) {
  cpu += other.cpu;
  memory += other.memory;
  ephemeral_storage += other.ephemeral_storage;
  pods += other.pods;
  add_extended(extended, other.extended, 1);
  return *this;
}

Resources& Resources::operator-=(const Resources& other) {
  cpu -= other.cpu;
  memory -= other.memory;
  ephemeral_storage -= other.ephemeral_storage;
  pods -= other.pods;
  add_extended(extended, other.extended, -1);
  return *this;
}

bool Resources::fits_in(const Resources& free) const {
  if (!fits(cpu.value(), free.cpu.value())) return false;
  if (!fits(memory.value(), free.memory.value())) return false;
  if (!fits(ephemeral_storage.value(), free.ephemeral_storage.value())) return false;
  if (!fits(pods, free.pods)) return false;
  for (const auto& [name, amount] : extended) {
    const auto entry = free.extended.find(name);
    if (!fits(amount, entry == free.extended.end() ? 0 : entry->second)) return false;
  }
  return true;
}

Resources operator+(Resources a, const Resources& b) { return a += b; }

Resources operator-(Resources a, const Resources& b) { return a -= b; }

std::string to_string(MilliCpu amount) {
  const std::int64_t milli = amount.value();
  if (milli % 1000 == 0) return std::to_string(milli / 1000);
  return std::to_string(milli) + "m";
}

std::string to_string(Bytes amount) {
  // The canonical form takes the largest unit that leaves no fraction (Quantity.CanonicalizeBytes
  // in k8s.io/apimachinery).
  constexpr std::array kUnits = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};
  std::int64_t value = amount.value();
  std::size_t unit = 0;
  while (value != 0 && value % 1024 == 0) {
    value /= 1024;
    ++unit;
  }
  return std::to_string(value) + kUnits[unit];
}

}  // namespace casim
