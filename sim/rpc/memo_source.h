// What decides whether an earlier answer still holds, read in process.
#pragma once

#include <cstdint>
#include <string>

namespace casim::server {
class ProviderService;
}

namespace casim::sim {

struct MemoState {
  bool is_up = false;                   // a provider is attached
  std::uint64_t epoch = 0;              // of the server: its configuration is fixed within one
  std::uint64_t generation_of_all = 0;  // changes whenever any group's does

  bool operator==(const MemoState&) const = default;
};

class MemoSource {
 public:
  virtual ~MemoSource() = default;
  virtual MemoState state() const = 0;
  // Only while up.
  virtual std::uint64_t generation(const std::string& group) const = 0;
  virtual std::uint64_t generation_of_node(const std::string& provider_id) const = 0;
};

// Asks whatever provider is attached.
class ServiceMemoSource final : public MemoSource {
 public:
  explicit ServiceMemoSource(const server::ProviderService& service) : service_(service) {}

  MemoState state() const override;
  std::uint64_t generation(const std::string& group) const override;
  std::uint64_t generation_of_node(const std::string& provider_id) const override;

 private:
  const server::ProviderService& service_;
};

}  // namespace casim::sim
