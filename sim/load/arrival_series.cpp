#include "sim/load/arrival_series.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "src/core/round.h"

namespace casim::sim {

namespace {

double round_size(double size) {
  int exponent = 0;
  const double mantissa = std::frexp(size, &exponent);  // 1/2 to 1
  return std::ldexp(std::floor(mantissa * 8 + 0.5), exponent - 3);
}

double size_of(const Distribution& distribution, double u) {
  if (const auto* mixture = std::get_if<Mixture>(&distribution.family())) {
    const MixtureDraw part = draw_part(*mixture, u);
    return size_of(*part.of, part.u);
  }
  const double size = distribution.quantile(u);
  const bool is_exact = std::holds_alternative<Constant>(distribution.family()) ||
                        std::holds_alternative<Empirical>(distribution.family());
  return is_exact ? size : round_size(size);
}

}  // namespace

std::int64_t draw_size(const Distribution& distribution, double u) {
  constexpr double kGreatest = 1e18;  // beyond any machine, and it fits
  return round_to<std::int64_t>(std::clamp(size_of(distribution, u), 1.0, kGreatest));
}

ArrivalSeries::ArrivalSeries(ArrivalSpec spec)
    : spec_(std::move(spec)), key_(hash_bytes(spec_.name)) {
  PodSpec& pod = spec_.pod;
  pod.workload = spec_.name;
  pod.name_prefix = spec_.name;
  pod.owner = spec_.as_jobs ? OwnerKind::kJob : OwnerKind::kNone;
  pod.owner_uid.clear();
  if (pod.labels.empty()) pod.labels.emplace("app", spec_.name);
  pod.requests.pods = 1;
}

std::unique_ptr<ArrivalStream> ArrivalSeries::arrivals() const {
  if (!spec_.is_poisson) return regular_arrivals(spec_.rate, spec_.end);
  return poisson_arrivals(spec_.rate, spec_.end, spec_.random, key_);
}

std::string ArrivalSeries::name_of(std::uint64_t index) const {
  return spec_.name + "-" + std::to_string(index);
}

PodSpecPtr ArrivalSeries::spec(std::uint64_t index) const {
  const PodSpecPtr& bare = bare_[shape_of(index)];
  if (!spec_.as_jobs) return bare;
  PodSpec pod = *bare;
  pod.owner_uid = "job/" + name_of(index);
  return std::make_shared<const PodSpec>(std::move(pod));
}

Owner ArrivalSeries::owner(std::uint64_t index) const {
  Owner owner;
  owner.kind = spec_.pod.owner;
  if (!spec_.as_jobs) return owner;
  owner.name = name_of(index);
  owner.uid = "job/" + owner.name;
  owner.namespace_name = spec_.pod.namespace_name;
  owner.replicas = 1;
  return owner;
}

std::optional<Duration> ArrivalSeries::run_for(std::uint64_t index) const {
  const EmpiricalPod* recorded = row(index);
  if (recorded != nullptr && recorded->run_for) return recorded->run_for;
  if (!spec_.run_for) return std::nullopt;
  return spec_.run_for->duration(draw("load.run_for", index));
}

std::uint32_t ArrivalSeries::shape_of(std::uint64_t index) const {
  MilliCpu cpu = spec_.pod.requests.cpu;
  Bytes memory = spec_.pod.requests.memory;
  if (spec_.cpu) cpu = MilliCpu(draw_size(*spec_.cpu, draw("load.cpu", index)));
  if (spec_.memory) memory = Bytes(draw_size(*spec_.memory, draw("load.memory", index)));
  if (const EmpiricalPod* recorded = row(index)) {
    cpu = recorded->cpu.value_or(cpu);
    memory = recorded->memory.value_or(memory);
  }
  const auto next = static_cast<std::uint32_t>(bare_.size());
  const auto [found, is_new] = shapes_.try_emplace({cpu, memory}, next);
  if (is_new) {
    PodSpec pod = spec_.pod;
    if (cpu != pod.requests.cpu || memory != pod.requests.memory)
      pod.scored.reset();  // by what it draws
    pod.requests.cpu = cpu;
    pod.requests.memory = memory;
    bare_.push_back(std::make_shared<const PodSpec>(std::move(pod)));
  }
  return found->second;
}

double ArrivalSeries::draw(std::string_view purpose, std::uint64_t index) const {
  return spec_.random.uniform(purpose, key_, index);
}

const EmpiricalPod* ArrivalSeries::row(std::uint64_t index) const {
  if (spec_.rows.empty()) return nullptr;
  return &spec_.rows[spec_.random.index("load.row", key_, index, spec_.rows.size())];
}

}  // namespace casim::sim
