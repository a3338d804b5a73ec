#include "sim/kubelet/image_puller.h"

#include <algorithm>
#include <utility>

namespace casim::sim {

ImagePuller::ImagePuller(const Random& random, ImagePullConfig config)
    : random_(random), config_(std::move(config)) {}

TimePoint ImagePuller::ready_at(const Node& node, const ContainerImage& image, TimePoint now) {
  if (disks_.size() <= node.id.value()) disks_.resize(node.id.value() + 1);
  Disk& disk = disks_[node.id.value()];
  const auto known = disk.images.find(image.name);
  if (known != disk.images.end()) return std::max(now, known->second) + config_.cached;
  const TimePoint begin = config_.parallel ? now : std::max(now, disk.busy_until);
  const TimePoint done = begin + pull_time(node, image);
  disk.busy_until = done;
  disk.images.emplace(image.name, done);
  return done;
}

void ImagePuller::stop_node(NodeId node, TimePoint now) {
  if (disks_.size() <= node.value()) return;
  Disk& disk = disks_[node.value()];
  std::erase_if(disk.images, [now](const auto& image) { return image.second > now; });
  disk.busy_until = now;
}

Duration ImagePuller::pull_time(const Node& node, const ContainerImage& image) const {
  const std::uint64_t key = hash_bytes(node.name);
  const std::uint64_t name = hash_bytes(image.name);
  const Distribution rate = Distribution::lognormal(config_.megabytes_per_s, config_.rate_sigma);
  const double megabytes = static_cast<double>(image.size.value()) / 1e6;
  return config_.overhead.duration(random_.uniform("kubelet.pull", key, name)) +
         from_seconds(megabytes / rate.quantile(random_.uniform("kubelet.pull_rate", key, name)));
}

}  // namespace casim::sim
