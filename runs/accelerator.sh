#!/usr/bin/env bash
# The full tier on one H200-class accelerator, in chained commands of ten minutes:
#
#   runs/accelerator.sh probe     one minute: ceilings, and whether to go on at all
#   runs/accelerator.sh part1     probe, then the tokenizer (renderers on all cores feed a ring)
#   runs/accelerator.sh part2     the transformer: single frames, one second, four seconds
#   runs/accelerator.sh part3     the rest of it, distillation, judge, sheet
#   runs/accelerator.sh dry       the same script at tiny size on a CPU, with a kill in the middle
#
# The work runs in a session of its own (setsid) and outlives the command that began it; each part
# looks after it until its time is up. A part on a fresh machine resumes from the run's folder.
#
#   YOZORA_HOME  where the run lives (default: out/ in this folder's parent)
#   OUT          if set, weights, logs and the sheet are copied there, at most 15 MiB a file
#   FROM         if set, a folder that an earlier OUT came back as: its weights are gone on from
#   PYTHON       the interpreter; PyAV is not needed
#   FORCE=1      go on whatever the probe says
set -euo pipefail
cd "$(dirname "$0")/.."

mode="${1:-}"
config="${CONFIG:-runs/full.toml}"
part_s="${PART_S:-560}"
export YOZORA_HOME="${YOZORA_HOME:-$PWD/out}"
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}" PYTHONUNBUFFERED=1
python="${PYTHON:-}"
[ -n "$python" ] || { [ -x .venv/bin/python ] && python=.venv/bin/python || python=python3; }
name="$(sed -n 's/^name = "\(.*\)"/\1/p' "$config" | head -1)"
run="$YOZORA_HOME/runs/$name"
log="$run/stages.log"

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }

probe() { "$python" -m yozora.training.probe "$config" "$@"; }

# --- the work itself, in order; every stage resumes, and is skipped once done ------------------

stage() { # NAME COMMAND...
    [ -e "$run/.done-$1" ] && return 0
    local what="$1"
    shift
    say "stage $what begins"
    "$@"
    touch "$run/.done-$what"
    say "stage $what is done"
}

train() { # NETWORK
    local from="$run/from/$1.safetensors" extra=()
    if [ -e "$from" ] && [ ! -e "$run/$1/state.pt" ]; then extra=(--init-from "$from"); fi
    "$python" -m yozora train "$1" --config "$config" "${extra[@]}"
}

sheet() { # what there is, distilled if it is; a picture of fixed prompts
    local films="$run/weights"
    [ -e "$run/tokenizer/tokenizer.safetensors" ] || return 0
    mkdir -p "$films"
    cp "$run/tokenizer/tokenizer.safetensors" "$films/"
    local network="$run/distill/transformer.safetensors"
    [ -e "$network" ] || network="$run/transformer/transformer.safetensors"
    [ -e "$network" ] || return 0
    cp "$network" "$films/transformer.safetensors"
    local other
    for other in outliner planner judge; do
        [ ! -e "$run/$other/$other.safetensors" ] || cp "$run/$other/$other.safetensors" "$films/"
    done
    "$python" - "$films" "$run/sheet.png" <<'PYTHON'
import sys
from pathlib import Path

from yozora.training.sheets import sample_sheet

films = Path(sys.argv[1])
sample_sheet(
    Path(sys.argv[2]), films / "tokenizer.safetensors", films / "transformer.safetensors"
)
PYTHON
}

stages() {
    mkdir -p "$run"
    stage tokenizer train tokenizer # 7 minutes; from here on it is frozen
    rm -rf "$run/data/pixels" "$run"/data/.pixels* # renders are encoded where they are made now
    # masks of its own, at a tenth of the transformer's load; the planner learns from them too
    { stage outliner train outliner && stage planner train planner; } &
    local outliner=$!
    stage transformer train transformer
    wait "$outliner" || say "outliner and planner were not finished"
    stage judge train judge & # renders of its own, while distillation needs no renderer
    local judge=$!
    stage distill train distill
    wait "$judge" || say "the judge was not finished"
    stage sheet sheet
    touch "$run/.done"
}

# --- looking after it ---------------------------------------------------------------------------

alive() { [ -e "$run/pid" ] && kill -0 -- "-$(cat "$run/pid")" 2>/dev/null; }

ensure() {
    alive && return 0
    mkdir -p "$run"
    setsid bash "$PWD/runs/accelerator.sh" stages >>"$log" 2>&1 </dev/null &
    echo $! >"$run/pid"
    say "the work began, in process group $(cat "$run/pid")"
}

halt() { # SIGNAL: ends the work; TERM keeps a checkpoint
    alive || return 0
    kill "-$1" -- "-$(cat "$run/pid")" 2>/dev/null || true
    for _ in $(seq 60); do
        alive || return 0
        sleep 0.5
    done
    kill -KILL -- "-$(cat "$run/pid")" 2>/dev/null || true
}

look_after() { # SECONDS: until they are over, or all is done
    local until=$((SECONDS + $1)) starts=1 shown=0
    [ -e "$run/.done" ] || ensure
    while [ "$SECONDS" -lt "$until" ] && [ ! -e "$run/.done" ]; do
        sleep 1
        if ! alive && [ ! -e "$run/.done" ]; then
            [ "$starts" -ge 3 ] && { tail -20 "$log"; say "it ended three times: see $log"; return 1; }
            starts=$((starts + 1))
            say "it ended before its time; resuming"
            ensure
        fi
        if [ "$((SECONDS - shown))" -ge 30 ]; then
            shown=$SECONDS
            say "$(tail -n 1 "$log")"
        fi
    done
}

