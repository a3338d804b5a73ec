#include "sim/scenario/cluster_writer.h"

#include <algorithm>
#include <memory>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace casim::sim {
namespace {

// One request that somebody waits for. Answer and cancellation race; the first empties `handler`.
template <class T>
struct Waiting {
  using Handler = asio::any_completion_handler<void(boost::system::error_code, Result<T>)>;

  explicit Waiting(Handler h) : handler(std::move(h)) {}

  Handler handler;

  void finish(const asio::any_io_executor& executor, boost::system::error_code error,
              Result<T> result) {
    if (!handler) return;
    asio::post(executor, [h = std::exchange(handler, nullptr), error,
                          r = std::move(result)]() mutable { std::move(h)(error, std::move(r)); });
  }
};

// Starts the request with a callback and waits for it. `start` is called at once.
template <class T, class Start>
Awaitable<Result<T>> answer_of(asio::any_io_executor executor, Start start) {
  co_return co_await asio::async_initiate<const asio::use_awaitable_t<>,
                                          void(boost::system::error_code, Result<T>)>(
      [&executor, &start](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        // Constructed, not assigned: Boost 1.81's move assignment never returns.
        using Handler = typename Waiting<T>::Handler;
        auto waiting = std::make_shared<Waiting<T>>(Handler(std::move(handler)));
        if (slot.is_connected()) {
          slot.assign([executor, waiting](asio::cancellation_type) {
            waiting->finish(executor, asio::error::operation_aborted,
                            failure(ErrorCode::kCancelled, "cancelled"));
          });
        }
        start([executor, waiting](Result<T> result) {
          waiting->finish(executor, {}, std::move(result));
        });
      },
      asio::use_awaitable);
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
