#!/usr/bin/env bash
# Make .venv ready for one purpose: `setup.sh runtime` to generate, `studio` to serve, `dev` to test, `acceptance` for all.
# Called by the Makefile, which remembers by a stamp file that it is done.
set -euo pipefail
cd "$(dirname "$0")/.."
purpose="${1:-runtime}"

say() { printf 'setup: %s\n' "$*" >&2; }

python=""
for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" >/dev/null 2>&1 &&
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python="$name"
        break
    fi
done
if [ -z "$python" ]; then
    say "no Python of 3.11 or newer was found: install one, or name it with PYTHON=/path/to/python"
    exit 2
fi

if ! .venv/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        say "$python cannot make a virtual environment: install its venv module (python3-venv)"
        exit 2
    fi
fi

pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input)
options=(-q -c constraints/tested.txt)

# A machine without a GPU should not download CUDA. PyTorch keeps CPU builds in an index of its own;
# it is used where it answers, and its absence is no error.
cpu_index="https://download.pytorch.org/whl/cpu"
if ! command -v nvidia-smi >/dev/null 2>&1 && [ "$(uname -s)" = Linux ]; then
    if "$python" - "$cpu_index" <<'PROBE' 2>/dev/null; then
import sys, urllib.request
urllib.request.urlopen(sys.argv[1] + "/torch/", timeout=4).read(1)
PROBE
        options+=(--extra-index-url "$cpu_index")
    fi
fi

target="."
[ "$purpose" != runtime ] && target=".[$purpose]"
say "installing Yozora ($purpose) into .venv"
if ! "${pip[@]}" install "${options[@]}" -e "$target"; then
    say "pip could not install the packages: check the network and the lines above, then run again"
    exit 2
fi

if [ "$purpose" = dev ] && [ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] &&
    ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && command -v apt-get >/dev/null; then
    say "installing PostgreSQL for the studio's tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq postgresql; } >/dev/null 2>&1 ||
        say "PostgreSQL could not be installed: its tests are skipped"
fi

if [ "$purpose" = dev ] && [ "$(uname -s)" = Linux ]; then
    # Rendering the world needs OpenGL without a window; a software one does. Trying is the sure way.
    opengl="import moderngl; moderngl.create_context(standalone=True, backend='egl', require=330)"
    if ! .venv/bin/python -c "$opengl" >/dev/null 2>&1; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            say "installing a software OpenGL for the world's renderer"
            export DEBIAN_FRONTEND=noninteractive
            { apt-get update -qq && apt-get install -y -qq libegl1 libgl1 libgl1-mesa-dri; } \
                >/dev/null 2>&1 ||
                say "OpenGL could not be installed: tests that render the world will say so"
        else
            say "the world's renderer needs EGL: install libegl1, libgl1 and libgl1-mesa-dri"
        fi
    fi
fi
if [ "$purpose" = acceptance ] && [ "$(uname -s)" = Linux ] && [ "$(id -u)" = 0 ] &&
    ! command -v chromium >/dev/null && command -v apt-get >/dev/null; then
    say "installing Chromium for the page's tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq chromium; } >/dev/null 2>&1 ||
        say "Chromium could not be installed: a walk through the page is skipped"
fi
touch ".venv/.$purpose" .venv/.runtime
[ "$purpose" = dev ] && touch .venv/.studio
say "done"
