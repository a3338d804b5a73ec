#include "sim/scenario/describe.h"

namespace casim::sim {

using config::above;
using config::at_least;
using config::at_most;

void describe(config::Visitor& v, ImagePullConfig& i) {
  v.field("parallel", i.parallel, "a node pulls all images at once, not one after the other");
  v.field("overhead", i.overhead, "time of a pull, whatever the image's size");
  v.field("megabytes_per_s", i.megabytes_per_s, "median rate of a pull, in 10^6 bytes", above(0.0));
  v.field("rate_sigma", i.rate_sigma, "standard deviation of the rate's logarithm", at_least(0.0),
          at_most(5.0));
  v.field("cached", i.cached, "until an image is found that is there", at_least(Duration{}));
}

void describe(config::Visitor& v, NodeTerminationHandlerConfig& h) {
  v.field("cordon_only", h.cordon_only, "nodes are cordoned and not drained");
  v.field("taint_node", h.taint_node, "nodes get the taint aws-node-termination-handler/spot-itn");
  v.field("pod_termination_grace_period", h.pod_termination_grace_period,
          "time for pods to stop; absent: their own", at_least(Duration{}));
  v.field("node_termination_grace_period", h.node_termination_grace_period,
          "a drain begins so long before the machine's end, and is given up after it",
          above(Duration{}));
}

void describe(config::Visitor& v, NodesScenario& n) {
  v.field("image", n.image, "node image, which decides the boot time",
          config::one_of({"al2023", "al2_tuned", "al2_untuned", "bottlerocket", "custom_slow",
                          "hardened", "windows"}));
  v.field("boot", n.boot, "from running to the kubelet's start; absent: as the image does");
  v.field("metal_extra", n.metal_extra, "in addition to boot, of machines of a bare-metal type");
  v.field("register_after", n.register_after, "from the kubelet's start to the Node object");
  v.field("ready_after", n.ready_after, "from the Node object to Ready");
  v.field("pod_start", n.pod_start, "from bound to running");
  v.field("image_pulls", n.image_pulls,
          "how nodes pull the images of pods; {}: as measured; absent: all images are there");
  v.field("max_pods_cap", n.max_pods_cap, "pods per node, whatever the type allows; 0: no cap",
          at_least(0));
  v.field("kube_reserved", n.kube_reserved,
          "what nodes keep from pods: as EKS reserves it, or nothing");
  v.field("cloud_controller_manager", n.cloud_controller_manager,
          "whether somebody deletes the node of a machine that is gone");
  v.field("termination_handler", n.termination_handler,
          "aws-node-termination-handler, which drains a node whose Spot machine is taken back; {}: "
          "with its defaults; absent: nobody does");
  v.field("never_registers", n.never_registers, "share of machines that boot and never join",
          config::probability());
}

}  // namespace casim::sim
