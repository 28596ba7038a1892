# What the tests may use: words, services, settings, traffic; sourced by harness.sh.
# shellcheck shell=bash disable=SC2034 # some of it is for the tests alone

scratch=/run/whatsapp-tests
settings=/etc/whatsapp-bot-nats
ingress=whatsapp-ingress.service
supervisor=whatsapp-supervisor.service
url=http://127.0.0.1:9090
# Secrets of this run, one of them of each kind; the journal must have none.
app_secret=secret-app-$RANDOM$RANDOM
verify_token=secret-verify-$RANDOM$RANDOM
token_shop=EAAGsecretshop$RANDOM$RANDOM
token_support=EAAGsecretsupport$RANDOM$RANDOM
nats_password=secret-nats-$RANDOM$RANDOM
id_shop=106540352242922
id_support=987654321

# MARK: Words of the tests

# Ends the test.
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}
skip() {
    printf '%s\n' "$*" >"$scratch/skipped"
    exit 0
}
# figure WHAT NUMBER [UNIT]: a number that the test has measured.
figure() { printf '%s %s%s\n' "$1" "$2" "${3:+ $3}" >>"$scratch/figures"; }
# expect WHAT NUMBER TEST NUMBER, such as: expect 'jobs lost' "$lost" -eq 0
expect() {
    [[ -n $2 ]] || fail "$1: nothing, expected $3 $4"
    [ "$2" "$3" "$4" ] || fail "$1: $2, expected $3 $4"
}
# same WHAT HAVE WANT
same() { [[ $2 == "$3" ]] || fail "$1: '$2', expected '$3'"; }
# contains WHAT TEXT PATTERN
contains() { grep -qE -- "$3" <<<"$2" || fail "$1: nothing like '$3' in: $2"; }
now_ms() { printf '%s' "$((${EPOCHREALTIME/[.,]/} / 1000))"; }
# await SECONDS WHAT COMMAND...: until the command succeeds.
await() {
    local end=$(($(now_ms) + $1 * 1000)) what=$2
    shift 2
    until "$@"; do
        (($(now_ms) < end)) || fail "does not come: $what"
        sleep 0.02
    done
}
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
refuses() { ! answers "$1"; }
# http METHOD URL [BODY]: prints the body of the answer; fails unless that is a 200.
http() {
    local rest=${2#http://} body=${3-} reply
    local host=${rest%%/*}
    exec 5<>"/dev/tcp/${host%:*}/${host#*:}" || return 1
    printf '%s /%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s' \
        "$1" "${rest#*/}" "$host" "${#body}" "$body" >&5
    reply=$(cat <&5)
    exec 5>&-
    printf '%s\n' "${reply#*$'\r\n\r\n'}"
    [[ $reply == 'HTTP/1.1 200'* ]]
}

# MARK: Services

property() { systemctl show --value -p "$2" "$1"; } # UNIT PROPERTY
pid_of() { property "$1" MainPID; }
is_active() { [[ $(property "$1" ActiveState) == active ]]; }
is_failed() { [[ $(property "$1" ActiveState) == failed ]]; }
is_in_state() { [[ $(property "$1" ActiveState) == "$2" ]]; }
status_says() { grep -qE -- "$2" <<<"$(property "$1" StatusText)"; }      # UNIT PATTERN
has_other_pid() { [[ $(pid_of "$1") != "$2" && $(pid_of "$1") != 0 ]]; } # UNIT PID
# The processes of a unit's control group but its main process.
workers_of() { # UNIT
    local group main
    group=/sys/fs/cgroup$(property "$1" ControlGroup) main=$(pid_of "$1")
    [[ -f $group/cgroup.procs ]] || group=/sys/fs/cgroup/systemd$(property "$1" ControlGroup)
    grep -vx "$main" "$group/cgroup.procs" 2>/dev/null || true
}
# The process that serves an account under the supervisor, but for one that is not meant.
worker_of() { # ACCOUNT [PID]
    local pid
    for pid in $(workers_of "$supervisor"); do
        if [[ $pid != "${2-}" ]] && grep -qxz "$1" "/proc/$pid/cmdline" 2>/dev/null; then echo "$pid" && return; fi
    done
    return 1
}
has_other_worker() { worker_of "$1" "$2" >/dev/null; } # ACCOUNT PID
is_gone() { [[ ! -e /proc/$1 ]]; }                     # PID
takes_webhooks() { (cd "$scratch" && exec "$TOOLS/demo" webhook >/dev/null 2>&1); }
# What our units have written since the test began.
journal() { journalctl -q -o cat --since="@$(<"$scratch/since")" "${@/#/--unit=}"; } # UNIT...
journal_says() { journal "$1" | grep -E -- "$2" >/dev/null; }                               # UNIT PATTERN
journal_warns() { # UNIT PATTERN: at warning level or a higher one
    journalctl -q -o cat -p warning --since="@$(<"$scratch/since")" "--unit=$1" | grep -E -- "$2" >/dev/null
}

nats_up() {
    mkdir -p "$scratch/nats"
    # As the package's sample says it, with a store of its own.
    sed -E "s#store_dir:.*#store_dir: \"$scratch/nats\"#" /usr/share/doc/whatsapp-bot-nats/examples/nats-server.conf \
        >"$scratch/nats.conf" || return 1
    systemd-run --quiet --collect --unit=whatsapp-test-nats -p KillSignal=SIGINT \
        "$(command -v nats-server || echo /usr/sbin/nats-server)" -c "$scratch/nats.conf" || return 1
    await 10 'nats-server on port 4222' answers 4222
}
nats_down() {
    systemctl stop whatsapp-test-nats.service 2>/dev/null || true
    await 10 'the end of nats-server' refuses 4222
}
graph_up() { # [OPTION...]
    systemd-run --quiet --collect --unit=whatsapp-test-graph -p "WorkingDirectory=$scratch" -p StandardOutput=null \
        "$TOOLS/graph-simulator" "$@" || return 1
    await 10 'the Graph simulator on port 9090' answers 9090
    http PUT "$url/_simulator/statuses" '{"sent_ms":50,"delivered_ms":null,"read_ms":null}' >/dev/null
}

# MARK: Settings

# write FILE: the lines of stdin; owner and mode stay as the package has made them.
write() { cat >"$settings/$1"; }
# Two accounts, and Graph on this machine; more lines for whatsapp.env as arguments.
configure() {
    write whatsapp.env <<WHATSAPP
NATS_URL=nats://127.0.0.1:4222
GRAPH_URL=$url
WA_SHOP=$id_shop
WA_SUPPORT=$id_support
EGRESS_RATE_PER_SECOND=1000
$(printf '%s\n' "$@")
WHATSAPP
    write ingress.env <<INGRESS
APP_SECRET=$app_secret
WEBHOOK_VERIFY_TOKEN=$verify_token
INGRESS
    write egress.env <<EGRESS
TOKEN_SHOP=$token_shop
TOKEN_SUPPORT=$token_support
EGRESS
    cat "$settings"/*.env >"$scratch/.env"
}
# Starts what is not running, with the settings of `configure`, and waits until it is ready.
start_all() {
    answers 4222 || nats_up
    answers 9090 || graph_up
    systemctl start whatsapp-ingress.socket
    systemctl start "$ingress" "$supervisor" || fail "does not start: $(journal "$ingress" "$supervisor")"
}
stop_all() {
    systemctl stop whatsapp-ingress.socket "$ingress" "$supervisor" 'whatsapp-egress@*.service'
    systemctl reset-failed 'whatsapp-*' 2>/dev/null || true
}

# MARK: Traffic

# traffic [OPTION...]: webhooks, requests and jobs from now on; returns when each has succeeded.
traffic() {
    cd "$scratch" || exit
    rm -f traffic
    "$TOOLS/load" steady --webhooks 25 --requests 25 --jobs 10 "$@" >traffic 2>&1 &
    traffic=$!
    cd / || exit
    trap 'kill "$traffic" 2>/dev/null' EXIT
    await 15 "traffic that flows; it says: $(cat "$scratch/traffic")" grep -q '^flowing' "$scratch/traffic"
    # So that there is something on either side of what is to come.
    sleep "${BEFORE:-1}"
}
traffic_ends() {
    sleep "${AFTER:-1}"
    kill -INT "$traffic"
    wait "$traffic" || fail "load: $(cat "$scratch/traffic")"
    trap - EXIT
    echo "traffic: $(cat "$scratch/traffic")"
}
# of KIND NAME: a figure of the traffic that has ended; 0 where it is not named.
of() {
    local value
    value=$(sed -n -E "s/^$1 (.* )?$2=([0-9]+).*/\2/p" "$scratch/traffic")
    printf '%s' "${value:-0}"
}
# That none failed, of these kinds.
none_failed() {
    local kind
    for kind in "$@"; do
        expect "$kind that failed" "$(of "$kind" failed)" -eq 0
        expect "$kind answered" "$(of "$kind" answered)" -gt 0
    done
}
# That no job was lost or sent twice, and no request sent twice or answered without having been sent.
none_lost_or_twice() {
    expect 'jobs lost' "$(of jobs unsent)" -eq 0
    expect 'jobs sent twice' "$(of jobs twice)" -eq 0
    expect 'jobs that could not be stored' "$(of jobs unstored)" -eq 0
    expect 'requests answered and not sent' "$(of requests unsent)" -eq 0
    expect 'requests sent twice' "$(of requests twice)" -eq 0
}
# That requests failed with 'no responders' alone, at once.
only_no_responders() {
    expect "requests that failed otherwise than with 'no responders'" \
        "$(($(of requests failed) - $(of requests no_responders)))" -eq 0
    expect "ms until 'no responders' was said" "$(of requests no_responders_slowest_ms)" -le 500
    expect 'requests that nobody heard and were sent' "$(of requests unheard_but_sent)" -eq 0
}

# MARK: The package

installed() { [[ $(dpkg-query -W -f '${Status}' whatsapp-bot-nats 2>/dev/null) == *' installed' ]]; }
dpkg_does() { dpkg "$@" >"$scratch/dpkg" 2>&1 || fail "dpkg: $(<"$scratch/dpkg")"; }
install_package() { dpkg_does --install --force-confold "$DEB"; }
purge_package() { dpkg_does --purge whatsapp-bot-nats; }
