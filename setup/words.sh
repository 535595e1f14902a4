# Sourced by the scripts of this folder: how they speak, and how they ask apt-get.
# POSIX sh, because a fresh machine has nothing more.

say() { printf '%s\n' "$*"; }

stop() {
    printf 'mostrador: %s\n' "$*" >&2
    exit 1
}

# run_quietly LABEL COMMAND...: one line while it runs, the end of its log when it fails.
run_quietly() {
    label=$1
    shift
    log=$(mktemp "${TMPDIR:-/tmp}/mostrador-setup.XXXXXX") || stop "cannot write to ${TMPDIR:-/tmp}"
    printf '  %s\n' "$label"
    "$@" >"$log" 2>&1 </dev/null &
    pid=$!
    trap 'kill "$pid" 2>/dev/null; rm -f "$log"; exit 130' INT TERM HUP
    waited=0
    while kill -0 "$pid" 2>/dev/null; do
        sleep 0.2 2>/dev/null || sleep 1
        waited=$((waited + 1))
        if [ $((waited % 75)) -eq 0 ]; then
            printf '    ... %s\n' "$(grep -v '^WARNING' "$log" | tail -n 1 | cut -c 1-90)"
        fi
    done
    wait "$pid"
    code=$?
    trap - INT TERM HUP
    if [ "$code" -ne 0 ]; then
        {
            printf '\n  It failed (exit code %s). The end of its log:\n' "$code"
            tail -n 25 "$log" | sed 's/^/    /'
            printf '  The whole log: %s\n\n' "$log"
        } >&2
        return "$code"
    fi
    rm -f "$log"
}

am_root() { [ "$(id -u)" -eq 0 ]; }

can_install() { am_root && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    DEBIAN_FRONTEND=noninteractive
    # Tests start servers of their own: what a package would start by itself stays off (invoke-rc.d obeys run level 1).
    RUNLEVEL=1
    export DEBIAN_FRONTEND RUNLEVEL
    run_quietly "asking apt-get what is there" apt-get update -q || return 1
    run_quietly "installing $*" apt-get install -q -y --no-install-recommends "$@"
}
