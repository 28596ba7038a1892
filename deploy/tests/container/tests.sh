# The tests of a container that runs, in a network of its own; sourced by run.
# shellcheck shell=bash disable=SC2154 # `run` sets what is used here

The_health_check_fails_until_NATS_answers_and_succeeds_then() {
    env_file
    graph_up
    up
    await 10 'the listening ingress' answers 8080
    await 10 'an unhealthy container without NATS' unhealthy
    figure 'status without NATS' "$code"
    server_up
    await 20 'a healthy container' healthcheck
    contains 'the table of status' "$(<"$scratch/health")" 'egress-shop'
    serves || fail "it is healthy, and does not serve: $(<"$scratch/sent")"
    # As the probes of Kubernetes come.
    for path in ready health metrics; do
        http GET "http://127.0.0.1:9181/$path" >"$scratch/page" || fail "/$path: $(<"$scratch/page")"
    done
    kill -KILL "$server"
    await 20 'an unhealthy container after NATS' unhealthy
    down
    same 'exit status' "$status" 0
}
unhealthy() { healthcheck 1 || healthcheck 3; }

A_webhook_comes_in_and_a_message_goes_out() {
    env_file
    server_up
    graph_up
    (cd "$scratch" && exec "$TOOLS/demo" sub 'whatsapp.shop.in.>' >"$scratch/events" 2>&1) &
    up
    await 20 'the gateway' serves
    contains "Graph's answer" "$(<"$scratch/sent")" '"messages":\[\{"id":"wamid\.'
    await 5 'the message on NATS' grep -q 'whatsapp.shop.in.message.text' "$scratch/events"
    await 10 'the status of what was sent' grep -q '"status":"delivered"' "$scratch/events"
    verifies "$verify_token" || fail 'the verification of the callback URL'
    down
    same 'exit status' "$status" 0
    contains 'log' "$(<"$scratch/log")" '^time=[0-9TZ:.-]+ level=info msg="'
    ! grep -vE '^time=[0-9TZ:.-]+ level=[a-z]+ msg="' "$scratch/log" || fail 'lines that are no logfmt'
    ! grep -E "$app_secret|$token_shop|$verify_token" "$scratch/log" || fail 'a secret in the log'
}

The_processes_have_no_rights_and_can_write_to_nothing_but_tmp() {
    local pid ids
    env_file
    server_up
    graph_up
    up
    await 20 'the gateway' serves
    same 'workers' "$(children | wc -w)" 2
    for pid in $init $(children); do
        ids=$(awk '/^(Uid|Gid|Groups):/ { printf "%s %s ", $2, $5 }' "/proc/$pid/status" | xargs)
        same "user and group of $pid" "$ids" '10001 10001 10001 10001'
        same "capabilities of $pid" "$(awk '/^Cap(Eff|Prm|Bnd|Amb):/ { print $2 }' "/proc/$pid/status" | sort -u)" \
            0000000000000000
        same "no new privileges of $pid" "$(awk '/^NoNewPrivs:/ { print $2 }' "/proc/$pid/status")" 1
    done
    for path in / /etc /var/lib /usr/bin /run; do
        ! in_container touch "$path/written" 2>/dev/null || fail "$path can be written"
    done
    in_container touch /tmp/written
    # The processes' environment, which has the secrets, is not for others of their user.
    ! in_container cat /proc/1/environ >/dev/null 2>&1 || fail 'the environment of process 1 can be read'
    same 'files of no owner' "$(find "$store/image" -xdev -uid 10001 | wc -l)" 0
    figure 'image, above its base' "$(du -sm "$store/image" | cut -f1)" MB
    down
}

Process_1_reaps_orphans() {
    local orphan
    env_file
    server_up
    up
    await 10 'both workers' has_workers 2
    # Its parent ends at once: the orphan is the first process' then, and ends as a zombie unless that waits for it.
    in_container sh -c '(sleep 0.4; exit 3) & exit 0'
    has_workers 3 || fail "the orphan is not a child of process 1, which has: $(children)"
    for orphan in $(children); do
        if [[ $(cat "/proc/$orphan/comm") == s* ]]; then break; fi
    done
    await 5 'the end of the orphan' has_workers 2
    is_gone "$orphan" || fail "a zombie is left: $(grep State "/proc/$orphan/status")"
    down
    same 'exit status' "$status" 0
}
has_workers() { [[ $(children | wc -w) == "$1" ]]; }

