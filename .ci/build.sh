# Configures and builds a preset. Sourced by run.sh, test.sh and .ci/run; needs root, the checkout.

# Parallel jobs: one a processor, but no more than memory allows at 2 GiB each.
jobs_max() {
  local kib limit n
  kib=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null)
  case $limit in
    '' | max) ;;
    *) [ $((limit / 1024)) -lt "$kib" ] && kib=$((limit / 1024)) ;;
  esac
  n=$((kib / 2097152))
  [ "$n" -gt "$(nproc)" ] && n=$(nproc)
  [ "$n" -lt 1 ] && n=1
  echo "$n"
}

# cached NAME FILE: the value of a variable in a CMakeCache.txt.
cached() { sed -n "s/^$1:[A-Z]*=//p" "$2" 2>/dev/null; }

# configure PRESET [-DNAME=VALUE...]: only if something changed; the rest is noticed by ninja.
configure() {
  local preset=$1 build=$root/build/$1 cache=$root/build/$1/CMakeCache.txt option value fresh=()
  shift
  if [ -f "$cache" ] && [ "$(cached CMAKE_HOME_DIRECTORY "$cache")" != "$root" ]; then
    fresh=(--fresh) # the checkout was moved or copied
  elif [ "$build/build.ninja" -nt "$root/CMakePresets.json" ]; then
    for option in "$@"; do
      value=${option#*=}
      option=${option%%=*}
      [ "$(cached "${option#-D}" "$cache")" = "$value" ] || break
      shift
    done
    [ $# -eq 0 ] && return 0
  fi
  say "configuring ($preset)"
  local log status
  log=$(mktemp)
  (cd "$root" && cmake "${fresh[@]}" --preset "$preset" "$@") >"$log" 2>&1
  status=$?
  [ $status -eq 0 ] || cat "$log" >&2
  rm -f "$log"
  return $status
}

# build PRESET TARGET: says so only if there is something to do, with one line of progress on a
# terminal; the compiler's output only if it fails. All on stderr, as stdout is the program's.
build() {
  local log pid status line shown=''
  log=$(mktemp)
  ninja -C "$root/build/$1" -j "$(jobs_max)" "$2" >"$log" 2>&1 &
  pid=$!
  trap 'kill "$pid" 2>/dev/null; rm -f "$log"; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    line=$(grep -E '^\[[0-9]+/[0-9]+\]' "$log" | grep -v 'Re-checking globbed' | tail -n 1)
    if [ -n "$line" ] && [ "${line%%]*}" != "$shown" ]; then
      if [ -t 2 ]; then
        printf '\r\033[Kcasim: building (%s) %s' "$1" "${line%%]*}]" >&2
      elif [ -z "$shown" ]; then
        say "building ($1) ..."
      fi
      shown=${line%%]*}
    fi
    sleep 0.1
  done
  wait "$pid"
  status=$?
  trap - INT TERM
  if [ -n "$shown" ] && [ -t 2 ]; then printf '\r\033[K' >&2; fi
  if [ $status -ne 0 ]; then
    grep -vE '^(\[[0-9]+/[0-9]+\]|ninja: Entering)' "$log" >&2
    say "the build failed"
  fi
  rm -f "$log"
  return $status
}
