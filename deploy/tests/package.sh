# What installing does and leaves, and what the services may.

# The first test wants a machine without the package; the others, and those after one that failed, one with it.
prepare_package() {
    installed || [[ ${tests[0]} != Installing_starts_and_enables_nothing ]] || return 0
    install_package && configure && start_all
}
units=(whatsapp-ingress.socket whatsapp-ingress.service whatsapp-supervisor.service)

Installing_starts_and_enables_nothing() {
    local unit
    install_package
    for unit in "${units[@]}" whatsapp-bot-nats.target; do
        same "$unit" "$(systemctl is-enabled "$unit" 2>&1) $(systemctl is-active "$unit" 2>&1)" 'disabled inactive'
    done
    figure 'package' "$(stat -c %s "$DEB")" bytes
    figure 'installed' "$(dpkg-query -W -f '${Installed-Size}' whatsapp-bot-nats)" kB
}

The_settings_are_read_by_those_alone_whom_they_concern() {
    configure
    same 'whatsapp.env' "$(stat -c '%U:%G %a' $settings/whatsapp.env)" 'root:whatsapp 640'
    same 'ingress.env' "$(stat -c '%U:%G %a' $settings/ingress.env)" 'root:whatsapp-ingress 640'
    same 'egress.env' "$(stat -c '%U:%G %a' $settings/egress.env)" 'root:whatsapp-egress 640'
    may whatsapp-ingress whatsapp.env
    may whatsapp-ingress ingress.env
    may_not whatsapp-ingress egress.env
    may whatsapp-egress whatsapp.env
    may whatsapp-egress egress.env
    may_not whatsapp-egress ingress.env
    for file in whatsapp.env ingress.env egress.env; do may_not nobody "$file"; done
    echo "$token_shop" >"$settings/tokens/shop"
    may_not whatsapp-ingress tokens/shop
    may_not nobody tokens/shop
    rm "$settings/tokens/shop"
}
may() { runuser -u "$1" -- head -c 1 "$settings/$2" >/dev/null || fail "$1 cannot read $2"; }
may_not() { ! runuser -u "$1" -- head -c 1 "$settings/$2" >/dev/null 2>&1 || fail "$1 can read $2"; }

The_units_are_verified_without_a_word() {
    local said
    said=$(systemd-analyze verify --recursive-errors=no "${units[@]}" whatsapp-bot-nats.target \
        whatsapp-egress@shop.service 2>&1) || fail "systemd-analyze verify: $said"
    same 'systemd-analyze verify' "$said" ''
}

No_service_is_more_exposed_than_it_may_be() {
    local unit level
    for unit in whatsapp-ingress.service whatsapp-supervisor.service whatsapp-egress@shop.service; do
        level=$(systemd-analyze security --no-pager "$unit" |
            sed -n -E 's/.*Overall exposure level.*: ([0-9.]+) .*/\1/p')
        figure "$unit" "$level of 10"
        expect "$unit, in tenths" "${level/./}" -le 12
    done
}

The_services_start_and_a_webhook_and_a_message_get_through() {
    local began said
    nats_up
    graph_up
    began=$(now_ms)
    systemctl start whatsapp-bot-nats.target whatsapp-ingress.socket "$ingress" "$supervisor"
    figure 'started in' "$(($(now_ms) - began))" ms
    same 'is-active' "$(systemctl is-active "${units[@]}" whatsapp-bot-nats.target | sort -u)" active
    said=$(systemctl --no-pager status "$ingress" "$supervisor")
    contains 'systemctl status' "$said" 'Status: "taking webhooks"'
    contains 'systemctl status' "$said" 'Status: "2 workers ready"'
    cd "$scratch"
    timeout 20 "$TOOLS/demo" sub --count 1 whatsapp.shop.in.message.text >received &
    await 5 'a subscription' grep -q listening received
    contains 'a webhook' "$("$TOOLS/demo" webhook --account shop --text 'Is the blue one still in stock?')" '^200 '
    wait $!
    contains 'what is published' "$(<received)" 'Is the blue one still in stock\?'
    contains 'a message' "$("$TOOLS/demo" send --account support)" '"messages":\[\{"id":"wamid\.'
    cd /
}