A_stop_finishes_what_is_in_flight_and_exits_0() {
    local sender
    env_file
    server_up
    graph_up
    up
    await 20 'the gateway' serves
    http PUT "$url/_simulator/faults" '{"latency_ms":[1500,1500]}' >/dev/null
    (cd "$scratch" && exec "$TOOLS/demo" send >"$scratch/late" 2>&1) &
    sender=$!
    await 5 'a request at Graph' graph_is_asked
    down
    figure 'stop' "$took" ms
    same 'exit status' "$status" 0
    expect 'ms to stop' "$took" -ge 500
    expect 'ms to stop' "$took" -le 10000
    says 'every worker has drained' || fail 'the log does not tell of the drain'
    ! says 'killed' || fail 'a worker was killed'
    wait "$sender" || fail "the request in flight: $(<"$scratch/late")"
    contains 'answer to the request in flight' "$(<"$scratch/late")" 'wamid\.'
    has_no_process || fail 'processes of the container are left'
}
# Process 1 of these namespaces is the test's own; what is in others is the container's.
has_no_process() {
    local namespace
    namespace=$(readlink /proc/self/ns/pid)
    for each in /proc/[0-9]*; do
        [[ $(readlink "$each/ns/pid" 2>/dev/null || echo "$namespace") == "$namespace" ]] || return 1
    done
}

The_port_the_log_format_and_the_user_are_the_environments() {
    env_file PORT=80 LOG_FORMAT=json
    server_up
    graph_up
    # An engine lets every port be listened on, for lack of another on which to be allowed.
    echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
    up --user 4242:0
    await 20 'the gateway' serves
    answers 80 || fail 'nothing listens on port 80'
    refuses 8080 || fail 'something listens on port 8080'
    same 'user of process 1' "$(awk '/^Uid:/ { print $2 }' "/proc/$init/status")" 4242
    down
    same 'exit status' "$status" 0
    python3 -c 'import json, sys; lines = [json.loads(line) for line in sys.stdin]; assert len(lines) > 2, lines' \
        <"$scratch/log" || fail 'the log is no JSON'
}

A_wrong_configuration_ends_the_container_with_78_and_says_all_that_is_wrong() {
    printf '%s\n' WA_SHOP=shop PORT=web "APP_SECRET=$app_secret" >"$scratch/.env"
    up
    ended
    same 'exit status' "$status" 78
    says '^PORT: ' || fail 'PORT is not named'
    says '^WA_SHOP: ' || fail 'WA_SHOP is not named'
    env_file
    up -- --check
    ended
    same 'exit status of --check' "$status" 0
}

Quotes_of_an_env_file_are_part_of_the_value() {
    env_file "WEBHOOK_VERIFY_TOKEN=\"$verify_token\""
    server_up
    up
    await 10 'the listening ingress' answers 8080
    await 10 'the verify token with its quotes' verifies "%22$verify_token%22"
    ! verifies "$verify_token" || fail 'the verify token is taken without its quotes'
    down
}

Secrets_come_as_files_too() {
    local name
    mkdir "$scratch/secrets"
    printf '%s\n' "$app_secret" >"$scratch/secrets/APP_SECRET"
    printf '%s\n' "$token_shop" >"$scratch/secrets/token_shop"
    printf 'of another service\n' >"$scratch/secrets/database"
    mkdir "$scratch/secrets/kubernetes.io"
    chmod 0444 "$scratch"/secrets/*_*
    server_up
    env_file
    graph_up
    cp "$scratch/.env" "$scratch/tools.env"
    printf '%s\n' NATS_URL=nats://127.0.0.1:4222 "GRAPH_URL=$url" "WA_SHOP=$id_shop" >"$scratch/.env"
    up --secrets "$scratch/secrets" --env CREDENTIALS_DIRECTORY=/run/secrets
    # The tools sign and answer with the same secrets.
    cp "$scratch/tools.env" "$scratch/.env"
    await 20 'the gateway' serves
    printf 'another-app-secret\n' >"$scratch/secrets/APP_SECRET"
    kill -HUP "$init"
    await 20 'the end of the reload' says 'msg="?reloaded'
    await 5 'the end of the former app secret' takes_no_webhooks
    down
    same 'exit status' "$status" 0
    chmod 0400 "$scratch/secrets/APP_SECRET"
    printf '%s\n' "WA_SHOP=$id_shop" >"$scratch/.env"
    up --secrets "$scratch/secrets" --env CREDENTIALS_DIRECTORY=/run/secrets
    ended
    same 'exit status with a file that the user cannot read' "$status" 78
    says '^APP_SECRET: ' || fail 'APP_SECRET is not named'
}

takes_no_webhooks() { ! takes_webhooks; }

SIGHUP_reads_a_mounted_env_file_again() {
    mkdir "$scratch/mounted"
    env_file
    cp "$scratch/.env" "$scratch/mounted/gateway.env"
    chmod 0444 "$scratch/mounted/gateway.env"
    server_up
    graph_up
    : >"$scratch/empty.env"
    started --env-file "$scratch/empty.env" --secrets "$scratch/mounted" -- --env-file /run/secrets/gateway.env
    await 20 'the gateway' serves
    echo "WA_SUPPORT=$id_support" >>"$scratch/mounted/gateway.env"
    echo "TOKEN_SUPPORT=$token_support" >>"$scratch/mounted/gateway.env"
    kill -HUP "$init"
    await 20 'the end of the reload' says 'msg="?reloaded'
    await 10 "three workers; there are $(children)" has_workers 3
    down
    same 'exit status' "$status" 0
}
