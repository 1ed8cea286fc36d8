# shellcheck shell=bash
# Steps that say what they do, how long it took and, when one fails, why: cause, the log that matters, the remedy.
# Sourced by the entry scripts. A step runs in a subshell of its own, so steps hand facts to each other by files.

# A script has a folder of its own and removes it: one that it calls must not work in the same.
unset STEP_DIR
STEP_DIR=$(mktemp -d "${TMPDIR:-/tmp}/dinp-steps.XXXXXX")

now_ms() { date +%s%3N; }

# seconds_since MILLISECONDS: "1.2 s"
seconds_since() {
  local ms=$(($(now_ms) - $1))
  printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# note TEXT: a line for the person, printed below the running step.
note() { printf '%s\n' "$*" >>"$STEP_DIR/notes"; }

# live TEXT: the same at once, while the step still runs.
live() {
  printf '\n    | %s' "$*" >&3
  touch "$STEP_DIR/live"
}

# evidence FILE: when this step fails, the last lines of FILE are shown instead of the step's own output.
evidence() { printf '%s\n' "$1" >"$STEP_DIR/evidence"; }

# fail CAUSE REMEDY: ends the step (or, outside of one, the script).
fail() {
  printf '%s\n' "$1" >"$STEP_DIR/cause"
  printf '%s\n' "${2:-}" >"$STEP_DIR/remedy"
  exit 1
}

# step NAME COMMAND…: runs COMMAND with its output in a log; returns normally or ends the script with status 1.
step() {
  local name=$1 began rc=0
  shift
  began=$(now_ms)
  rm -f "$STEP_DIR"/{notes,live,evidence,cause,remedy}
  printf '%-46s' "$name …"
  # Descriptor 8 is the script's lock: what a step starts in the background must not hold on to it.
  # Not `if ( … )`: a condition would switch errexit off inside the step.
  set +e
  (
    set -euo pipefail
    "$@"
  ) 3>&1 >"$STEP_DIR/output" 2>&1 </dev/null 8>&-
  rc=$?
  set -e
  if [[ -e $STEP_DIR/live ]]; then printf '\n%46s' ''; fi
  if ((rc != 0)); then
    printf ' FAILED after %s\n' "$(seconds_since "$began")"
    report_failure "$name" "$rc"
    exit 1
  fi
  printf ' %s\n' "$(seconds_since "$began")"
  if [[ -s $STEP_DIR/notes ]]; then sed 's/^/    /' "$STEP_DIR/notes"; fi
}

# report_failure NAME STATUS: cause, last lines, remedy of the step that has just failed.
report_failure() {
  local log=$STEP_DIR/output
  if [[ -s $STEP_DIR/evidence ]]; then log=$(<"$STEP_DIR/evidence"); fi
  {
    printf '\n%s\n' "cause:  $(cat "$STEP_DIR/cause" 2>/dev/null || echo "$1 ended with status $2")"
    if [[ -s $log ]]; then
      printf 'log:    last lines of %s\n' "$log"
      tail -n 20 "$log" | sed 's/^/        | /'
    fi
    if [[ -s $STEP_DIR/remedy ]]; then printf 'remedy: %s\n' "$(<"$STEP_DIR/remedy")"; fi
  } >&2
}

# await SECONDS COMMAND…: repeats COMMAND until it succeeds; 1 when the time is over.
await() {
  local deadline=$(($(now_ms) + $1 * 1000))
  shift
  until "$@"; do
    if (($(now_ms) > deadline)); then return 1; fi
    sleep 0.1
  done
}
