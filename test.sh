#!/usr/bin/env bash
# ./test.sh [CTEST ARGUMENT...]: install what is missing, build everything, run all tests.
# Ends with the number of recorded cases that were run (oracle/README.md). CASIM_ORACLE_CASES: further
# files and folders of such cases, separated by colons.
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
ctest --test-dir "$root/build/release" -j "$(nproc)" --output-on-failure --no-tests=error "$@"
status=$?
# As casim-oracle closes with, once for each file of cases.
sed -nE 's/^([0-9]+) passed, ([0-9]+) failed.*/\1 \2/p' \
  "$root/build/release/Testing/Temporary/LastTest.log" |
  awk '{ passed += $1; failed += $2 }
       END { if (NR) print "Recorded cases: " passed " passed, " failed " failed, " NR " files" }'
exit "$status"
