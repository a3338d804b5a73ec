#!/usr/bin/env bash
# slurm_test.sh CASIM: 40 replications as a Slurm array, with Debian's slurmctld and slurmd on this
# node; two tasks are killed and requeued. The joined result is that of casim run --runs 40, byte by
# byte. Exit code 77: it cannot be run here, and why.
set -u
casim=$(readlink -f "$1")
root=$(dirname "$(dirname "$(dirname "$(readlink -f "$0")")")")
skip() { echo "skipped: $*"; exit 77; }
fail() { echo "failed: $*"; tail -n 20 "$work"/slurmctld.log "$work"/slurmd.log "$work"/out/*.log 2>/dev/null; exit 1; }
[ "$(id -u)" -eq 0 ] || skip "slurmd runs as root"
for program in munged mungekey slurmctld slurmd sbatch scontrol squeue; do
  command -v "$program" >/dev/null ||
    skip "$program is missing: apt-get install munge slurm-wlm"
done

work=$(mktemp -d "${TMPDIR:-/tmp}/casim_slurm.XXXXXX")
pids=()
cleanup() {
  # Only what was started here, by its id.
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
  sleep 1
  for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null; done
  [ -n "${KEEP:-}" ] || rm -rf "$work"
}
trap cleanup EXIT
host=$(hostname -s)
# Ports that nobody else has here: drawn from the id of this process.
port=$((20000 + $$ % 20000))
mkdir -p "$work"/{state,spool,munge,out}
chmod 700 "$work/munge"
chmod 755 "$work"
mungekey --create --keyfile="$work/munge/key" || skip "mungekey: no key"
munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" \
  --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed" \
  --num-threads=1 >"$work/munged.out" 2>&1 &
pids+=($!)
cat >"$work/slurm.conf" <<CONF
ClusterName=casim
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,requeue_delay=0
MpiDefault=none
ReturnToService=2
SlurmdParameters=config_overrides
MessageTimeout=60
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf CASIM=$casim
sleep 1
slurmctld -D >"$work/slurmctld.out" 2>&1 &
pids+=($!)
slurmd -D >"$work/slurmd.out" 2>&1 &
pids+=($!)
for _ in $(seq 60); do
  sinfo -h -o %T 2>/dev/null | grep -qE '^idle' && break
  sleep 0.5
done
if ! sinfo -h -o %T 2>/dev/null | grep -qE '^idle'; then
  cat "$work"/*.out
  tail -n 5 "$work"/slurmctld.log "$work"/slurmd.log
  skip "Slurm does not come up here"
fi

scenario=$root/scenarios/flash-crowd.json
read -r array merge < <(bash "$root/deploy/slurm/submit" "$scenario" 40 "$work/out") ||
  fail "submit"
echo "array $array, merge $merge"

# One is killed like a machine that goes, the other one by name as an administrator does.
# Slurm lets what it requeues wait for two minutes; nobody here needs that.
hurry() {
  for _ in $(seq 200); do
    scontrol show job "${array}_$1" 2>/dev/null | grep -q 'Restarts=1' &&
      scontrol update "JobId=${array}_$1" StartTime=now 2>/dev/null && return
    sleep 0.1
  done
}
running() { squeue -h -j "$array" -t RUNNING -o %K | head -n 1; }
task_of() { pgrep -f -- "^$casim run .* --run $1 --out $work/out" | head -n 1; }
killed=0
requeued=0
for _ in $(seq 400); do
  task=$(running)
  [ -n "$task" ] || { sleep 0.05; continue; }
  if [ "$killed" -eq 0 ]; then
    pid=$(task_of "$task")
    # %A_%a: the task's own name; its SLURM_JOB_ID may be that of the whole array.
    if [ -n "$pid" ] && kill -9 "$pid" 2>/dev/null; then
      killed=$task
      hurry "$task" # it queues itself again
    fi
  elif [ "$task" != "$killed" ] && scontrol requeue "${array}_$task" 2>/dev/null; then
    hurry "$task"
    requeued=$task
    break
  fi
done
[ "$killed" -gt 0 ] && [ "$requeued" -gt 0 ] || fail "no task could be killed ($killed, $requeued)"
echo "killed task $killed, requeued task $requeued"

# A task that is requeued is not pending at once.
for _ in $(seq 1200); do
  [ -f "$work/out/runs.json" ] && break
  left=$(squeue -h -j "$array,$merge" -t PENDING,RUNNING,COMPLETING,CONFIGURING -o %A 2>/dev/null | wc -l)
  [ "$left" -eq 0 ] && sleep 5 && [ ! -f "$work/out/runs.json" ] && break
  sleep 0.5
done
[ -f "$work/out/runs.json" ] || { squeue; fail "the results were not joined"; }
grep -q . "$work/out/merge.log" || fail "merge said nothing"

"$casim" run "$scenario" --runs 40 --jobs 2 --out "$work/alone" --quiet
status=$?
[ "$status" -le 1 ] || fail "casim run --runs 40: $status"
cmp "$work/out/runs.json" "$work/alone/runs.json" || fail "the joined results differ"
for seed in $(seq 40); do
  cmp "$work/out/$seed/summary.json" "$work/alone/$seed/summary.json" || fail "seed $seed differs"
done
echo "passed: 40 replications, joined byte by byte as those of --runs 40"
