#!/usr/bin/env bash
# bench/run.sh [--quick] [--bin DIR] [--base DIR] [--pairs N] [--traces DIR] [ROW...]
# Runs the rows below and prints budget, measured, and their ratio; above 1 is over budget.
#   --quick    a minute of each scenario, an instant of each bench: shows that the rows still run
#   --bin DIR  where the programs are (build/release/bin)
#   --base DIR programs to compare with: each row runs in turn with both, and the ratio of the
#              medians of N pairs (5) is printed beside
#   --traces DIR  where surf_month_tasks.csv and openb_pod_list_default.csv are, or are in a folder
#              below: they are not part of casim; without it their rows are left out
#   ROW        only rows that begin with it
# Ends with 1 when a row does not run, and without --quick with 2 when one is over its budget.
set -u
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
bin=$root/build/release/bin
base=
pairs=5
traces=
quick=
wanted=()
while [ $# -gt 0 ]; do
  case $1 in
    --quick) quick=1 ;;
    --bin) bin=$2; shift ;;
    --base) base=$2; shift ;;
    --pairs) pairs=$2; shift ;;
    --traces) traces=$2; shift ;;
    -*) echo "bench/run.sh: unknown option $1: --quick, --bin, --base, --pairs, --traces" >&2; exit 2 ;;
    *) wanted+=("$1") ;;
  esac
  shift
done

# Name, kind, what, budget in the unit of its kind: CPU seconds of a run and its MB, ms or ns of a
# bench, times of another row (of growth: n log n), times of what provider_load_bench compares
# the provider with and its MB. A run is a file, and what is set in it, with commas; @NAME is a trace.
rows='
quiet-loop-250       ms  autoscaler_bench quiet_loop/250                 0.14
quiet-loop-1000      ms  autoscaler_bench quiet_loop/1000                0.28
quiet-loop-5000      ms  autoscaler_bench quiet_loop/5000                0.94
quiet-loop-20000     ms  autoscaler_bench quiet_loop/20000               3.8
pending-30000-1000   ms  autoscaler_bench loop_with_30000_pending/1000   4
pending-30000-5000   ms  autoscaler_bench loop_with_30000_pending/5000   11
decision-5000        ns  scheduler_bench half_full/5000                  500
decision-5000-zones  ns  scheduler_bench half_full_zones/5000            1000
decision-5000-hosts  ns  scheduler_bench half_full_hosts/5000            700
decision-100000      ns  scheduler_bench half_full/100000                1500
ca-scale-1           run scenarios/ca-scale-1.json                       1 60
ca-scale-2           run scenarios/ca-scale-2.json                       1 60
ca-scale-3           run scenarios/ca-scale-3.json                       1 60
ca-scale-4           run scenarios/ca-scale-4.json                       1 60
ca-scale-5           run scenarios/ca-scale-5.json                       1 60
ca-scale-6           run scenarios/ca-scale-6.json                       1 60
up-and-down          run bench/scenarios/up-and-down.json                4.2 75
surf-month           run scenarios/surf.json,workloads.surf.file=@surf_month_tasks.csv 35 75
openb-whole          run scenarios/openb.json,workloads.openb.file=@openb_pod_list_default.csv 65 75
day-1k               run bench/scenarios/day-1k.json                     5 150
day-5k               run bench/scenarios/day-5k.json                     30 1024
growth-1000          run bench/scenarios/growth.json                     2 120
growth-10000         run bench/scenarios/growth.json,node_groups.g.initial=10000,workloads.there.nodes=10000,workloads.more.count=30000 16 850
growth-100000        run bench/scenarios/growth.json,node_groups.g.initial=100000,workloads.there.nodes=100000,workloads.more.count=300000 150 7500
growth-x10           x   growth-10000 growth-1000                        13.3
growth-x100          x   growth-100000 growth-1000                       167
paths-direct         run scenarios/paths-burst.json,duration=1h          5 150
paths-crossplane     run scenarios/paths-burst.json,duration=1h,provider.path.kind=crossplane 5 150
paths-ratio          x   paths-crossplane paths-direct                   3
provider-node-1      load calls node/1                                   1.25
provider-node-1-p99  load calls node/1/p99                               1.5
provider-node-8      load calls node/8                                   1.25
provider-node-8-p99  load calls node/8/p99                               1.5
provider-mix-1       load calls mix/1                                    1.25
provider-mix-1-p99   load calls mix/1/p99                                1.5
provider-mix-8       load calls mix/8                                    1.25
provider-mix-8-p99   load calls mix/8/p99                                1.5
provider-start       load fleet fleet/start                              20 200
provider-owner       load fleet fleet/owner                              1.25
provider-nodes       load fleet fleet/nodes                              8
provider-readers     load readers readers/growth                         1.1 400
'

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
over=0
declare -A measured

# Prints where a trace is; nothing: it is not there.
trace() { [ -z "$traces" ] || find "$(readlink -f "$traces")" -name "$1" -print -quit; }

