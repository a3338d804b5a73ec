#include "sim/world/api_writer.h"

#include <algorithm>
#include <memory>

#include "src/async/one_shot.h"

namespace casim::sim {
namespace {

// Starts the request with a callback and waits for it. `start` is called at once.
template <class T, class Start>
Awaitable<Result<T>> answer_of(asio::any_io_executor executor, Start start) {
  using Shot = OneShot<Result<T>>;
  return wait_for_answer<Shot>(
      std::move(executor),
      [start = std::move(start)](const std::shared_ptr<Shot>& shot) mutable {
        start([shot](Result<T> result) { shot->answer(std::move(result)); });
      },
      [](const std::shared_ptr<Shot>&) {});
}

void apply(const NodeUpdate& update, Node& node) {
  const auto& gone = update.remove_taints;
  std::erase_if(node.taints, [&](const Taint& taint) {
    return std::find(gone.begin(), gone.end(), taint.key) != gone.end();
  });
  node.taints.insert(node.taints.end(), update.add_taints.begin(), update.add_taints.end());
  if (update.unschedulable) node.unschedulable = *update.unschedulable;
}

}  // namespace

Awaitable<Result<NodePtr>> ApiWriter::update_node(NodeUpdate update) {
  return answer_of<NodePtr>(executor_, [this, update = std::move(update)](auto done) {
    client_.update_node(
        update.node, update.resource_version, [update](Node& node) { apply(update, node); },
        std::move(done));
  });
}

Awaitable<Result<NodePtr>> ApiWriter::get_node(std::string name) {
  return answer_of<NodePtr>(executor_, [this, name = std::move(name)](auto done) {
    client_.get_node(name, std::move(done));
  });
}

Awaitable<Result<void>> ApiWriter::evict(PodId pod, Duration grace) {
  return answer_of<void>(executor_, [this, pod, grace](auto done) {
    client_.delete_pod(pod, PodEnd::kEvicted, grace, std::move(done));
  });
}

Awaitable<Result<Pod>> ApiWriter::get_pod(PodId pod) {
  return answer_of<Pod>(executor_,
                        [this, pod](auto done) { client_.get_pod(pod, std::move(done)); });
}

Awaitable<Result<void>> ApiWriter::write_status(StatusWrite /*status*/) {
  const auto touch = [this](auto done) { client_.touch(std::move(done)); };
  const Result<void> read = co_await answer_of<void>(executor_, touch);
  if (!read) co_return read;
  co_return co_await answer_of<void>(executor_, touch);
}

Awaitable<Result<void>> ApiWriter::write_event() {
  return answer_of<void>(executor_, [this](auto done) { client_.touch(std::move(done)); });
}

}  // namespace casim::sim