The_plan_names_who_serves_whom_and_starts_nothing() {
    whatsapp-supervisor --help | grep -qE '^ +plan ' || skip 'this whatsapp-supervisor has no plan'
    local before
    before=$(pid_of "$supervisor")
    contains 'the plan' "$(runuser -u whatsapp-egress -- whatsapp-supervisor plan --env-file $settings/whatsapp.env \
        --env-file $settings/egress.env)" 'shop'
    same "the supervisor's pid" "$(pid_of "$supervisor")" "$before"
}

The_status_is_told_to_any_user_wherever_the_endpoint_is() {
    local said
    may_not nobody whatsapp.env
    may_not nobody egress.env
    said=$(status_for nobody) || fail "whatsapp-supervisor status: exit status $?: $said"
    contains 'the status' "$said" '^egress-shop +shop +[0-9]+  ready '
    contains 'the status' "$said" '^2 workers ready '
    same 'the ready workers in JSON' "$(status_for nobody --json | grep -o '"state":"ready"' | wc -l)" 2
    # The note in the runtime directory is all that nobody may read of it.
    echo 'SUPERVISOR_ADMIN=127.0.0.1:9300' >>"$settings/whatsapp.env"
    systemctl restart "$supervisor"
    said=$(status_for nobody --env-file "$settings/whatsapp.env") || fail "with another address: $said"
    contains 'the status at another address' "$said" '^2 workers ready '
    ! runuser -u nobody -- ls /run/whatsapp-supervisor/whatsapp-* >/dev/null 2>&1 || fail 'nobody can list the sockets'
    systemctl stop "$supervisor"
    fails_with 3 status_for nobody
    configure
    start_all
}
status_for() { (cd / && exec runuser -u "$1" -- whatsapp-supervisor status "${@:2}" 2>&1); } # USER OPTION...
fails_with() { # STATUS COMMAND...
    local status=0
    "${@:2}" >/dev/null || status=$?
    same "the exit status of ${*:2}" "$status" "$1"
}

