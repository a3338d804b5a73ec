#!/usr/bin/env bash
# The whole provider under the thread sanitizer, by hand: gRPC is not instrumented, so the tsan preset
# leaves it out, and what happens inside it is not looked at here. The tests of the program and the
# load of the benches, which are built for release, run against a provider built for the sanitizer.
# Fails when they do, or when anything is reported.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.."
reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

cmake --preset tsan -B build/tsan-provider -DCASIM_TSAN_GRPC=ON -DBUILD_TESTING=ON
cmake --build build/tsan-provider --target casim-provider
cmake --build build/release --target program_test provider_load_bench
export CASIM_PROVIDER_UNDER_TEST=$PWD/build/tsan-provider/bin/casim-provider
export TSAN_OPTIONS="ignore_noninstrumented_modules=1 log_path=$reports/race exitcode=0"
# GCC 12's thread sanitizer needs addresses that are not drawn.
failed=
setarch "$(uname -m)" -R build/release/bin/program_test || failed=1
setarch "$(uname -m)" -R build/release/bin/provider_load_bench --quick calls || failed=1
cat "$reports"/race* 2>/dev/null && exit 1
[ -z "$failed" ] || exit 1
echo "no race"
