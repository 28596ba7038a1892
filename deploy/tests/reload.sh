# What is new in the settings comes into force without a gap.

token_new=EAAGsecretnew$RANDOM$RANDOM

# Whether the supervisor has done with a reload: it is active again, with all its workers.
supervisor_is_well() { is_active "$supervisor" && status_says "$supervisor" '^[0-9]+ workers ready'; }
account() { printf '{"phone_number_id":"%s","access_token":"%s","name":"%s"}' "$1" "$2" "$3"; }

A_token_is_rotated_without_a_request_or_job_that_fails() {
    local pid shop support began
    pid=$(pid_of "$supervisor") shop=$(worker_of shop) support=$(worker_of support)
    traffic --requests 50
    # Both tokens work while one is being rotated.
    http POST "$url/_simulator/tokens" "$(account "$id_shop" "$token_new" shop)" >/dev/null
    printf 'TOKEN_SHOP=%s\nTOKEN_SUPPORT=%s\n' "$token_new" "$token_support" | write egress.env
    began=$(now_ms)
    systemctl reload "$supervisor"
    figure 'systemctl reload' "$(($(now_ms) - began))" ms
    await 15 'another worker' has_other_worker shop "$shop"
    await 30 "the end of the old worker" is_gone "$shop"
    figure 'replaced after' "$(($(now_ms) - began))" ms
    await 5 'readiness' supervisor_is_well
    # From now on the old one does not.
    http PUT "$url/_simulator/accounts" "$(account "$id_shop" "$token_new" shop)" >/dev/null
    traffic_ends
    none_failed webhooks requests jobs
    none_lost_or_twice
    same "the supervisor's pid" "$(pid_of "$supervisor")" "$pid"
    same "the other worker's pid" "$(worker_of support)" "$support"
    figure 'requests' "$(of requests answered)"
    figure 'longest gap between answers' "$(of requests longest_gap_ms)" ms
    figure 'jobs' "$(of jobs answered)"
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
}

A_wrong_setting_fails_the_reload_and_changes_nothing() {
    local pid workers said before
    pid=$(pid_of "$supervisor") workers=$(workers_of "$supervisor") before=$(<"$settings/egress.env")
    traffic
    echo 'TOKEN_SHOP=' | write egress.env
    ! systemctl reload "$supervisor" 2>/dev/null || fail 'the reload succeeds'
    said=$(journal "$supervisor")
    contains 'the journal' "$said" 'TOKEN_SUPPORT: expected an access token'
    sleep 1
    is_active "$supervisor" || fail "the supervisor is $(property "$supervisor" ActiveState)"
    printf '%s\n' "$before" | write egress.env
    traffic_ends
    none_failed webhooks requests jobs
    none_lost_or_twice
    same "the supervisor's pid" "$(pid_of "$supervisor")" "$pid"
    same "the workers' pids" "$(workers_of "$supervisor")" "$workers"

    pid=$(pid_of "$ingress") before=$(<"$settings/ingress.env")
    echo 'APP_SECRET=' | write ingress.env
    ! systemctl reload "$ingress" 2>/dev/null || fail 'the reload of the ingress succeeds'
    printf '%s\n' "$before" | write ingress.env
    is_active "$ingress" || fail "the ingress is $(property "$ingress" ActiveState)"
    same "the ingress' pid" "$(pid_of "$ingress")" "$pid"
    await 5 'a webhook answered' takes_webhooks
}

A_token_that_Graph_refuses_is_not_taken() {
    local shop support before
    shop=$(worker_of shop) support=$(worker_of support) before=$(<"$settings/egress.env")
    traffic
    sed 's/^TOKEN_SHOP=.*/TOKEN_SHOP=EAAGsecretwrong/' <<<"$before" | write egress.env
    systemctl reload "$supervisor"
    await 20 'a word of it in the journal' journal_warns "$supervisor" 'shop'
    sleep 1
    same "the worker's pid" "$(worker_of shop)" "$shop"
    same "the other worker's pid" "$(worker_of support)" "$support"
    printf '%s\n' "$before" | write egress.env
    systemctl reload "$supervisor"
    await 10 'readiness' supervisor_is_well
    traffic_ends
    none_failed webhooks requests jobs
    none_lost_or_twice
}

