# Processes that die, hang, or do not like their settings.

prepare_failures() { install_package && configure SUPERVISOR_WATCHDOG_MS=3000 && start_all; }

A_killed_ingress_is_back_and_refuses_no_webhook() {
    local pid
    pid=$(pid_of "$ingress")
    traffic --webhooks 50
    kill -KILL "$pid"
    await 10 'another ingress' has_other_pid "$ingress" "$pid"
    await 10 'its readiness' is_active "$ingress"
    traffic_ends
    expect 'webhooks refused' "$(of webhooks refused)" -eq 0
    none_failed requests jobs
    none_lost_or_twice
    figure 'webhooks cut off' "$(of webhooks broken) of $(of webhooks asked)"
    figure 'longest gap between answers' "$(of webhooks longest_gap_ms)" ms
}

A_killed_supervisor_leaves_no_orphan_and_loses_no_job() {
    local pid old worker
    pid=$(pid_of "$supervisor") old=$(workers_of "$supervisor")
    traffic --requests 50
    kill -KILL "$pid"
    await 30 'another supervisor' has_other_pid "$supervisor" "$pid"
    for worker in $old; do
        [[ ! -e /proc/$worker ]] || fail "its worker $worker is still there"
    done
    await 10 'its readiness' is_active "$supervisor"
    traffic_ends
    none_failed webhooks jobs
    none_lost_or_twice
    only_no_responders
    figure 'requests without a responder' "$(of requests no_responders) of $(of requests asked)"
    figure 'longest gap between answers' "$(of requests longest_gap_ms)" ms
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
}

A_killed_worker_is_replaced_and_the_others_are_not_touched() {
    local pid shop support
    pid=$(pid_of "$supervisor") shop=$(worker_of shop) support=$(worker_of support)
    traffic --account shop
    kill -KILL "$shop"
    await 10 'another worker' has_other_worker shop "$shop"
    AFTER=3 traffic_ends
    same "the supervisor's pid" "$(pid_of "$supervisor")" "$pid"
    same "the other worker's pid" "$(worker_of support)" "$support"
    none_failed webhooks jobs
    none_lost_or_twice
    figure 'requests that failed' "$(of requests failed) of $(of requests asked)"
    figure 'longest gap between answers' "$(of requests longest_gap_ms)" ms
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
}

A_process_that_hangs_is_replaced_by_systemd() {
    local began first second watchdog
    first=$(pid_of "$ingress") second=$(pid_of "$supervisor")
    watchdog=$(property "$ingress" WatchdogUSec)
    [[ $watchdog != 0 && $(property "$supervisor" WatchdogUSec) != 0 ]] || fail 'a service without WatchdogSec='
    began=$(now_ms)
    kill -STOP "$first" "$second"
    await 60 'another ingress' has_other_pid "$ingress" "$first"
    figure 'WatchdogSec of the ingress' "$watchdog"
    figure 'replaced after' "$(($(now_ms) - began))" ms
    await 60 'another supervisor' has_other_pid "$supervisor" "$second"
    figure 'supervisor after' "$(($(now_ms) - began))" ms
    await 10 'the ingress' is_active "$ingress"
    await 10 'the supervisor' is_active "$supervisor"
    journal_says_watchdog "$ingress"
    journal_says_watchdog "$supervisor"
    await 5 'a webhook answered' takes_webhooks
}
journal_says_watchdog() { # UNIT
    contains "what systemd says of $1" "$(journalctl -q -o cat --since="@$(<"$scratch/since")" UNIT="$1")" 'watchdog'
}

A_worker_that_hangs_is_replaced_by_the_supervisor() {
    local pid shop support began
    pid=$(pid_of "$supervisor") shop=$(worker_of shop) support=$(worker_of support)
    began=$(now_ms)
    kill -STOP "$shop"
    await 20 'another worker' has_other_worker shop "$shop"
    figure 'SUPERVISOR_WATCHDOG_MS' 3000
    figure 'replaced after' "$(($(now_ms) - began))" ms
    same "the supervisor's pid" "$(pid_of "$supervisor")" "$pid"
    same "the other worker's pid" "$(worker_of support)" "$support"
    await 10 'readiness' status_says "$supervisor" '^2 workers ready'
    await 5 'a word of it in the journal' journal_warns "$supervisor" 'no progress.*worker=egress-shop'
}

# remedied UNIT FILE PATTERN LINE: the unit does not start with the file as stdin has it, and its journal says why with
# the pattern; with the line added it starts.
remedied() {
    local before
    before=$(<"$settings/$2")
    cat >"$settings/$2"
    ! systemctl restart "$1" 2>/dev/null || fail "$1 starts without: $4"
    await 5 'the failed state' is_failed "$1"
    same 'exit status' "$(property "$1" ExecMainStatus)" 78
    same 'restarts' "$(property "$1" NRestarts)" 0
    journal_says "$1" "$3" || fail "the journal of $1 does not say $3: $(journal "$1" | tail -n 3)"
    printf '%s\n' "$4" >>"$settings/$2"
    systemctl start "$1" || fail "$1 does not start with: $4"
    printf '%s\n' "$before" >"$settings/$2"
}
A_wrong_setting_ends_with_78_and_the_remedy_in_the_log_works() {
    remedied "$supervisor" egress.env '^.*TOKEN_SHOP: expected an access token, since WA_SHOP holds none' \
        "TOKEN_SHOP=$token_shop" <<<"TOKEN_SUPPORT=$token_support"
    remedied "$ingress" ingress.env 'APP_SECRET' 'INGRESS_ALLOW_UNSIGNED=true' <<<"WEBHOOK_VERIFY_TOKEN=$verify_token"
    remedied "$ingress" whatsapp.env 'WA_SHOP: expected <phone number ID>' "WA_SHOP=$id_shop" <<<'WA_SHOP=the shop'
}

With_a_wrong_setting_and_webhooks_coming_in_its_starts_are_bounded() {
    local number starts
    echo "WEBHOOK_VERIFY_TOKEN=$verify_token" >"$settings/ingress.env"
    systemctl restart "$ingress" 2>/dev/null && fail 'the ingress starts without APP_SECRET'
    # Each connection has systemd start it again.
    for ((number = 0; number < 100; number++)); do
        answers 8080 || true
        sleep 0.05
    done
    starts=$(journalctl -q -o cat --since="@$(<"$scratch/since")" UNIT="$ingress" | grep -c '^Starting ')
    figure 'starts in 5 s' "$starts"
    expect 'starts' "$starts" -le 21
    configure SUPERVISOR_WATCHDOG_MS=3000
    is_active whatsapp-ingress.socket || fail "the socket is $(property whatsapp-ingress.socket ActiveState)"
    systemctl restart "$ingress"
    await 5 'a webhook answered' takes_webhooks
}