collect() { # weights, logs and the sheet into OUT: few files, none above 15 MiB
    [ -n "${OUT:-}" ] || return 0
    mkdir -p "$OUT"
    find "$OUT" -maxdepth 1 -type f \( -name '*.safetensors*' -o -name '*.tar.gz' -o -name '*.png' \) -delete
    sheet >>"$log" 2>&1 || say "no sheet yet"
    local file
    for file in "$run"/weights/*.safetensors; do
        [ -e "$file" ] || file="$run/tokenizer/tokenizer.safetensors"
        [ -e "$file" ] || break
        if [ "$(stat -c %s "$file")" -le $((15 << 20)) ]; then
            cp "$file" "$OUT/"
        else
            split -b 15M -d -a 1 "$file" "$OUT/$(basename "$file").part-"
        fi
    done
    [ ! -e "$run/sheet.png" ] || cp "$run/sheet.png" "$OUT/sheet.png"
    (cd "$run" && find . -name '*.log' -o -name 'log.jsonl' -o -name 'recipe.json' |
        tar -czf "$OUT/logs.tar.gz" -T -)
    say "copied to OUT: $(ls "$OUT" | tr '\n' ' ')"
}

bring_back() { # an earlier OUT, on a machine that knows nothing of the run
    [ -n "${FROM:-}" ] && [ ! -e "$run/tokenizer" ] || return 0
    mkdir -p "$run/from" "$run/tokenizer"
    local first
    for first in "$FROM"/*.part-0; do
        [ ! -e "$first" ] || cat "${first%-0}"-* >"$run/from/$(basename "${first%.part-0}")"
    done
    cp "$FROM"/*.safetensors "$run/from/" 2>/dev/null || true
    if [ -e "$run/from/tokenizer.safetensors" ]; then
        cp "$run/from/tokenizer.safetensors" "$run/tokenizer/"
        touch "$run/.done-tokenizer" # frozen: the transformer knows its latents
    fi
    say "goes on from $(ls "$run/from" | tr '\n' ' ')"
}

part() { # NUMBER
    local left="$part_s" began="$SECONDS"
    bring_back
    if [ "$1" = 1 ] && [ ! -e "$run/.done-tokenizer" ]; then
        mkdir -p "$run"
        probe ${FORCE:+--only-tell} | tee "$run/probe.log"
    fi
    left=$((left - (SECONDS - began)))
    look_after "$left"
    if [ "$1" = 3 ]; then halt TERM; fi
    collect
}

# --- the dry run --------------------------------------------------------------------------------

steps_of() { # PART: the last step that its log tells of
    [ -e "$run/$1/log.jsonl" ] || { echo 0; return 0; }
    sed -n 's/.*"step": \([0-9]*\).*/\1/p' "$run/$1/log.jsonl" | tail -1
}

dry() {
    local folder
    folder="$(mktemp -d)"
    trap 'halt KILL; rm -rf "'"$folder"'"' EXIT
    mkdir -p "$folder/nothing"
    echo 'raise ImportError("PyAV is absent here")' >"$folder/nothing/av.py"
    { # the tiny recipe, with checkpoints often enough to kill in between
        printf 'save_every_s = 1.0\nlog_every_s = 0.5\n'
        sed -e '/^log_every_s/d' -e '/^\[transformer\]/,/^steps/s/^steps = .*/steps = 160/' \
            -e 's/^workers = .*/workers = 1\nring = 2/' runs/tiny.toml
    } >"$folder/tiny.toml"
    export CONFIG="$folder/tiny.toml" YOZORA_HOME="$folder/data" OUT="$folder/out" FORCE=1
    export PYTHONPATH="$folder/nothing:$PYTHONPATH" OMP_NUM_THREADS=1
    config="$CONFIG" name=tiny run="$folder/data/runs/tiny" log="$folder/data/runs/tiny/stages.log"
    ! "$python" -c 'import av' 2>/dev/null || { say "PyAV is not blocked"; return 1; }

    say "part 1, killed in the middle"
    mkdir -p "$run"
    probe --only-tell
    ensure
    local waited=0
    until [ -e "$run/transformer/state.pt" ] && [ "$(steps_of transformer)" -ge 5 ]; do
        sleep 0.2
        waited=$((waited + 1))
        [ "$waited" -lt 1500 ] || { tail -20 "$log"; say "no checkpoint came"; return 1; }
    done
    halt KILL 2>/dev/null
    local killed
    killed="$(steps_of transformer)"
    say "killed at step $killed of the transformer"

    say "part 2, resumes"
    part_s=5 part 2
    say "step $(steps_of transformer) of the transformer"

    say "part 3, to the end"
    part_s=400 part 3
    local file
    for file in {tokenizer,transformer,outliner,planner,judge}.safetensors sheet.png logs.tar.gz; do
        [ -s "$OUT/$file" ] || { tail -40 "$log"; say "OUT lacks $file"; return 1; }
    done
    [ "$(steps_of transformer)" = 160 ] || { say "the transformer did not end"; return 1; }
    [ "$killed" -lt 160 ] || { say "the kill came too late to show anything"; return 1; }
    if grep -q 'begins' "$log" && [ "$(grep -c 'stage tokenizer begins' "$log")" != 1 ]; then
        say "the tokenizer was trained twice"
        return 1
    fi
    say "the dry run went through in $SECONDS s"
}

case "$mode" in
    probe) probe ${FORCE:+--only-tell} ;;
    part1 | part2 | part3) part "${mode#part}" ;;
    stages) stages ;;
    dry) dry ;;
    *)
        sed -n '2,18s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
esac
