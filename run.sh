#!/usr/bin/env bash
# ./run.sh [SCENARIO] [OPTION...]: install what is missing, build casim, run a scenario.
set -u
here=$PWD
root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
. "$root/.ci/packages.sh"
. "$root/.ci/build.sh"

# shellcheck disable=SC2046
install $(packages_of_build) || exit 1
# Tests and benches need packages that a user does not; test.sh turns them on.
testing=$(cached BUILD_TESTING "$root/build/release/CMakeCache.txt")
configure release "-DBUILD_TESTING=${testing:-OFF}" || exit 1
build release casim || exit 1

case ${1:-} in
  '' | -*)
    scenario=$root/scenarios/first-burst.json
    set -- "${scenario#"$here"/}" "$@"
    ;;
esac
exec "$root/build/release/bin/casim" run "$@"
