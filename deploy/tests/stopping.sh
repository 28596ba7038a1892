# A stop: what is under way is finished, within the drain time.

prepare_stopping() { install_package && configure SUPERVISOR_DRAIN_MS=5000 && start_all; }
tidy_stopping() { http DELETE "$url/_simulator/faults" >/dev/null || true; }

A_stop_answers_the_requests_in_flight_and_hands_its_jobs_back() {
    local began
    http PUT "$url/_simulator/faults" '{"latency_ms":[1000,1500]}' >/dev/null
    traffic
    began=$(now_ms)
    systemctl stop "$supervisor"
    figure 'stop' "$(($(now_ms) - began))" ms
    same 'result' "$(property "$supervisor" Result)" success
    same 'exit status' "$(property "$supervisor" ExecMainStatus)" 0
    expect 'ms to stop' "$(($(now_ms) - began))" -le 5000
    systemctl start "$supervisor"
    AFTER=2 traffic_ends
    none_failed webhooks jobs
    none_lost_or_twice
    only_no_responders
    figure 'requests without a responder' "$(of requests no_responders) of $(of requests asked)"
    figure 'jobs' "$(of jobs answered)"
}

A_stop_ends_within_the_drain_time_though_Graph_hangs() {
    local began took request
    await 5 'the calls of the test before are over' graph_is_idle
    http PUT "$url/_simulator/faults" '{"latency_ms":[60000,60000]}' >/dev/null
    (cd "$scratch" && exec "$TOOLS/demo" send >/dev/null 2>&1) &
    request=$!
    await 5 'a request at Graph' graph_is_asked
    began=$(now_ms)
    systemctl stop "$supervisor"
    took=$(($(now_ms) - began))
    figure 'SUPERVISOR_DRAIN_MS' 5000
    figure 'stop' "$took" ms
    expect 'ms to stop' "$took" -ge 3000
    expect 'ms to stop' "$took" -le 8000
    same 'result' "$(property "$supervisor" Result)" success
    same 'processes left' "$(workers_of "$supervisor")" ''
    kill "$request" 2>/dev/null || true
    http DELETE "$url/_simulator/faults" >/dev/null
    systemctl start "$supervisor"
}
graph_is_idle() { http GET "$url/_simulator/stats" | grep -q '"in_flight":0,'; }
graph_is_asked() { http GET "$url/_simulator/stats" | grep -qE '"in_flight":[1-9]'; }

A_drain_that_takes_longer_than_TimeoutStopSec_gets_its_time() {
    local began took
    configure SUPERVISOR_DRAIN_MS=60000 EGRESS_GRAPH_TIMEOUT_MS=60000
    systemctl restart "$supervisor"
    same 'TimeoutStopSec' "$(property "$supervisor" TimeoutStopUSec)" 30s
    http PUT "$url/_simulator/faults" '{"latency_ms":[34000,34000]}' >/dev/null
    BEFORE=0 traffic --webhooks 0 --requests 0 --jobs 5
    await 5 'a job at Graph' graph_is_asked
    began=$(now_ms)
    systemctl stop "$supervisor"
    took=$(($(now_ms) - began))
    figure 'stop' "$took" ms
    expect 'ms to stop' "$took" -ge 30500
    same 'result' "$(property "$supervisor" Result)" success
    same 'exit status' "$(property "$supervisor" ExecMainStatus)" 0
    http DELETE "$url/_simulator/faults" >/dev/null
    configure SUPERVISOR_DRAIN_MS=5000
    systemctl start "$supervisor"
    traffic_ends
    none_lost_or_twice
    figure 'jobs' "$(of jobs answered)"
}

A_service_that_is_stopped_while_it_starts_stops_at_once() {
    local began round
    systemctl stop "$supervisor" "$ingress"
    for round in 1 2 3 4 5; do
        systemctl start --no-block "$supervisor" "$ingress"
        sleep "0.0$((round * 15))"
        began=$(now_ms)
        systemctl stop "$supervisor" "$ingress"
        expect 'ms to stop' "$(($(now_ms) - began))" -le 3000
        same 'result' "$(property "$supervisor" Result) $(property "$ingress" Result)" 'success success'
    done
    figure 'last stop' "$(($(now_ms) - began))" ms
    systemctl start "$supervisor" "$ingress"
}
