// Images on the disks of nodes, and when a pull is done: as functions of time, without events. A
// kubelet pulls one image after the other unless it is told to do so in parallel; an image that
// another pod has asked for already is waited for. Source: ec2.md 5.3.
// Not modelled: layers that images share, the registry's limits, images that are thrown away for
// lack of disk, images that the scheduler prefers nodes for.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/cluster/objects.h"
#include "src/core/distribution.h"
#include "src/core/random.h"

namespace casim::sim {

struct ImagePullConfig {
  bool parallel = false;  // serializeImagePulls is true by default (algorithm 5.5)
  Distribution overhead = Distribution::lognormal(3, 0.5);  // of one pull, whatever its size (F)
  double megabytes_per_s = 28;                              // of one pull, in 10^6 bytes (F) ...
  double rate_sigma = 0.3;                                  // ... log-normal about that (F)
  Duration cached = std::chrono::milliseconds(130);         // until it is found on the disk
};

class ImagePuller {
 public:
  // The randomness outlives it.
  ImagePuller(const Random& random, ImagePullConfig config);

  // When a pod that asks for the image now has it. Times do not go back.
  TimePoint ready_at(const Node& node, const ContainerImage& image, TimePoint now);
  // The machine stops: what is being pulled is lost, what is there stays.
  void stop_node(NodeId node, TimePoint now);

 private:
  struct Disk {
    std::map<std::string, TimePoint> images;  // since when, or from when on
    TimePoint busy_until{};                   // pulls that wait for each other
  };

  Duration pull_time(const Node& node, const ContainerImage& image) const;

  const Random& random_;
  ImagePullConfig config_;
  std::vector<Disk> disks_;  // by NodeId
};

}  // namespace casim::sim
