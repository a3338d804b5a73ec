# What casim needs of Debian, and how it gets there. Sourced by run.sh, test.sh and .ci/run.

say() { printf 'casim: %s\n' "$*" >&2; }

# shellcheck disable=SC2034
packages_of_build() {
  local boost=
  # Debian 12 calls 1.74 the default; casim needs 1.81. Later releases have newer defaults.
  # shellcheck disable=SC1091
  [ "$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-}")" = bookworm ] && boost=1.81
  echo g++ mold cmake ninja-build ccache pkg-config \
    "libboost$boost-dev" "libboost-program-options$boost-dev" \
    libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc \
    libabsl-dev libc-ares-dev libre2-dev \
    nlohmann-json3-dev libyaml-cpp-dev libfmt-dev libspdlog-dev libsqlite3-dev libsqlitecpp-dev \
    libssl-dev zlib1g-dev libjemalloc-dev libjs-chart.js
}

# The last lines are what tests run beside casim: a browser, xmllint, promtool, Slurm on this node,
# clients of EC2, and what checks documents and manifests. Tests that miss one of them say so and are
# left out.
packages_of_tests() {
  echo catch2 libbenchmark-dev \
    chromium fonts-dejavu-core \
    libxml2-utils prometheus munge slurm-client slurmctld slurmd \
    awscli python3-boto3 \
    curl jq python3-jsonschema openapi-specification python3-yaml
}

# The presets tidy and fuzz, and formatting; no script installs these.
packages_of_tools() { echo clang-19 clang-tidy-19 clang-format-19 libclang-rt-19-dev; }

# install PACKAGE...: does nothing, apt included, when all are there.
install() {
  command -v dpkg-query >/dev/null || return 0 # another distribution: its user knows better
  local missing=() package as_root=()
  local have
  # shellcheck disable=SC2016
  have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null)
  for package in "$@"; do
    grep -qxF "installed $package" <<<"$have" || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0

  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
      as_root=(sudo)
    else
      say "these packages are missing: ${missing[*]}"
      say "install them as root: apt-get install --no-install-recommends ${missing[*]}"
      return 1
    fi
  fi
  say "installing ${missing[*]}"
  local log
  log=$(mktemp)
  if ! "${as_root[@]}" apt-get -qq update >"$log" 2>&1 ||
    ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
      -o DPkg::Lock::Timeout=600 install "${missing[@]}" >>"$log" 2>&1 </dev/null; then
    cat "$log" >&2
    rm -f "$log"
    say "could not install: ${missing[*]}"
    return 1
  fi
  rm -f "$log"
}
