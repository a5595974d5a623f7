# shellcheck shell=bash
# Sourced by scripts/home.sh: a development CA with a server and client certificates in tls/.
#
# A key is made once and kept; a certificate is made again for the same key, so that each of the
# two is replaced alone and the pair fits at every moment.

CA_SUBJECT='CN=Keyhold development CA'
CA_DAYS=3650
LEAF_DAYS=825
RENEW_DAYS=30

ensure_tls() {
    mkdir -p tls
    ensure_ca
    ensure_leaf server "CN=localhost" serverAuth "DNS:localhost, IP:127.0.0.1, IP:::1"
    ensure_leaf client "CN=Keyhold development client" clientAuth \
        "URI:arn:aws:iam::123456789012:root"
}

ensure_key() {
    [[ ! -s $1 ]] || return 0
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$STAGE/${1##*/}"
    publish "$1"
}

ensure_ca() {
    [[ ! -s tls/ca.crt ]] || return 0
    ensure_key tls/ca.key
    cat >"$STAGE/ca.cnf" <<END
[req]
distinguished_name = subject
x509_extensions = extensions
prompt = no
[subject]
${CA_SUBJECT/=/ = }
[extensions]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
END
    openssl req -x509 -new -sha256 -key tls/ca.key -days "$CA_DAYS" \
        -set_serial "$(new_serial)" -config "$STAGE/ca.cnf" -out "$STAGE/ca.crt"
    publish tls/ca.crt
    rm "$STAGE/ca.cnf"
}

# 127 bits, never zero in front: a positive number of one length.
new_serial() { printf '0x4%s\n' "$(openssl rand -hex 16 | cut -c 2-)"; }

# The file name for the certificate of a client URI, without .crt; dies if it is none.
client_name() {
    local name='[A-Za-z0-9_+=,.@-]+'
    [[ $1 =~ ^arn:[a-z-]+:(iam|sts)::([0-9]{12}:(root|(user|role|assumed-role)(/$name)+))$ ||
        $1 =~ ^(Service):([a-z0-9-]+(\.[a-z0-9-]+)+)$ ||
        $1 =~ ^(spiffe)://([a-z0-9._-]+(/[A-Za-z0-9._-]+)+)$ ]] ||
        die "$1 is no client: write arn:aws:iam::123456789012:user/alice," \
            "Service:s3.amazonaws.com or spiffe://example.org/app"
    local plain=${BASH_REMATCH[2]//[:\/]/-}
    printf '%s\n' "${plain#123456789012-}"
}

# A new certificate for a client URI; its key is kept if there is one. An alternative name in a
# section of its own may have commas.
make_client() {
    local name has
    name=$(client_name "$1")
    if [[ -e tls/$name.crt ]]; then
        has=$(openssl x509 -in "tls/$name.crt" -noout -ext subjectAltName)
        [[ $has == *"URI:$1" ]] || die "$PWD/tls/$name.crt is somebody else's: move it away"
    fi
    [[ -s tls/ca.key ]] || die "$PWD/tls/ca.key is missing: it makes client certificates"
    ensure_key "tls/$name.key"
    issue_leaf "$name" "CN=Keyhold development client" clientAuth \
        "@names"$'\n[names]\nURI = '"$1"
    leaf_fits "$name" clientAuth || die "$PWD/tls/$name.crt does not verify with tls/ca.crt"
    printf '%s\n' "$PWD/tls/$name.crt" "$PWD/tls/$name.key"
}

# ensure_leaf NAME SUBJECT USAGE ALTERNATIVE_NAMES
ensure_leaf() {
    ensure_key "tls/$1.key"
    if leaf_fits "$1" "$3"; then return 0; fi
    [[ -s tls/ca.key ]] || die "$PWD/tls/$1.crt must be renewed, but tls/ca.key is missing"
    issue_leaf "$@"
    leaf_fits "$1" "$3" || die "$PWD/tls/$1.crt does not verify with tls/ca.crt"
}

issue_leaf() {
    cat >"$STAGE/$1.cnf" <<END
[req]
distinguished_name = subject
prompt = no
[subject]
${2/=/ = }
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = $3
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
subjectAltName = $4
END
    openssl req -new -sha256 -key "tls/$1.key" -config "$STAGE/$1.cnf" -out "$STAGE/$1.csr"
    openssl x509 -req -sha256 -in "$STAGE/$1.csr" -CA tls/ca.crt -CAkey tls/ca.key \
        -days "$LEAF_DAYS" -set_serial "$(new_serial)" -extfile "$STAGE/$1.cnf" \
        -extensions extensions -out "$STAGE/$1.crt" 2>"$STAGE/openssl.log" ||
        die "openssl: $(<"$STAGE/openssl.log")"
    publish "tls/$1.crt"
    rm "$STAGE/$1.cnf" "$STAGE/$1.csr" "$STAGE/openssl.log"
}

# There, for its key, and good for RENEW_DAYS more. Somebody's own certificate from another CA is
# left alone.
leaf_fits() {
    local crt=tls/$1.crt issuer purpose=sslserver
    [[ -s $crt ]] || return 1
    issuer=$(openssl x509 -in "$crt" -noout -issuer -nameopt RFC2253) || return 1
    [[ $issuer == "issuer=$CA_SUBJECT" ]] || return 0
    [[ $(openssl x509 -in "$crt" -noout -pubkey) == \
        "$(openssl pkey -in "tls/$1.key" -pubout)" ]] || return 1
    [[ $2 == serverAuth ]] || purpose=sslclient
    openssl verify -no-CApath -no-CAstore -CAfile tls/ca.crt -purpose "$purpose" \
        -attime $(($(date +%s) + RENEW_DAYS * 86400)) "$crt" >/dev/null 2>&1
}
