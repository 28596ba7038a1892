# What a restart costs: docs/operations.md tells it, in these words and with these figures.

A_restart_of_the_ingress_refuses_no_webhook() {
    local began
    traffic --webhooks 50
    began=$(now_ms)
    systemctl restart "$ingress"
    figure 'restart' "$(($(now_ms) - began))" ms
    traffic_ends
    expect 'webhooks refused' "$(of webhooks refused)" -eq 0
    expect 'webhooks broken off' "$(of webhooks broken)" -eq 0
    none_failed webhooks requests jobs
    none_lost_or_twice
    figure 'webhooks' "$(of webhooks answered)"
    figure 'longest gap between answers' "$(of webhooks longest_gap_ms)" ms
    figure 'slowest answer' "$(of webhooks slowest_ms)" ms
}

A_restart_of_the_supervisor_loses_no_job_and_tells_requesters_at_once() {
    local began
    traffic --requests 50
    began=$(now_ms)
    systemctl restart "$supervisor"
    figure 'restart' "$(($(now_ms) - began))" ms
    traffic_ends
    none_failed webhooks jobs
    none_lost_or_twice
    only_no_responders
    figure 'requests without a responder' "$(of requests no_responders) of $(of requests asked)"
    figure 'told within' "$(of requests no_responders_slowest_ms)" ms
    figure 'longest gap between answers' "$(of requests longest_gap_ms)" ms
    figure 'jobs' "$(of jobs answered)"
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
}

A_restart_of_the_socket_brings_the_ingress_back() {
    local began
    began=$(now_ms)
    systemctl restart whatsapp-ingress.socket
    await 10 'the ingress' is_active "$ingress"
    await 5 'a webhook answered' takes_webhooks
    figure 'restart' "$(($(now_ms) - began))" ms
}

The_ingress_restarts_twenty_times_in_a_row() {
    local began number
    traffic --requests 5 --jobs 5
    began=$(now_ms)
    for ((number = 1; number <= 20; number++)); do
        systemctl restart "$ingress" || fail "restart $number"
    done
    figure '20 restarts' "$(($(now_ms) - began))" ms
    is_active whatsapp-ingress.socket || fail 'the socket is closed'
    traffic_ends
    expect 'webhooks refused' "$(of webhooks refused)" -eq 0
    none_failed webhooks requests jobs
    figure 'webhooks' "$(of webhooks answered)"
    figure 'longest gap between answers' "$(of webhooks longest_gap_ms)" ms
}

The_supervisor_restarts_twenty_times_in_a_row() {
    local began number
    traffic --webhooks 5
    began=$(now_ms)
    for ((number = 1; number <= 20; number++)); do
        systemctl restart "$supervisor" || fail "restart $number"
    done
    figure '20 restarts' "$(($(now_ms) - began))" ms
    traffic_ends
    none_failed webhooks jobs
    none_lost_or_twice
    only_no_responders
    figure 'jobs' "$(of jobs answered)"
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
}

Workers_without_a_supervisor_restart_alone() {
    local began support
    systemctl stop "$supervisor"
    mkdir -p "$settings/tokens"
    printf '%s\n' "$token_shop" >"$settings/tokens/shop"
    printf '%s\n' "$token_support" >"$settings/tokens/support"
    systemctl start whatsapp-egress@shop.service whatsapp-egress@support.service
    support=$(pid_of whatsapp-egress@support.service)
    traffic --account shop --requests 50
    began=$(now_ms)
    systemctl restart whatsapp-egress@shop.service
    figure 'restart' "$(($(now_ms) - began))" ms
    traffic_ends
    none_failed webhooks jobs
    none_lost_or_twice
    only_no_responders
    same "the other worker's pid" "$(pid_of whatsapp-egress@support.service)" "$support"
    figure 'requests without a responder' "$(of requests no_responders) of $(of requests asked)"
    figure 'longest gap between answers' "$(of requests longest_gap_ms)" ms
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
    systemctl stop 'whatsapp-egress@*.service'
    systemctl start "$supervisor"
}

A_stop_of_all_and_a_start_of_all_lose_no_job() {
    BEFORE=0 traffic --webhooks 0 --requests 0
    systemctl stop whatsapp-ingress.socket "$ingress" "$supervisor"
    sleep 1
    systemctl start whatsapp-ingress.socket "$ingress" "$supervisor"
    traffic_ends
    none_lost_or_twice
    figure 'jobs' "$(of jobs answered)"
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
}

With_another_worker_for_each_account_a_restart_fails_no_request() {
    printf '%s\n' "$token_shop" >"$settings/tokens/shop"
    printf '%s\n' "$token_support" >"$settings/tokens/support"
    # To NATS they are another host.
    systemctl start whatsapp-egress@shop.service whatsapp-egress@support.service
    traffic --requests 50
    systemctl restart "$supervisor"
    traffic_ends
    none_failed webhooks requests jobs
    none_lost_or_twice
    figure 'requests' "$(of requests answered)"
    figure 'longest gap between answers' "$(of requests longest_gap_ms)" ms
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
    systemctl stop 'whatsapp-egress@*.service'
}
