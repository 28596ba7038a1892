# The journal's own fields: what an operator asks for is there, and the journal holds nobody up.

prepare_journal() { install_package && configure LOG_LEVEL=debug && start_all; }

# entry MATCH...: the latest entry since the test began, as JSON.
entry() { journalctl -q -n 1 -o json --since="@$(<"$scratch/since")" "$@"; }
has_entry() { [[ -n $(entry "$@") ]]; }
# field NAME: its value in the entry on stdin.
field() { sed -n -E "s/.*\"$1\":\"(([^\"\\\\]|\\\\.)*)\".*/\1/p"; }
# has NAME VALUE ENTRY
has() { same "$1" "$(field "$1" <<<"$3")" "$2"; }
demo() { (cd "$scratch" && exec "$TOOLS/demo" "$@"); }
request() { demo request whatsapp.shop.out.sendMessage '{"to":"447700900123","text":"words of a message"}'; }

Each_process_has_entries_of_its_own_with_all_fields() {
    local found
    takes_webhooks || fail 'no webhook is answered'
    await 5 'the entry of the webhook' has_entry WA_PROCESS=ingress WA_STATUS=200
    found=$(entry WA_PROCESS=ingress WA_STATUS=200)
    has PRIORITY 7 "$found"
    has SYSLOG_IDENTIFIER whatsapp-ingress "$found"
    has _PID "$(pid_of "$ingress")" "$found"
    has _SYSTEMD_UNIT "$ingress" "$found"
    has _TRANSPORT journal "$found"
    contains CODE_FILE "$(field CODE_FILE <<<"$found")" '^Ingress/[A-Za-z]+\.swift$'
    contains CODE_LINE "$(field CODE_LINE <<<"$found")" '^[0-9]+$'
    contains CODE_FUNC "$(field CODE_FUNC <<<"$found")" '^[a-z]+\(.*\)$'
    contains WA_EVENTS "$(field WA_EVENTS <<<"$found")" '^[1-9][0-9]*$'

    request >/dev/null || fail 'no request is answered'
    await 5 'the entry of the request' has_entry WA_ACCOUNT=shop WA_ACTION=sendMessage WA_OUTCOME=sent
    found=$(entry WA_ACCOUNT=shop WA_ACTION=sendMessage WA_OUTCOME=sent)
    has PRIORITY 7 "$found"
    has SYSLOG_IDENTIFIER whatsapp-egress "$found"
    has WA_PROCESS egress "$found"
    has _PID "$(worker_of shop)" "$found"
    has _SYSTEMD_UNIT "$supervisor" "$found"
    contains CODE_FUNC "$(field CODE_FUNC <<<"$found")" 'ended\('
    contains MESSAGE "$(field MESSAGE <<<"$found")" '^request ended  account=shop  action=sendMessage  '

    demo request whatsapp.shop.queue.sendMessage '{"to":"447700900123","text":"words of a message"}' >/dev/null ||
        fail 'no job is stored'
    await 5 'the entry of the job' has_entry WA_ACCOUNT=shop WA_OUTCOME=sent WA_ATTEMPTS=1
    found=$(entry WA_ACCOUNT=shop WA_OUTCOME=sent WA_ATTEMPTS=1)
    contains WA_JOB_ID "$(field WA_JOB_ID <<<"$found")" '^WHATSAPP_OUT:[0-9]+$'
    await 5 'what is asked by the job' has_entry "WA_JOB_ID=$(field WA_JOB_ID <<<"$found")"
    ! journalctl -q -o export --since="@$(<"$scratch/since")" | grep -aE '447700900123|words of a message' ||
        fail 'a number or a text is in the journal'
}

What_goes_wrong_is_found_by_account_and_priority() {
    local found pid
    pid=$(worker_of shop)
    kill -KILL "$pid"
    await 10 'the warning' has_entry -p warning WA_WORKER=egress-shop
    found=$(entry -p warning WA_WORKER=egress-shop)
    has PRIORITY 4 "$found"
    has WA_PROCESS supervisor "$found"
    has SYSLOG_IDENTIFIER whatsapp-supervisor "$found"
    has WA_PID "$pid" "$found"
    has _PID "$(pid_of "$supervisor")" "$found"
    await 10 'another worker' has_other_worker shop "$pid"

    # A token that Graph does not know pauses the account.
    sed -i 's/^TOKEN_SHOP=.*/TOKEN_SHOP=EAAGsecretwrong/' "$settings/egress.env"
    systemctl restart "$supervisor"
    request >/dev/null 2>&1 || true
    await 10 'the error' has_entry -p err WA_ACCOUNT=shop
    found=$(entry -p err WA_ACCOUNT=shop)
    has PRIORITY 3 "$found"
    has WA_CODE 190 "$found"
    [[ -z $(entry -p err WA_ACCOUNT=support) ]] || fail 'the other account has an error'
    configure LOG_LEVEL=debug
    systemctl restart "$supervisor"
}

