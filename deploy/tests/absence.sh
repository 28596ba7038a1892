# NATS is away.

prepare_absence() { install_package && configure; }

NATS_that_is_down_for_two_minutes_at_the_start_makes_no_restart_loop() {
    local end unit first=yes
    local seconds=${NATS_ABSENCE:-120}
    local -A waited=()
    graph_up
    systemctl start whatsapp-ingress.socket
    systemctl start --no-block "$ingress" "$supervisor"
    for unit in "$ingress" "$supervisor"; do
        await 20 "$unit that says what it waits for" status_says "$unit" 'waiting for NATS at 127.0.0.1:4222'
    done
    # Meta is told to come again, and is not refused.
    end=$(($(now_ms) + seconds * 1000))
    while (($(now_ms) < end)); do
        for unit in "$ingress" "$supervisor"; do
            is_in_state "$unit" activating || fail "$unit is $(property "$unit" ActiveState)"
            same "restarts of $unit" "$(property "$unit" NRestarts)" 0
        done
        answers 8080 || fail 'webhooks are refused'
        sleep 1
    done
    nats_up
    local back
    back=$(now_ms)
    while ((${#waited[@]} < 2)); do
        for unit in "$ingress" "$supervisor"; do
            if [[ -z ${waited[$unit]-} ]] && is_active "$unit"; then waited[$unit]=$(($(now_ms) - back)); fi
        done
        (($(now_ms) < back + 20000)) || fail "not ready: $(property "$ingress" StatusText); $(property "$supervisor" StatusText)"
        sleep 0.01
    done
    figure 'NATS down for' "$seconds" s
    figure 'ingress ready after' "${waited[$ingress]}" ms
    figure 'supervisor ready after' "${waited[$supervisor]}" ms
    for unit in "$ingress" "$supervisor"; do
        expect "ms until $unit is ready" "${waited[$unit]}" -le 1500
        same "restarts of $unit" "$(property "$unit" NRestarts)" 0
    done
    traffic
    traffic_ends
    none_failed webhooks requests jobs
    none_lost_or_twice
}

NATS_that_goes_away_shows_in_the_status_and_comes_back_by_itself() {
    local unit first second
    first=$(pid_of "$ingress") second=$(pid_of "$supervisor")
    nats_down
    for unit in "$ingress" "$supervisor"; do
        await 15 "the status of $unit that says so" status_says "$unit" 'NATS'
    done
    nats_up
    await 10 'the ingress' status_says "$ingress" '^taking webhooks'
    await 10 'the supervisor' status_says "$supervisor" '^2 workers ready'
    same "the ingress' pid" "$(pid_of "$ingress")" "$first"
    same "the supervisor's pid" "$(pid_of "$supervisor")" "$second"
    traffic
    traffic_ends
    none_failed webhooks requests jobs
    none_lost_or_twice
}
