#!/usr/bin/env bash
# ./test.sh [CTEST ARGUMENT...]: install what is missing, build everything, run all tests.
# CASIM_ORACLE_CASES: more case files for the oracle tests, separated by colons.
set -u
root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$root/.ci/packages.sh"
. "$root/.ci/build.sh"

options=(-DBUILD_TESTING=ON)
[ -z "${CASIM_ORACLE_CASES:-}" ] || options+=("-DCASIM_ORACLE_CASES=${CASIM_ORACLE_CASES//:/;}")

# shellcheck disable=SC2046
install $(packages_of_build) $(packages_of_tests) || exit 1
configure release "${options[@]}" || exit 1
build release all || exit 1
exec ctest --test-dir "$root/build/release" -j "$(nproc)" --output-on-failure --no-tests=error "$@"
