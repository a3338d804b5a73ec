#include "sim/ec2/reservations.h"

#include <cassert>

#include "sim/ec2/tag_rules.h"
#include "src/core/random.h"

namespace casim::sim {

std::uint64_t parameters_of(const ec2::RunInstancesRequest& request) {
  std::uint64_t hash = hash_bytes(request.instance_type);
  const auto add = [&hash](std::uint64_t part) { hash = hash_combine(hash, part); };
  add(static_cast<std::uint64_t>(request.min_count));
  add(static_cast<std::uint64_t>(request.max_count));
  add(hash_bytes(request.image_id));
  add(static_cast<std::uint64_t>(request.lifecycle));
  add(request.disable_api_termination ? 1 : 0);
  add(hash_of(request.tags));
  for (const std::string& text :
       {request.launch_template.id, request.launch_template.name, request.launch_template.version,
        request.key_name, request.user_data, request.iam_instance_profile.arn,
        request.iam_instance_profile.name}) {
    add(hash_bytes(text));
  }
  for (const std::string& id : request.security_group_ids) add(hash_bytes(id));
  add(request.other_parameters);
  return hash;
}

void LaunchReservations::remember(LaunchReservationPtr reservation) {
  assert(!reservation->key.token.empty());
  ClientTokenKey key = reservation->key;
  const bool is_new = by_token_.emplace(std::move(key), std::move(reservation)).second;
  assert(is_new);
  static_cast<void>(is_new);
}

LaunchReservationPtr LaunchReservations::find(const ClientTokenKey& key, TimePoint now) {
  forget_expired(now);
  const auto found = by_token_.find(key);
  return found == by_token_.end() ? nullptr : found->second;
}

void LaunchReservations::on_all_terminated(LaunchReservation& reservation, TimePoint now) {
  reservation.ended = now;
  if (!reservation.key.token.empty()) expiring_.emplace_back(now + ttl_, reservation.key);
  forget_expired(now);
}

void LaunchReservations::forget_expired(TimePoint now) {
  while (!expiring_.empty() && expiring_.front().first <= now) {
    by_token_.erase(expiring_.front().second);
    expiring_.pop_front();
  }
}

}  // namespace casim::sim
