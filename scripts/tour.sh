# shellcheck shell=bash
# Sourced by the guided tours: steps with numbers, and a daemon in a temporary home, which is
# removed at the end, however that comes.

START_SECONDS=120
work='' home='' log='' daemon='' steps=0 starts=0

begin() {
    find_jdk
    need_softhsm
    build_if_stale
    # Not earlier: what Maven builds is for everybody.
    umask 077
    work=$(mktemp -d)
    trap cleanup EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    home=$work/home
}

# --- output and cleaning up ----------------------------------------------------------------

step() {
    steps=$((steps + 1))
    printf '\n%d. %s\n' "$steps" "$*"
}

say() { printf '   %s\n' "$*"; }

indent() { sed 's/^/   /'; }

cleanup() {
    local status=$?
    trap - EXIT
    if ((status)) && [[ -s $log ]]; then
        printf '\nthe end of the log of the daemon:\n' >&2
        tail -n 30 "$log" | indent >&2
    fi
    stop_others
    stop_daemon
    [[ -z $work ]] || rm -rf "$work"
    exit "$status"
}

# What a tour has started besides; it may say more.
stop_others() { :; }

# --- processes -----------------------------------------------------------------------------

# wait_for NAME PID LOG PATTERN: till the process has written a line that matches.
wait_for() {
    local deadline=$((SECONDS + START_SECONDS))
    until grep -q "$4" "$3"; do
        kill -0 "$2" 2>/dev/null || die "$1 ended before it was ready: $(tail -n 5 "$3")"
        ((SECONDS < deadline)) || die "$1 was not ready within $START_SECONDS s"
        sleep 0.1
    done
}

# Politely first, then by force.
stop() {
    kill "$1" 2>/dev/null || true
    local deadline=$((SECONDS + 15))
    while kill -0 "$1" 2>/dev/null; do
        ((SECONDS < deadline)) || kill -9 "$1" 2>/dev/null || true
        sleep 0.1
    done
}

# --- the daemon ----------------------------------------------------------------------------

start_daemon() {
    starts=$((starts + 1))
    log=$work/daemon-$starts.log
    : >"$log"
    "$ROOT/scripts/run" --home "$home" --grpc-port 0 --aws-port 0 >"$log" 2>&1 &
    daemon=$!
    wait_for "the daemon" "$daemon" "$log" 'Keyhold is ready'
}

# scripts/run became the daemon, so the PID is the daemon's.
stop_daemon() {
    [[ -n $daemon ]] || return 0
    stop "$daemon"
    reap_daemon
}

reap_daemon() {
    wait "$daemon" 2>/dev/null || true
    daemon=
}

# call VERB JSON [OPTION]...: the request goes through stdin, because arguments are for everybody's ps.
call() { printf '%s' "$2" | "$ROOT/scripts/keyhold" call "$1" - --home "$home" "${@:3}"; }

# field NAME JSON: the first string with that name.
field() {
    [[ $2 =~ \"$1\"[[:space:]]*:[[:space:]]*\"([^\"]*)\" ]] || die "no $1 in the answer: $2"
    printf '%s\n' "${BASH_REMATCH[1]}"
}
