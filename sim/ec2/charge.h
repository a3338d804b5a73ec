// What a request takes from the buckets of its action, beside one token of requests.
// Source: ec2.md section 3 (THR).
#pragma once

namespace casim::sim {

struct Charge {
  double instances = 0;         // from the bucket of instances, where the action has one
  bool for_everything = false;  // a describe without filter, page or ids, whose bucket is smaller
};

}  // namespace casim::sim
