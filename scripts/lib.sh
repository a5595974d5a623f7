# shellcheck shell=bash
# Sourced by the scripts: finds the JDK, installs Debian packages, builds the jar.

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
JAR=$ROOT/target/keyhold.jar
# There while Maven works. Found later, it means that a build was killed or failed and that the
# jar may be half written.
BUILD_MARK=$JAR.building
MIN_JAVA=25

note() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

die() {
    note "$*"
    exit 1
}

# --- JDK -----------------------------------------------------------------------------------

# The feature version of the JDK in a directory; nothing if there is none.
jdk_version() {
    [[ -x $1/bin/java && -x $1/bin/javac ]] || return 0
    local text=
    [[ ! -r $1/release ]] || text=$(<"$1/release")
    if ! [[ $text =~ JAVA_VERSION=\"([0-9]+) ]]; then
        text=$("$1/bin/java" -version 2>&1) || return 0
        [[ $text =~ version\ \"([0-9]+) ]] || return 0
    fi
    printf '%s\n' "${BASH_REMATCH[1]}"
}

jdk_candidates() {
    [[ -z ${JAVA_HOME:-} ]] || printf '%s\n' "$JAVA_HOME"
    local java
    if java=$(command -v java); then
        java=$(readlink -f "$java")
        printf '%s\n' "${java%/bin/java}"
    fi
    printf '%s\n' /usr/lib/jvm/* | sort -V
}

find_jdk() {
    local home version
    while IFS= read -r home; do
        version=$(jdk_version "$home")
        if ((${version:-0} >= MIN_JAVA)); then
            export JAVA_HOME=$home
            return
        fi
    done < <(jdk_candidates)
    die "no JDK $MIN_JAVA or later found: install one (such as temurin-$MIN_JAVA-jdk)" \
        "under /usr/lib/jvm, or set JAVA_HOME to it"
}

# --- Debian packages -----------------------------------------------------------------------

has() {
    if [[ $1 == /* ]]; then [[ -e $1 ]]; else command -v "$1" >/dev/null; fi
}

# need_packages COMMAND:PACKAGE... or /FILE:PACKAGE...: installs the packages whose command or
# file is not there.
need_packages() {
    local need missing=()
    for need in "$@"; do
        has "${need%%:*}" || [[ " ${missing[*]} " == *" ${need#*:} "* ]] ||
            missing+=("${need#*:}")
    done
    ((${#missing[@]})) || return 0
    install_packages "${missing[@]}"
    for need in "$@"; do
        has "${need%%:*}" || die "${need%%:*} is still missing with package ${need#*:} installed"
    done
}

install_packages() {
    local apt=(apt-get) said
    has apt-get || die "please install what Debian calls: $*"
    if ((EUID != 0)); then
        sudo -n apt-get --version >/dev/null 2>&1 ||
            die "please run: sudo apt-get update && sudo apt-get install -y $*"
        apt=(sudo -n apt-get)
    fi
    note "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    "${apt[@]}" update -qq </dev/null >&2 || note "apt-get update failed, trying the old lists"
    said=$("${apt[@]}" install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" \
        </dev/null 2>&1) || die "apt-get could not install $*: $said"
}

need_softhsm() {
    need_packages softhsm2-util:softhsm2 /usr/lib/softhsm/libsofthsm2.so:softhsm2 openssl:openssl
}

# The tests compile a small C module; gcc alone brings no C headers. They try other tokens too:
# pkcsslotd, which root's tests start, is openCryptoki's daemon. Of AWS's clients any version does.
need_test_packages() {
    local boto3=()
    python3 -c 'import boto3' 2>/dev/null ||
        boto3=(/usr/lib/python3/dist-packages/boto3:python3-boto3)
    need_softhsm
    need_packages pkcs11-tool:opensc gcc:gcc /usr/include/stdio.h:libc6-dev \
        /usr/lib/x86_64-linux-gnu/libsoftokn3.so:libnss3 certutil:libnss3-tools \
        /usr/sbin/pkcsslotd:opencryptoki aws:awscli "${boto3[@]}"
}

# --- build ---------------------------------------------------------------------------------

jar_unusable() { [[ ! -e $JAR || -e $BUILD_MARK ]]; }

# Folders count too: theirs is the time that changes when a file is deleted.
jar_stale() {
    jar_unusable || [[ -n $(find "$ROOT/pom.xml" "$ROOT/src/main" "$ROOT/proto" \
        -newer "$JAR" -print -quit 2>/dev/null) ]]
}

# Runs Maven on the JDK that find_jdk found, one Maven at a time in this repository.
maven() {
    need_packages mvn:maven
    with_build_lock maven_locked "$@"
}

with_build_lock() {
    (
        flock 9
        "$@"
    ) 9<"$ROOT"
}

maven_locked() {
    mkdir -p "$ROOT/target"
    # A running daemon has the jar open: it keeps the old file, Maven overwrites a copy.
    if [[ -e $JAR ]]; then
        cp -p "$JAR" "$JAR.copy"
        mv -f "$JAR.copy" "$JAR"
    fi
    : >"$BUILD_MARK"
    (
        cd "$ROOT"
        # What tests start must not build again, and so wait for this build. The option silences
        # a warning that Maven's own libraries cause on new JDKs.
        export KEYHOLD_BUILDING=1
        export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"
        exec mvn -q -B -ntp "$@"
    )
    [[ -e $JAR ]] || die "Maven made no $JAR"
    # The time of the build's start, so that a source changed meanwhile counts as newer.
    touch -r "$BUILD_MARK" "$JAR"
    rm -f "$BUILD_MARK"
}

build_if() {
    local test=$1
    [[ -z ${KEYHOLD_BUILDING:-} ]] || return 0
    if ! "$test"; then return; fi
    need_packages mvn:maven
    note "building target/keyhold.jar"
    with_build_lock build_if_still "$test" >&2
}

# Asked again under the lock: another script may have built while this one waited.
build_if_still() {
    if "$1"; then maven_locked -Dmaven.test.skip=true package; fi
}

build_if_stale() { build_if jar_stale; }

build_if_unusable() { build_if jar_unusable; }