# Prints "SECONDS MB" of one run: CPU time and peak memory as the kernel last said them.
time_run() {
  local options=(--quiet --out "$out/run") run each
  IFS=, read -r -a run <<<"$2"
  for each in "${run[@]:1}"; do
    [[ $each != *=@* ]] || each=${each%@*}$(trace "${each#*@}")
    options+=(--set "$each")
  done
  [ -z "$quick" ] || options+=(--set duration=1m)
  local peak=0 ticks=0 now
  rm -rf "$out/run"
  "$1/casim" run "$root/${run[0]}" "${options[@]}" >"$out/log" 2>&1 &
  local pid=$!
  while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
    peak=$now
    now=$(awk '{ print $14 + $15 }' "/proc/$pid/stat" 2>/dev/null) && ticks=${now:-$ticks}
    sleep 0.05
  done
  wait "$pid" || return 1
  awk -v ticks="$ticks" -v hz="$(getconf CLK_TCK)" -v kb="$peak" \
    'BEGIN { printf "%.2f %.0f\n", ticks / hz, kb / 1024 }'
}

# Prints the time of one iteration, in the unit of the bench.
time_bench() {
  local seconds=0.5
  [ -z "$quick" ] || seconds=0.001
  "$1/$2" "--benchmark_filter=^$3\$" "--benchmark_min_time=$seconds" --benchmark_format=csv \
    2>"$out/log" | awk -F, -v name="\"$3\"" '$1 == name { printf "%.3f\n", $4; found = 1 }
                                             END { exit !found }'
}

# Prints "TIMES MB" or "TIMES" of one name of a part of provider_load_bench, which is run once for all
# of its names in this turn.
time_load() {
  local seen=$out/$2-$i-${1//\//+}
  [ -s "$seen" ] || "$1/provider_load_bench" ${quick:+--quick} "$2" >"$seen" 2>"$out/log" ||
    { rm -f "$seen"; return 1; }
  awk -v name="$3" '$1 == name { print $2, $3; found = 1 } END { exit !found }' "$seen"
}

measure() { # DIR of programs, kind, what...
  case $2 in
    run) time_run "$1" "$3" ;;
    load) time_load "$1" "$3" "$4" ;;
    *) time_bench "$1" "$3" "$4" ;;
  esac
}

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

is_wanted() {
  [ ${#wanted[@]} -eq 0 ] && return 0
  local prefix
  for prefix in "${wanted[@]}"; do [[ $1 == "$prefix"* ]] && return 0; done
  return 1
}

printf '%-20s %10s %10s %7s %9s %9s %s\n' row budget measured ratio 'MB budget' MB \
  "${base:+of base}"
while read -r name kind what rest; do
  [ -n "$name" ] && is_wanted "$name" || continue
  if [ -n "$quick" ] && [[ $name == growth-?*0000 ]]; then continue; fi  # other sizes, no other run
  if [[ $what == *=@* ]] && [ -z "$(trace "${what#*@}")" ]; then
    echo "$name: left out, --traces has no ${what#*@}" >&2
    continue
  fi
  bench= mb_budget=
  if [ "$kind" = run ]; then
    read -r budget mb_budget <<<"$rest"
  else
    read -r bench budget mb_budget <<<"$rest"
  fi
  mine=() theirs=() mb= their=
  repeats=1
  [ -z "$base" ] || repeats=$pairs
  if [ "$kind" = x ]; then  # of rows above, if they were wanted
    [ -n "${measured[$what]:-}" ] && [ -n "${measured[$bench]:-}" ] || continue
    mine=("$(awk -v a="${measured[$what]}" -v b="${measured[$bench]}" \
      'BEGIN { printf "%.2f", (b > 0 ? a / b : 0) }')")
    repeats=0
  fi
  for ((i = 0; i < repeats; ++i)); do
    if ! result=$(measure "$bin" "$kind" "$what" ${bench:+"$bench"}); then
      echo "$name: does not run" >&2
      cat "$out/log" >&2
      failed=1
      continue 2
    fi
    read -r value mb <<<"$result"
    mine+=("$value")
    [ -n "$base" ] || continue
    read -r value _ <<<"$(measure "$base" "$kind" "$what" ${bench:+"$bench"})"
    theirs+=("$value")
  done
  value=$(printf '%s\n' "${mine[@]}" | median)
  measured[$name]=$value
  [ ${#theirs[@]} -eq 0 ] || their=$(printf '%s\n' "${theirs[@]}" | median)
  unit=${kind/run/s}
  unit=${unit/load/x}
  awk -v n="$name" -v b="$budget" -v v="$value" -v mbb="${mb_budget:--}" -v mb="${mb:--}" \
    -v their="${their:-}" -v unit="$unit" 'BEGIN {
      of_base = their > 0 ? sprintf("%.3f", v / their) : ""
      printf "%-20s %7s %2s %7s %2s %7.2f %9s %9s %s\n",
             n, b, unit, v, unit, v / b, mbb, mb, of_base
      exit (v > b || (mbb != "-" && mb > mbb + 0)) ? 1 : 0 }' || over=1
done <<<"$rows"

[ "$failed" -eq 0 ] || exit 1
[ -n "$quick" ] || [ "$over" -eq 0 ] || exit 2
