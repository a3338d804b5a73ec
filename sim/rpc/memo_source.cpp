#include "sim/rpc/memo_source.h"

#include "src/provider/provider.h"
#include "src/server/provider_service.h"

namespace casim::sim {

MemoState ServiceMemoSource::state() const {
  const provider::Provider* provider = service_.provider();
  if (provider == nullptr) return {};
  return {.is_up = true,
          .epoch = service_.server_epoch(),
          .generation_of_all = provider->generation_of_all()};
}

std::uint64_t ServiceMemoSource::generation(const std::string& group) const {
  return service_.provider()->generation(group);
}

std::uint64_t ServiceMemoSource::generation_of_node(const std::string& provider_id) const {
  return service_.provider()->generation_of_node(provider_id);
}

}  // namespace casim::sim
