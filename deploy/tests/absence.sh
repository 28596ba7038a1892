# NATS is away.

prepare_absence() { install_package && configure; }

NATS_that_is_down_for_two_minutes_at_the_start_makes_no_restart_loop() {
    local back end unit seconds=${NATS_ABSENCE:-120}
    local -a units=("$ingress" "$supervisor" whatsapp-egress@shop.service)
    local -A waited=()
    graph_up
    echo "$token_shop" >"$settings/tokens/shop"
    systemctl start whatsapp-ingress.socket
    systemctl start --no-block "${units[@]}"
    for unit in "${units[@]}"; do
        await 20 "$unit that says what it waits for" status_says "$unit" 'waiting for NATS at 127.0.0.1:4222'
    done
    end=$(($(now_ms) + seconds * 1000))
    while (($(now_ms) < end)); do
        for unit in "${units[@]}"; do
            is_in_state "$unit" activating || fail "$unit is $(property "$unit" ActiveState)"
            same "restarts of $unit" "$(property "$unit" NRestarts)" 0
        done
        # Meta is told to come again.
        contains 'a webhook' "$(cd "$scratch" && "$TOOLS/demo" webhook || true)" '^503 '
        sleep 1
    done
    nats_up
    back=$(now_ms)
    while ((${#waited[@]} < 3)); do
        for unit in "${units[@]}"; do
            if [[ -z ${waited[$unit]-} ]] && is_active "$unit"; then waited[$unit]=$(($(now_ms) - back)); fi
        done
        (($(now_ms) < back + 20000)) || fail "not ready: $(systemctl show --value -p StatusText "${units[@]}")"
        sleep 0.01
    done
    figure 'NATS down for' "$seconds" s
    for unit in "${units[@]}"; do
        figure "${unit%.service} ready after" "${waited[$unit]}" ms
        expect "ms until $unit is ready" "${waited[$unit]}" -le 1500
        same "restarts of $unit" "$(property "$unit" NRestarts)" 0
    done
    systemctl stop whatsapp-egress@shop.service
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
