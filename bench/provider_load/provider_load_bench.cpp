// casim-provider as its users run it, a process with its store on a disk, under load over TCP:
//   provider_load_bench [--quick] calls|fleet|readers
// --quick: an instant of each, with a hundredth of the machines.
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <string>

#include "bench/provider_load/parts.h"
#include "src/server/grpc_runtime.h"

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void(bool)>> parts = {
      {"calls", casim::bench::measure_calls},
      {"fleet", casim::bench::measure_fleet},
      {"readers", casim::bench::measure_readers}};
  const bool is_quick = argc > 1 && std::string(argv[1]) == "--quick";
  const auto part = argc == (is_quick ? 3 : 2) ? parts.find(argv[argc - 1]) : parts.end();
  if (part == parts.end()) {
    std::fputs("provider_load_bench [--quick] calls|fleet|readers\n", stderr);
    return 2;
  }
  try {
    const casim::server::GrpcRuntime runtime;
    part->second(is_quick);
    return 0;
  } catch (const std::exception& e) {
    std::fprintf(stderr, "provider_load_bench: %s\n", e.what());
    return 1;
  }
}
