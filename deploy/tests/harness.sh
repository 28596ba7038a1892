#!/usr/bin/env bash
# Runs the tests of one file in the systemd that runs this machine; for deploy/tests/run.
#
#   DEB=FILE TOOLS=DIR [PURGE=yes] harness.sh FILE TEST...
#
# A test is a function of deploy/tests/FILE.sh whose name is a sentence. It runs in a subshell that ends at the first
# command that fails, with the package installed, and says what it measures with `figure`; words.sh has what it may use.
set -uo pipefail
here=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
file=$1
shift
tests=("$@")

# shellcheck source=deploy/tests/words.sh
. "$here/words.sh"

# MARK: What holds after every file

# An entry of the journal is ours when it has fields of ours, or is a line that says what is wrong with the configuration.
The_journal_holds_no_secret_and_no_line_that_is_not_ours() {
    local lines secret field
    local ours='"MESSAGE":"(/etc/whatsapp-bot-nats/[a-z/_]+(\.env)?(:[0-9]+)?: |[A-Z][A-Z_]*: '
    # Where a test lets a service write lines.
    ours+='|time=[0-9TZ:.-]+ level=[a-z]+ msg=|\{\\"time\\":)'
    # What is written in the services or in our name, but not systemd's own words about the units.
    local matches=() word
    for word in SYSLOG_IDENTIFIER=whatsapp-{ingress,egress,supervisor} \
        _SYSTEMD_UNIT={"$ingress","$supervisor",whatsapp-egress@{shop,support}.service}; do
        matches+=("$word" +)
    done
    unset 'matches[-1]'
    journalctl -q -o json --since="@$(<"$scratch/start")" "${matches[@]}" >"$scratch/entries"
    lines=$(grep -c '"WA_PROCESS":' "$scratch/entries" || true)
    expect 'entries of ours in the journal' "$lines" -gt 0
    if grep -v '"WA_PROCESS":' "$scratch/entries" | grep -vE "$ours" >"$scratch/foreign"; then
        fail "lines that are not ours: $(head -n 5 "$scratch/foreign")"
    fi
    same 'entries without PRIORITY' "$(grep -vc '"PRIORITY":"[0-7]"' "$scratch/entries")" 0
    for field in CODE_FUNC CODE_FILE CODE_LINE SYSLOG_IDENTIFIER; do
        same "entries without $field" "$(grep '"WA_PROCESS":' "$scratch/entries" | grep -vc "\"$field\":\"[^\"]")" 0
    done
    journalctl -q -o export --since="@$(<"$scratch/start")" >"$scratch/export"
    for secret in "$app_secret" "$verify_token" "$nats_password" EAAGsecret; do
        ! grep -aqF -- "$secret" "$scratch/export" || fail "in the journal: $secret"
        # The pattern is no argument of this one.
        ! grep -alF -f <(printf '%s\n' "$secret") /proc/[0-9]*/cmdline 2>/dev/null ||
            fail "in the arguments of a process: $secret"
    done
    figure lines "$lines"
}

# MARK: Running

sentence() { echo "${1//_/ }"; }
# What helps to see why a test failed.
show() {
    sed 's/^/         /' "$scratch/output" | tail -n 25
    {
        systemctl --no-pager --no-legend --all list-units 'whatsapp-*'
        journalctl -q --no-pager -o short-precise -p notice --since="@$(<"$scratch/since")" --unit 'whatsapp-ingress*' \
            --unit 'whatsapp-supervisor*' --unit 'whatsapp-egress*' | tail -n 30
    } | sed 's/^/         | /'
}
run_test() { # TEST
    local began status=0 took
    began=$(now_ms)
    rm -f "$scratch"/{figures,skipped,output}
    : >"$scratch/figures"
    echo "${EPOCHREALTIME/,/.}" >"$scratch/since"
    # No `if` and no `||` around it: there a subshell would not end at what fails.
    (
        set -e
        "$1"
    ) >"$scratch/output" 2>&1
    status=$?
    took=$((($(now_ms) - began + 50) / 100))
    took=${took:0:-1}.${took: -1} took=${took/#./0.}
    if [[ -f $scratch/skipped ]]; then
        printf 'skipped  %s: %s\n' "$(sentence "$1")" "$(<"$scratch/skipped")"
    elif ((status == 0)); then
        printf 'ok       %s (%s%s s)\n' "$(sentence "$1")" "$(sed 's/$/, /' "$scratch/figures" | tr -d '\n')" "$took"
    else
        printf 'FAIL     %s (%s s)\n' "$(sentence "$1")" "$took"
        show
        failed=yes
        # The next one is not to find what this one has left.
        (
            stop_all
            systemctl stop whatsapp-test-nats.service whatsapp-test-graph.service
            prepare
        ) >/dev/null 2>&1
    fi
}

# shellcheck source=/dev/null
. "$here/$file.sh"
# A file may prepare what its tests share, and take it away again.
prepare() { install_package && configure && start_all; }
tidy() { :; }
if declare -F "prepare_$file" >/dev/null; then prepare() { "prepare_$file"; }; fi
if declare -F "tidy_$file" >/dev/null; then tidy() { "tidy_$file"; }; fi
Everything_is_prepared() { prepare; }

if installed && [[ -z $PURGE ]]; then
    echo 'FAIL     whatsapp-bot-nats is installed here, and these tests purge it: --purge, if they may' >&2
    exit 2
fi
for port in 4222 8080 9090; do
    if answers "$port"; then
        echo "FAIL     something answers on port $port, which these tests need" >&2
        exit 2
    fi
done
rm -rf "$scratch"
mkdir -p "$scratch"
failed=
echo "${EPOCHREALTIME/,/.}" >"$scratch/start"

run_test Everything_is_prepared | grep -v '^ok' && failed=yes
if [[ -z $failed ]]; then
    for test in "${tests[@]}"; do run_test "$test"; done
    run_test The_journal_holds_no_secret_and_no_line_that_is_not_ours
fi
tidy
if installed; then (purge_package); fi
systemctl stop whatsapp-test-nats.service whatsapp-test-graph.service 2>/dev/null
rm -rf "$scratch"
[[ -z $failed ]]
