#!/usr/bin/env bash
# Trains the model that ships in the background, politely, for as long as it is let:
#
#   runs/background.sh start      begin, or go on after a pause
#   runs/background.sh pause      stop at the next step, with a checkpoint: the cores are free
#   runs/background.sh status     what it does, and the last lines of its log
#
# One process trains at low priority, beside the recipe's renderers: tokenizer, transformer and
# distillation of runs/starter.toml, one after another. Everything lies under YOZORA_HOME, outside
# of this tree; copy the result where generating looks with `yozora train PART ... --ship`.
set -euo pipefail
[ -z "${YOZORA_HOME:-}" ] || YOZORA_HOME=$(realpath -m "$YOZORA_HOME") # before leaving the folder
[ -z "${CONFIG:-}" ] || CONFIG=$(realpath -m "$CONFIG")
cd "$(dirname "$0")/.."

config="${CONFIG:-runs/starter.toml}"
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}" PYTHONUNBUFFERED=1
python="${PYTHON:-}"
[ -n "$python" ] || { [ -x .venv/bin/python ] && python=.venv/bin/python || python=python3; }
YOZORA_HOME="${YOZORA_HOME:-$("$python" -c 'from yozora.home import home; print(home())')}"
export YOZORA_HOME
mkdir -p "$YOZORA_HOME"
pid="$YOZORA_HOME/background.pid" log="$YOZORA_HOME/background.log"

# the number alone may be another process's by now
alive() { [ -e "$pid" ] && grep -qsa background.sh "/proc/$(cat "$pid")/cmdline"; }

case "${1:-}" in
    start)
        if alive; then
            echo "it is at work already: $log"
            exit 0
        fi
        if [ ! -r "$config" ]; then
            echo "there is no recipe $config: set CONFIG to one of runs/*.toml"
            exit 2
        fi
        nice -n 10 setsid bash "$PWD/runs/background.sh" stages >>"$log" 2>&1 </dev/null &
        echo $! >"$pid"
        sleep 2
        alive || { echo "it ended at once: $(tail -n 1 "$log")"; exit 1; }
        echo "it is at work: $log"
        ;;
    pause)
        if ! alive; then
            echo "nothing is at work"
            exit 0
        fi
        kill -TERM -- "-$(cat "$pid")" # the training process ends by itself, after a checkpoint
        for _ in $(seq 240); do
            alive || { echo "paused; start goes on from the checkpoint"; exit 0; }
            sleep 0.5
        done
        echo "it did not end within two minutes: see $log"
        exit 1
        ;;
    status)
        if alive; then echo "at work"; else echo "not at work: paused, done or failed"; fi
        [ ! -e "$log" ] || tail -n 4 "$log"
        ;;
    stages)
        for part in tokenizer transformer distill; do
            "$python" -m yozora train "$part" --config "$config"
        done
        echo "all parts are done"
        ;;
    *)
        sed -n '2,11s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
esac
