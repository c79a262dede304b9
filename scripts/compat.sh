#!/usr/bin/env bash
# Install the clients that tests/compat drives, each into a folder of its own under .venv/compat, so that
# versions do not meet. tests/compat/clients.txt says which; each is installed once. What cannot be had is said,
# and its tests are skipped.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'compat: %s\n' "$*" >&2; }

python="${PYTHON:-.venv/bin/python}"
missing=()

install_one() {
    local manager="$1" package="$2" folder="$3"
    case "$manager" in
        pip) "$python" -m pip --disable-pip-version-check --no-input install -q --no-compile --target "$folder" "$package" ;;
        npm) command -v npm >/dev/null || { say "there is no npm on this machine"; return 1; }
             npm install --silent --no-audit --no-fund --prefix "$folder" "$package" ;;
        *) say "$manager is no package manager that is known here: use pip or npm"; return 1 ;;
    esac
}

while read -r manager package name; do
    case "$manager" in "" | "#"*) continue ;; esac
    folder=".venv/compat/$name"
    if [ "$(cat "$folder/.installed" 2>/dev/null)" = "$package" ]; then
        continue
    fi
    say "installing $package"
    rm -rf "$folder"
    mkdir -p "$folder"
    if log="$(install_one "$manager" "$package" "$folder" 2>&1)"; then
        printf '%s\n' "$package" >"$folder/.installed"
    else
        rm -rf "$folder"
        printf '%s\n' "$log" | tail -n 5 >&2
        missing+=("$package")
    fi
done <tests/compat/clients.txt

if [ "${#missing[@]}" -gt 0 ]; then
    say "NOT INSTALLED, and not tested: ${missing[*]}"
    say "check the network and the lines above, then run scripts/compat.sh again"
else
    say "every client of tests/compat/clients.txt is here"
fi
