# docs/operations.md: what it tells to type works, and what it says comes out comes out.
#
#   sh                run to its end; exit status 0
#   sh exit=N         the same, with exit status N
#   sh no-run: REASON not run
#   text edit=FILE    variables that go into FILE of /etc/whatsapp-bot-nats, in place of those of the same name
#   text output       lines of the latest sh block's output, in this order; … stands for anything

page=$here/../../docs/operations.md

# What the page takes for granted: a Graph API, natscli, a new package.
prepare_operations() {
    local part
    mkdir -p "$scratch/at/new" "$scratch/bin"
    cp "$DEB" "$scratch/at/"
    dpkg-deb -R "$DEB" "$scratch/newer"
    sed -i -E 's/^(Version: .*)/\1+next/' "$scratch/newer/DEBIAN/control"
    dpkg-deb --root-owner-group -Zgzip -z1 -b "$scratch/newer" "$scratch/at/new" >/dev/null
    rm -r "$scratch/newer"
    printf '#!/bin/sh\ncd %s && exec %s "$@"\n' "$scratch" "$TOOLS/demo" >"$scratch/bin/nats"
    chmod +x "$scratch/bin/nats"
}
tidy_operations() { systemctl disable -q --now nats-server.service 2>/dev/null; }

What_docs_operations_tells_to_type_works() {
    local line kind body latest status expected blocks=0
    mkdir "$scratch/blocks"
    awk -v folder="$scratch/blocks" '
        !inside && /^```/ {
            inside = 1
            file = sprintf("%s/%03d", folder, ++count)
            print file, NR, substr($0, 4)
            printf "" > file
            next
        }
        inside && /^```$/ { inside = 0; close(file); next }
        inside { print > file }' "$page" >"$scratch/index"
    while read -r body line kind <&4; do
        case $kind in
        'text edit='*) edit "$settings/${kind#*=}" <"$body" ;;
        sh | 'sh exit='*)
            graph_knows
            latest=$scratch/output-$line status=0 expected=0
            [[ $kind == sh ]] || expected=${kind#*=}
            (
                cd "$scratch/at"
                export PATH=$scratch/bin:$PATH DEBIAN_FRONTEND=noninteractive
                exec timeout 60 bash -euo pipefail "$body" >"$latest" 2>&1 </dev/null 4<&-
            ) || status=$?
            ((status == expected)) || fail "line $line: exit status $status, not $expected: $(<"$latest")"
            blocks=$((blocks + 1))
            # A reload is over when systemd says so.
            ! grep -q '^systemctl \(re\)\?\(load\|start\)' "$body" || sleep 1
            ;;
        'text output') has_lines "$body" "$latest" || fail "line $line: '$missing' is not in: $(<"$latest")" ;;
        'sh no-run: '?* | text | 'text permissions') ;;
        *) fail "line $line: no such mark: $kind" ;;
        esac
    done 4<"$scratch/index"
    figure 'blocks run' "$blocks"
}

# edit FILE: puts the variables of stdin into a file.
edit() {
    local name value
    while IFS='=' read -r name value; do
        sed -i "/^$name=/d" "$1"
        printf '%s=%s\n' "$name" "$value" >>"$1"
    done
    # Graph is a simulator on this machine.
    [[ ! -f $settings/whatsapp.env ]] || grep -q '^GRAPH_URL=' "$settings/whatsapp.env" ||
        echo "GRAPH_URL=$url" >>"$settings/whatsapp.env"
}
# Has the simulator take every token that stands in egress.env, beside those that it takes already.
graph_knows() {
    local name token id
    [[ -f $settings/egress.env ]] || return 0
    cat "$settings"/*.env >"$scratch/.env"
    while IFS='=' read -r name token; do
        id=$(sed -n "s/^WA_${name#TOKEN_}=//p" "$settings/whatsapp.env")
        [[ -n $id && -n $token ]] || continue
        answers 9090 || graph_up
        grep -qx "$id" "$scratch/known" 2>/dev/null ||
            http PUT "$url/_simulator/accounts" "{\"phone_number_id\":\"$id\",\"access_token\":\"$token\"}" >/dev/null
        http POST "$url/_simulator/tokens" "{\"phone_number_id\":\"$id\",\"access_token\":\"$token\"}" >/dev/null
        echo "$id" >>"$scratch/known"
    done < <(grep '^TOKEN_' "$settings/egress.env")
}
# Whether the lines of a file, … standing for anything, come in this order among those of another.
has_lines() { # EXPECTED OUTPUT
    local -a expected=()
    local line pattern next=0
    while IFS= read -r line; do
        [[ -z $line || $line == … ]] || expected+=("$line")
    done < <(sed -e 's/[][\\*?]/\\&/g; s/…/*/g; s/[[:space:]]*$//' "$1")
    while IFS= read -r line && ((next < ${#expected[@]})); do
        pattern=${expected[next]}
        # shellcheck disable=SC2053 # a pattern it is
        [[ $line != $pattern ]] || next=$((next + 1))
    done < <(sed 's/[[:space:]]*$//' "$2" && echo)
    missing=${expected[next]-}
    ((next == ${#expected[@]}))
}
