#!/bin/sh
# Makes a fresh checkout ready: .tools/bin/uv, .venv, and the system packages Framewright uses.
# Says each thing it does in a line; does nothing, and asks no network, when nothing changed.
# Environment: PYTHON names the interpreter to use; otherwise the first that is 3.11 or newer.
set -eu
cd "$(dirname "$0")/.."

# The first that knows UV_SYSTEM_CERTS.
LEAST_UV=0.11.0
STAMP=.venv/framewright-set-up

say() { printf '%s\n' "$*"; }
warn() { printf 'Warning: %s\n' "$*" >&2; }
stop() {
    printf 'Stopped: %s\n' "$*" >&2
    exit 1
}

# What the environment is made of. The folder belongs to it: scripts in .venv name it.
wanted_state() {
    { pwd -P && cat uv.lock pyproject.toml packaging/set_up.sh packaging/system_packages.txt; } |
        sha256sum
}

is_ready() {
    [ -x .venv/bin/python ] && [ -f "$STAMP" ] && [ "$(cat "$STAMP")" = "$(wanted_state)" ]
}

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3.11 python3.12 python3.13 python3 python3.14; do
        if is_new_enough "$candidate"; then
            "$candidate" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    stop "no Python 3.11 or newer was found. Install one (apt-get install python3), or name one: PYTHON=/path/to/python3.11 make setup"
}

# Prints what turns a command into root's; fails where nothing does without asking a password.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        return 0
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        echo sudo
    else
        return 1
    fi
}

# Installs Debian or Ubuntu packages; fails where nobody here may, or apt-get can not.
install_packages() {
    command -v apt-get >/dev/null || return 1
    root=$(as_root) || return 1
    say "Installing with apt-get: $*"
    apt="$root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20"
    $apt install -y --no-install-recommends "$@" 2>/dev/null ||
        { $apt update && $apt install -y --no-install-recommends "$@"; }
}

uv_is_new_enough() {
    have=$("$1" --version 2>/dev/null | cut -d ' ' -f 2) && [ -n "$have" ] &&
        printf '%s\n%s\n' "$LEAST_UV" "$have" | sort -V -C
}

find_uv() {
    for candidate in .tools/bin/uv uv; do
        if uv_is_new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

# Puts uv into .tools, which no rule against system-wide installs forbids (PEP 668).
install_uv() {
    if ! "$python" -m pip --version >/dev/null 2>&1; then
        install_packages python3-pip ||
            stop "pip is missing. Install it, then try again: apt-get install python3-pip"
    fi
    # pip of another Python serves as well: uv is one program and belongs to none.
    "$python" -m pip --version >/dev/null 2>&1 && pip_python=$python || pip_python=python3
    say "Installing uv into .tools with pip"
    PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 \
        "$pip_python" -m pip install --quiet --upgrade --target .tools "uv>=$LEAST_UV" ||
        stop "pip could not install uv. Look at its message above; installing needs the network once."
}

sync_environment() {
    say "Installing the Python packages of uv.lock into .venv with $python"
    unset VIRTUAL_ENV
    # Without a home to write to, uv keeps its downloads here.
    [ -n "${UV_CACHE_DIR:-}" ] || [ -w "${HOME:-/nowhere}" ] || export UV_CACHE_DIR=.tools/cache
    # Trust whom this machine trusts, as pip and apt do: some networks sign with their own key.
    [ ! -e /etc/ssl/certs/ca-certificates.crt ] || export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
    # An environment of another folder has that folder's name in its scripts.
    if [ -f "$STAMP.folder" ] && [ "$(cat "$STAMP.folder")" != "$(pwd -P)" ]; then
        rm -rf .venv
    fi
    UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON=$python UV_PYTHON_DOWNLOADS=never \
        "$uv" sync --frozen --quiet ||
        stop "uv could not install the packages. Look at its message above; installing needs the network once."
    pwd -P >"$STAMP.folder"
}

missing_system_packages() {
    sed -e 's/#.*//' packaging/system_packages.txt | while read -r package; do
        [ -n "$package" ] || continue
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        *" installed") ;;
        *) echo "$package" ;;
        esac
    done
}

install_system_packages() {
    if ! command -v dpkg-query >/dev/null; then
        warn "this is not Debian or Ubuntu; see packaging/system_packages.txt for what is used."
        return
    fi
    # shellcheck disable=SC2046 # blanks and line ends become single blanks
    missing=$(echo $(missing_system_packages))
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086 # one word a package
    install_packages $missing ||
        warn "not installed, and done without where possible: $missing. To install: sudo apt-get install $missing"
}

is_ready && exit 0
mkdir -p .tools
# Two set-ups at once take turns; the second finds everything done.
if command -v flock >/dev/null; then
    exec 9>.tools/set-up.lock
    flock 9
    is_ready && exit 0
fi
python=$(find_python)
uv=$(find_uv) || { install_uv && uv=.tools/bin/uv; }
sync_environment
install_system_packages
wanted_state >"$STAMP"
say "Ready. Try: make demo"
