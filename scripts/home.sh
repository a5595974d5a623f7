# shellcheck shell=bash
# Sourced by scripts/run: the daemon's home with its SoftHSM token, PINs and configuration.
#
# Every piece is made in STAGE and renamed into place, so that a start killed at any point leaves
# whole pieces only and the next start makes the rest. All functions but the first two run with
# the home as working directory, and scripts/run's umask keeps all of it from others.

# shellcheck source=scripts/tls.sh
. "$ROOT/scripts/tls.sh"

STAGE=.preparing
TOKEN_LABEL=keyhold

# Makes the directory and prints its absolute path.
make_home() {
    mkdir -p -- "$1" || die "cannot make the home $1"
    cd -P -- "$1" || die "cannot enter the home $1"
    # softhsm2.conf has no quotes for these.
    [[ $PWD != *[#=$'\n']* ]] || die "SoftHSM cannot use a home with # or = in its path: $PWD"
    printf '%s\n' "$PWD"
}

# with_stage HOME COMMAND...: in the home, with an empty STAGE. Two at once take turns.
with_stage() (
    cd -- "$1" || die "cannot enter the home $1"
    flock 9
    close_home
    mkdir -p "$STAGE"
    find "$STAGE" -mindepth 1 -delete
    "${@:2}"
    rmdir "$STAGE"
) 9<"$1"

ensure_home() {
    ensure_softhsm_conf
    ensure_token
    ensure_library_conf
    ensure_tls
    ensure_toml
}

# Only what is a home or can become one: a folder named by mistake must not be closed to others.
close_home() {
    [[ -e keyhold.toml || -e $STAGE || -z $(ls -A) ]] ||
        die "$PWD is not empty and not a Keyhold home (no keyhold.toml)"
    chmod 700 .
}

# publish PATH: the finished piece, in STAGE under the same file name, becomes PATH.
publish() {
    sync "$STAGE/${1##*/}"
    mv -fT "$STAGE/${1##*/}" "$1"
}

softhsm_conf() {
    printf '%s\n' "directories.tokendir = $1" 'objectstore.backend = file' \
        'log.level = ERROR' 'slots.removable = false'
}

# SoftHSM wants an absolute path. In a home that was moved or copied it names another home's
# tokens, so it is checked at every start.
ensure_softhsm_conf() {
    local tokens=$PWD/softhsm/tokens
    [[ -e keyhold.db ]] || mkdir -p "$tokens"
    if [[ -e softhsm2.conf ]]; then
        ! grep -qxF "directories.tokendir = $tokens" softhsm2.conf || return 0
        note "softhsm2.conf names another token directory, writing it again for $tokens"
    fi
    softhsm_conf "$tokens" >"$STAGE/softhsm2.conf"
    publish softhsm2.conf
}

has_token() {
    [[ -d softhsm/tokens ]] || return 1
    local slots
    slots=$(SOFTHSM2_CONF=$PWD/softhsm2.conf softhsm2-util --show-slots) ||
        die "softhsm2-util cannot list the tokens in $PWD/softhsm/tokens"
    grep -q "^ *Label: *$TOKEN_LABEL *\$" <<<"$slots"
}

ensure_token() {
    if has_token; then
        [[ -s pin ]] || die "$PWD/pin is missing: restore it, the token opens with no other PIN"
        return 0
    fi
    if [[ -e keyhold.db ]]; then
        note "the token $TOKEN_LABEL is missing in $PWD/softhsm/tokens; no new one is made," \
            "because keyhold.db knows keys that were in it"
        return 0
    fi
    ensure_pin so-pin
    ensure_pin pin
    make_token
}

ensure_pin() {
    [[ ! -s $1 ]] || return 0
    openssl rand -hex 16 >"$STAGE/$1"
    publish "$1"
}

# SoftHSM makes a token in several steps; only a complete one moves to where the daemon looks.
make_token() {
    mkdir "$STAGE/tokens"
    softhsm_conf "$PWD/$STAGE/tokens" >"$STAGE/softhsm2.conf"
    init_token "$PWD/$STAGE/softhsm2.conf" "$(<so-pin)" "$(<pin)"
    local token=("$STAGE"/tokens/*)
    [[ ${#token[@]} == 1 && -d ${token[0]} ]] || die "softhsm2-util made no token"
    sync -f "$STAGE"
    mv -T "${token[0]}" "softhsm/tokens/${token[0]##*/}"
    rm -r "$STAGE/tokens" "$STAGE/softhsm2.conf"
    has_token || die "the new token $TOKEN_LABEL cannot be found"
}

# init_token CONF SO_PIN PIN. softhsm2-util takes PINs as arguments, for everybody's ps to show,
# or at a prompt, from a terminal only. So script(1) gives it a terminal, and each PIN is written
# after its prompt: what comes earlier is thrown away when the echo is turned off. script would
# wait for ever when this shell is killed, so it dies with it, and nothing waits for long.
init_token() {
    local answer seen='' said pid in out
    local command="timeout --foreground 30 softhsm2-util --init-token --free --label $TOKEN_LABEL"
    coproc TERMINAL {
        export SHELL=/bin/sh SOFTHSM2_CONF=$1
        exec setpriv --pdeathsig KILL script -qec "$command" /dev/null 2>&1
    }
    # Bash forgets the coproc's variables when it ends, so they are kept.
    pid=$TERMINAL_PID out=${TERMINAL[0]} in=${TERMINAL[1]}
    for answer in "$2" "$2" "$3" "$3"; do
        read -r -t 30 -d : -u "$out" seen && [[ $seen == *' PIN' ]] ||
            die "softhsm2-util did not ask for a PIN: $seen"
        printf '%s\n' "$answer" >&"$in"
    done
    said=$(cat <&"$out") || true
    wait "$pid" || die "softhsm2-util could not make the token: $said"
}

ensure_library_conf() {
    [[ ! -e hsm/softhsm.cfg ]] || return 0
    mkdir -p hsm
    cp "$ROOT/hsm-config/softhsm.cfg" "$STAGE/softhsm.cfg"
    publish hsm/softhsm.cfg
}

ensure_toml() {
    [[ ! -e keyhold.toml ]] || return 0
    cat >"$STAGE/keyhold.toml" <<'END'
# Keyhold's configuration. Relative paths are relative to this file.
[daemon]
account = "123456789012"
region = "us-east-1"

# A call on the Unix socket may say who it comes from: keyhold-act-as: <ARN>. For trying policies.
[operator]
act_as = true

[grpc]
listen = "127.0.0.1:7443"
reflection = true
certificate = "tls/server.crt"
private_key = "tls/server.key"

# Whom the holder of a certificate from this CA may be: any caller of these accounts, root too, and
# these services. scripts/run certificate makes one.
[[grpc.client_ca]]
certificate = "tls/ca.crt"
accounts = ["123456789012"]
allow_root = true
services = ["s3.amazonaws.com"]

# A service that may act for principals, and has a key of its own in their accounts: alias/aws/s3.
# It may say for whom it acts without a proof; in production let principals give it a token. The
# keys that it owns itself are in an account of its own.
[[service]]
principal = "s3.amazonaws.com"
account = "888888888888"
keys = ["customer-managed", "service-managed", "service-owned"]
may_assert_accounts = ["123456789012"]

# SoftHSM has no RSA-OAEP with SHA-256. With this the daemon unwraps such imported material itself,
# and sees it for a moment: for trying things, never in production.
[import]
allow_plaintext_in_daemon = true

# AWS's own clients: HTTP, for this machine only; requests are signed with a user's access key.
[aws]
listen = "127.0.0.1:7480"

# The token that holds the keys; the PIN is in a file, never here.
[[token]]
library = "hsm/softhsm.cfg"
label = "keyhold"
pin_file = "pin"
in_process = true
environment = { SOFTHSM2_CONF = "softhsm2.conf" }
END
    publish keyhold.toml
}
