#include "sim/cli/interrupt.h"

#include <csignal>
#include <ctime>

namespace casim::sim {
namespace {

sigset_t signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Interrupt::Interrupt() {
  const sigset_t set = signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

Interrupt::~Interrupt() {
  const sigset_t set = signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

bool Interrupt::is_requested() {
  const sigset_t set = signals();
  const timespec at_once{};
  while (sigtimedwait(&set, nullptr, &at_once) > 0) requested_ = true;
  return requested_;
}

}  // namespace casim::sim
