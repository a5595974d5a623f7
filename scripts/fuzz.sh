# shellcheck shell=bash
# Sourced by the scripts that fuzz; needs lib.sh, and what maven -Pfuzz has built.

# Target and its part of the time, in hundredths. In scripts/test the pipeline needs half of its part
# for the inputs that are there. The messages themselves are not watched: that costs more than it
# tells.
FUZZ_TARGETS=(PipelineFuzz:70 BlobFuzz:5 ContextFuzz:5 PolicyFuzz:8 JsonFuzz:6 QueryFuzz:6)

FUZZ_JAVA=(-Xmx1g -XX:+EnableDynamicAgentLoading --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow --add-modules=jdk.crypto.cryptoki
    --add-exports=jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED
    --add-opens=jdk.crypto.cryptoki/sun.security.pkcs11.wrapper=ALL-UNNAMED)

# fuzz SECONDS: all targets, two at a time, so long together, a few seconds for each start not
# counted. What they learn stays in target/fuzz and is where the next run begins.
fuzz() (
    export CLASSPATH
    CLASSPATH=$ROOT/target/test-classes:$ROOT/target/classes:$(<"$ROOT/target/fuzz/classpath")
    cd "$ROOT"
    tmp=$(mktemp -d)
    trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$tmp"' EXIT
    "$JAVA_HOME/bin/java" io.keyhold.fuzz.Seeds "$tmp/seeds"
    for target in "${FUZZ_TARGETS[@]}"; do
        while (($(jobs -rp | wc -l) >= 2)); do wait -n; done
        fuzz_one "${target%:*}" "$(($1 * ${target#*:} / 100))" &
    done
    while [[ -n $(jobs -p) ]]; do wait -n; done
)

fuzz_one() {
    local name=$1 seconds=$2 folder=target/fuzz/$1 findings=src/test/resources/fuzz/$1 corpus=()
    mkdir -p "$folder/corpus"
    corpus=("$folder/corpus" "$tmp/seeds/$name")
    [[ ! -d $findings ]] || corpus+=("$findings")
    "$JAVA_HOME/bin/java" "${FUZZ_JAVA[@]}" -Djava.io.tmpdir="$tmp" \
        com.code_intelligence.jazzer.Jazzer --target_class="io.keyhold.fuzz.$name" \
        --instrumentation_includes='io.keyhold.**' \
        --instrumentation_excludes='io.keyhold.fuzz.**:io.keyhold.v1.**' \
        --reproducer_path="$folder" \
        -artifact_prefix="$folder/" -max_total_time="$((seconds > 0 ? seconds : 1))" \
        -max_len=16384 -timeout=60 -rss_limit_mb=4096 "${corpus[@]}" >"$folder/log" 2>&1 || {
        grep -av '^INFO: ' "$folder/log" | tail -n 60 >&2
        die "$name found something: see $folder/log; its input is" \
            "$(ls -t "$folder"/*-* | head -n 1)." \
            "Mend it, and keep the input in $findings for FuzzSeedsTest"
    }
    local runs given
    runs=$(sed -n 's/^Done \([0-9]*\) runs in .*/\1/p' "$folder/log")
    given=$(sed -n 's/^#\([0-9]*\)[[:space:]]*INITED .*/\1/p' "$folder/log")
    ((${runs:-0} > 0)) || die "$name ran nothing: see $folder/log"
    echo "fuzz: $name took the $given inputs that were there and $((runs - given)) new ones"
}