What_is_wrong_with_the_configuration_is_an_error_too() {
    local found
    echo 'APP_SECRET=' | write ingress.env
    ! systemctl restart "$ingress" 2>/dev/null || fail 'the ingress starts without APP_SECRET'
    await 5 'the entry' has_entry "_SYSTEMD_UNIT=$ingress" -p err --grep '^APP_SECRET: '
    found=$(entry "_SYSTEMD_UNIT=$ingress" -p err --grep '^APP_SECRET: ')
    has PRIORITY 3 "$found"
    configure LOG_LEVEL=debug
    systemctl reset-failed "$ingress"
    systemctl start whatsapp-ingress.socket "$ingress"
}

A_journal_that_stands_still_holds_nobody_up_for_long() {
    local journald began slowest=0 took number
    journald=$(pidof systemd-journald)
    # The kernel holds net.unix.max_dgram_qlen entries for it, 512 of systemd's choice; each of these leaves one.
    kill -STOP "$journald"
    trap 'kill -CONT "$journald"' EXIT
    traffic --webhooks 200 --requests 200 --jobs 10
    for ((number = 0; number < 10; number++)); do
        began=$(now_ms)
        takes_webhooks || fail 'a webhook is not answered while the journal stands still'
        took=$(($(now_ms) - began))
        slowest=$((took > slowest ? took : slowest))
    done
    sleep 3
    trap 'kill "$traffic" 2>/dev/null; kill -CONT "$journald"' EXIT
    kill -INT "$traffic"
    wait "$traffic" || fail "load: $(cat "$scratch/traffic")"
    none_failed webhooks requests
    figure 'slowest webhook' "$slowest" ms
    figure 'longest gap between answers' "$(of requests longest_gap_ms)" ms
    expect 'longest gap between answers, in ms' "$(of requests longest_gap_ms)" -lt 3000
    kill -CONT "$journald"
    trap - EXIT
    takes_webhooks || fail 'no webhook is answered afterwards'
    request >/dev/null || fail 'no request is answered afterwards'
    await 10 'what the ingress has lost' has_entry -p warning WA_PROCESS=ingress --grep 'entries of the log are lost'
    await 10 'what the worker has lost' has_entry -p warning WA_PROCESS=egress --grep 'entries of the log are lost'
    figure 'entries lost' "$(entry -p warning WA_PROCESS=ingress --grep 'entries of the log are lost' | field WA_LOST)"
}

Where_the_socket_is_not_to_be_had_lines_go_to_stderr() {
    local found
    mkdir -p "/run/systemd/system/$ingress.d"
    printf '[Service]\nInaccessiblePaths=/run/systemd/journal/socket\n' >"/run/systemd/system/$ingress.d/socket.conf"
    systemctl daemon-reload
    systemctl restart "$ingress"
    takes_webhooks || fail 'no webhook is answered'
    await 5 'the warning' has_entry "_SYSTEMD_UNIT=$ingress" _TRANSPORT=stdout -p warning --grep 'takes no fields'
    await 5 'a line' has_entry "_SYSTEMD_UNIT=$ingress" _TRANSPORT=stdout --grep 'webhook answered'
    found=$(entry "_SYSTEMD_UNIT=$ingress" _TRANSPORT=stdout --grep 'webhook answered')
    has PRIORITY 7 "$found"
    contains MESSAGE "$(field MESSAGE <<<"$found")" '^time=.* level=debug msg=.*status=200'
    rm -r "/run/systemd/system/$ingress.d"
    systemctl daemon-reload
    systemctl restart "$ingress"
}

A_form_that_is_asked_for_is_heeded() {
    local found
    configure LOG_LEVEL=debug LOG_FORMAT=json
    systemctl restart "$ingress"
    takes_webhooks || fail 'no webhook is answered'
    await 5 'a line' has_entry "_SYSTEMD_UNIT=$ingress" _TRANSPORT=stdout --grep '"msg":"webhook answered"'
    found=$(entry "_SYSTEMD_UNIT=$ingress" _TRANSPORT=stdout --grep '"msg":"webhook answered"')
    has PRIORITY 7 "$found"
    contains MESSAGE "$(field MESSAGE <<<"$found")" '^\{.*\\"level\\":\\"debug\\".*\}$'
    configure LOG_LEVEL=debug
    systemctl restart "$ingress"
}