An_executable_that_is_replaced_on_disk_counts_as_changed() {
    local pid shop support
    pid=$(pid_of "$supervisor") shop=$(worker_of shop) support=$(worker_of support)
    traffic
    install_package
    sleep 1
    same 'the worker, which installing leaves alone' "$(worker_of shop) $(worker_of support)" "$shop $support"
    systemctl reload "$supervisor"
    await 20 'another worker of shop' has_other_worker shop "$shop"
    await 20 'another worker of support' has_other_worker support "$support"
    await 30 'the end of the old ones' is_gone "$shop"
    await 30 'the end of the old ones' is_gone "$support"
    traffic_ends
    none_failed webhooks requests jobs
    none_lost_or_twice
    same "the supervisor's pid" "$(pid_of "$supervisor")" "$pid"
    figure 'longest gap between answers' "$(of requests longest_gap_ms)" ms
    figure 'longest gap between jobs' "$(of jobs sending_gap_ms)" ms
}

An_account_is_added_and_taken_away_by_a_reload() {
    local first second shop before id=20202020202
    first=$(pid_of "$ingress") second=$(pid_of "$supervisor") shop=$(worker_of shop)
    before=$(<"$settings/egress.env")
    http PUT "$url/_simulator/accounts" "$(account $id EAAGsecretthird third)" >/dev/null
    traffic
    echo "WA_THIRD=$id" >>"$settings/whatsapp.env"
    echo 'TOKEN_THIRD=EAAGsecretthird' >>"$settings/egress.env"
    systemctl reload "$ingress" "$supervisor"
    await 10 'its worker' worker_of third
    await 10 'readiness' status_says "$supervisor" '^3 workers ready'
    cp "$scratch/.env" "$scratch/env.before"
    cat "$settings"/*.env >"$scratch/.env"
    (cd "$scratch" && "$TOOLS/demo" send --account third) || fail 'a request to it fails'
    # A webhook for it is published under its name: the ingress has read its routing anew, in place.
    (cd "$scratch" && exec timeout 10 "$TOOLS/demo" sub --count 1 whatsapp.third.in.message >third) &
    await 5 'a subscription' grep -q listening "$scratch/third"
    (cd "$scratch" && "$TOOLS/demo" webhook --account third) || fail 'a webhook for it fails'
    wait $! || fail 'its webhook is not published under its name'
    sed -i '/THIRD/d' "$settings/whatsapp.env"
    printf '%s\n' "$before" | write egress.env
    mv "$scratch/env.before" "$scratch/.env"
    systemctl reload "$ingress" "$supervisor"
    await 10 'readiness' status_says "$supervisor" '^2 workers ready'
    traffic_ends
    none_failed webhooks requests jobs
    none_lost_or_twice
    same "the ingress' pid" "$(pid_of "$ingress")" "$first"
    same "the supervisor's pid" "$(pid_of "$supervisor")" "$second"
    same "the other worker's pid" "$(worker_of shop)" "$shop"
}

A_token_among_the_credentials_is_rotated_by_a_restart() {
    systemctl stop "$supervisor"
    http PUT "$url/_simulator/accounts" "$(account "$id_shop" "$token_shop" shop)" >/dev/null
    mkdir -p "$settings/tokens"
    printf '%s\n' "$token_shop" >"$settings/tokens/shop"
    systemctl start whatsapp-egress@shop.service
    traffic --account shop
    http POST "$url/_simulator/tokens" "$(account "$id_shop" "$token_new" shop)" >/dev/null
    printf '%s\n' "$token_new" >"$settings/tokens/shop"
    systemctl restart whatsapp-egress@shop.service
    http PUT "$url/_simulator/accounts" "$(account "$id_shop" "$token_new" shop)" >/dev/null
    traffic_ends
    none_failed webhooks jobs
    none_lost_or_twice
    only_no_responders
    figure 'requests without a responder' "$(of requests no_responders) of $(of requests asked)"
    systemctl stop whatsapp-egress@shop.service
    rm -f "$settings/tokens/shop"
}
