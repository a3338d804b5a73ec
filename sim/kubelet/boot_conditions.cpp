#include "sim/kubelet/boot_conditions.h"

namespace casim::sim {

BootCourse BootConditions::on_boot(const ec2::Instance& /*instance*/, TimePoint /*at*/) const {
  return {};
}

TimePoint BootConditions::registers_from(const ec2::Instance& /*instance*/, TimePoint at) const {
  return at;
}

const BootConditions& normal_boots() {
  static const BootConditions kNormal;
  return kNormal;
}

}  // namespace casim::sim