The_metrics_of_all_workers_are_at_one_address() {
    local said
    said=$(http GET http://127.0.0.1:9181/metrics) || fail "/metrics: $said"
    contains '/metrics' "$said" '^whatsapp_supervisor_workers\{state="ready"\} 2'
    contains '/metrics' "$said" '^whatsapp_nats_connected\{worker="egress-support"\} 1'
    [[ -f /usr/share/doc/whatsapp-bot-nats/examples/prometheus/alerts.yml ]] || fail 'the package has no alert rules'
}

Installing_again_restarts_nothing_and_keeps_the_settings() {
    local pids before
    pids="$(pid_of "$ingress") $(pid_of "$supervisor") $(workers_of "$supervisor")"
    before=$(md5sum "$settings"/*.env)
    dpkg-statoverride --update --add root whatsapp-egress 0600 $settings/egress.env
    traffic
    install_package
    traffic_ends
    same 'the mode that dpkg-statoverride has set' "$(stat -c %a $settings/egress.env)" 600
    dpkg-statoverride --remove $settings/egress.env
    chmod 0640 $settings/egress.env
    same 'the processes' "$(pid_of "$ingress") $(pid_of "$supervisor") $(workers_of "$supervisor")" "$pids"
    same 'the settings' "$(md5sum "$settings"/*.env)" "$before"
    none_failed webhooks requests jobs
    none_lost_or_twice
}

Stopping_the_target_stops_them_all_and_starting_it_starts_them_all() {
    systemctl stop whatsapp-bot-nats.target
    for unit in "${units[@]}"; do await 20 "the end of $unit" is_in_state "$unit" inactive; done
    systemctl start whatsapp-bot-nats.target
    for unit in "${units[@]}"; do await 20 "$unit" is_active "$unit"; done
}

TLS_to_NATS_and_to_Graph_works_in_the_sandbox() {
    command -v openssl >/dev/null || skip 'openssl is not here'
    local folder=$scratch/tls bundle=/etc/ssl/certs/ca-certificates.crt graph
    [[ -f $bundle ]] || skip "$bundle is not here"
    mkdir -p "$folder"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext 'subjectAltName=DNS:localhost' \
        -keyout "$folder/key" -out "$settings/test-ca.pem" 2>/dev/null
    chmod 0644 "$settings/test-ca.pem"
    nats_down
    systemctl stop whatsapp-bot-nats.target
    sed -E "s#store_dir:.*#store_dir: \"$scratch/nats\"#" /usr/share/doc/whatsapp-bot-nats/examples/nats-server.conf \
        >"$scratch/nats.conf"
    cat >>"$scratch/nats.conf" <<NATS
tls { cert_file: "$settings/test-ca.pem", key_file: "$folder/key" }
authorization { user: gateway, password: "$nats_password" }
NATS
    systemd-run --quiet --collect --unit=whatsapp-test-nats -p KillSignal=SIGINT \
        "$(command -v nats-server || echo /usr/sbin/nats-server)" -c "$scratch/nats.conf"
    await 10 'nats-server' answers 4222
    # Answers any request with a page, which the egress hands on: it is no JSON, and came over TLS.
    openssl s_server -quiet -accept 9443 -key "$folder/key" -cert "$settings/test-ca.pem" -www >"$folder/log" 2>&1 &
    graph=$!
    await 5 'a Graph host with TLS' answers 9443
    sed -i -e "s#^NATS_URL=.*#NATS_URL=tls://gateway:$nats_password@localhost:4222#" \
        -e 's#^GRAPH_URL=.*#GRAPH_URL=https://localhost:9443#' "$settings/whatsapp.env"
    echo "NATS_CA=$settings/test-ca.pem" >>"$settings/whatsapp.env"
    mkdir -p /run/systemd/system/$supervisor.d
    printf '[Service]\nBindReadOnlyPaths=%s:%s\n' "$settings/test-ca.pem" "$bundle" \
        >/run/systemd/system/$supervisor.d/test.conf
    systemctl daemon-reload
    systemctl start whatsapp-ingress.socket "$ingress" "$supervisor"
    cat "$settings"/*.env >"$scratch/.env"
    await 5 'a webhook answered' takes_webhooks
    (cd "$scratch" && exec "$TOOLS/demo" request whatsapp.shop.out.raw '{"method":"GET","path":"me"}') \
        >"$folder/reply" || fail "no answer of a Graph host with TLS: $(<"$folder/reply")"
    contains 'its answer' "$(<"$folder/reply")" 's_server'
    kill "$graph"
    rm -r /run/systemd/system/$supervisor.d "$settings/test-ca.pem"
    systemctl daemon-reload
}

Purging_leaves_nothing_but_the_users() {
    local left ours=('whatsapp-ingress*' 'whatsapp-supervisor*' 'whatsapp-egress*' 'whatsapp-bot-nats*')
    systemctl enable whatsapp-ingress.socket "$ingress" "$supervisor" whatsapp-egress@shop.service 2>/dev/null
    purge_package
    same 'units' "$(systemctl list-units --all --no-legend "${ours[@]}")" ''
    same 'unit files' "$(systemctl list-unit-files --no-legend "${ours[@]}")" ''
    # /var/cache/man is man-db's own.
    left=$(find /etc /usr /var /opt /srv /run /tmp -xdev \
        \( -iname '*whatsapp*' -o -user whatsapp-ingress -o -user whatsapp-egress -o -group whatsapp \) \
        -not -path "$scratch*" -not -path '/run/systemd/transient/whatsapp-test*' \
        -not -path '/run/systemd/units/*whatsapp-test*' -not -path '/var/lib/dpkg/*' -not -path '/var/cache/man/*')
    same 'files' "$left" ''
    same 'processes' "$(pgrep -x 'whatsapp-(ingre|super|egres).*' || true)" ''
    getent passwd whatsapp-ingress whatsapp-egress >/dev/null || fail 'the users are gone'
}
