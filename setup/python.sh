#!/bin/sh
# Makes .venv: the app (editable), all its extras and the lint tools. Run through `make setup`.
# Does nothing when that is done already; repairs an environment that is broken, moved or half made.
#
# PYTHON=/path/to/python3 chooses the interpreter; without it a sound .venv keeps its own, and a new one
# takes the first of python3, python3.14 ... python3.11 that is new enough.
set -u
cd "$(dirname "$0")/.." || exit 1
. setup/words.sh

VENV=.venv
STAMP=$VENV/mostrador-setup.stamp
COMMANDS="mostrador lint-imports pytest ruff mypy playwright"
CHOSEN=${PYTHON:-}

is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

describe_python() { "$1" -c 'import sys; print("%d.%d.%d" % sys.version_info[:3], sys.base_prefix)' 2>/dev/null; }

# What the environment was made from: another answer means that it must be made again.
read_inputs() { { cksum setup.cfg pyproject.toml; pwd; describe_python "$1"; } 2>/dev/null; }

has_commands() {
    for command in $COMMANDS; do
        [ -x "$VENV/bin/$command" ] || return 1
    done
}

is_ready() {
    [ -f "$STAMP" ] && has_commands || return 1
    [ "$(read_inputs "$VENV/bin/python")" = "$(cat "$STAMP")" ] || return 1
    [ -z "$CHOSEN" ] || [ "$(describe_python "$CHOSEN")" = "$(describe_python "$VENV/bin/python")" ]
}

find_python() {
    if [ -n "$CHOSEN" ]; then
        command -v "$CHOSEN" >/dev/null 2>&1 || stop "PYTHON=$CHOSEN is not a program here."
        is_new_enough "$CHOSEN" && { FOUND=$CHOSEN; return; }
        stop "PYTHON=$CHOSEN is $("$CHOSEN" --version 2>&1), and Mostrador needs Python 3.11 or newer."
    fi
    for name in python3 python3.14 python3.13 python3.12 python3.11; do
        command -v "$name" >/dev/null 2>&1 && is_new_enough "$name" && { FOUND=$(command -v "$name"); return; }
    done
    if command -v python3 >/dev/null 2>&1; then
        stop "$(python3 --version 2>&1) is too old: install Python 3.11 or newer, or name one with \`make setup PYTHON=/path/to/python3\`."
    fi
    stop "Python 3.11 or newer is missing: install it with \`apt-get install python3 python3-venv\`."
}

# Debian and Ubuntu cut ensurepip out of python3 into a package of its own.
require_venv() {
    "$FOUND" -c 'import ensurepip, venv' >/dev/null 2>&1 && return
    version=$("$FOUND" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    package=python3-venv
    [ "$(readlink -f "$FOUND")" = "$(readlink -f /usr/bin/python3)" ] || package=$version-venv
    can_install || stop "The package $package is missing: install it with \`sudo apt-get install $package\`, then run \`make setup\` again."
    apt_install "$package" || stop "apt-get could not install $package; see above."
    "$FOUND" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        stop "$FOUND still cannot make virtual environments (its modules ensurepip and venv are missing)."
}

# A virtual environment can be kept and completed when its own Python and pip still run, from this place.
can_keep_venv() {
    is_new_enough "$VENV/bin/python" || return 1
    "$VENV/bin/python" -m pip --version >/dev/null 2>&1 || return 1
    [ "$(describe_python "$VENV/bin/python")" = "$(describe_python "$FOUND")" ] || return 1
    grep -qF "$(pwd)/$VENV/" "$VENV/bin/pip" 2>/dev/null
}

make_venv() {
    rm -rf "$VENV"
    run_quietly "making $VENV with Python $(describe_python "$FOUND" | cut -d ' ' -f 1)" "$FOUND" -m venv "$VENV" ||
        stop "$FOUND could not make a virtual environment."
}

install_app() {
    run_quietly "installing the app and what it needs (a minute or two the first time)" \
        "$VENV/bin/python" -m pip install --disable-pip-version-check --no-input --progress-bar off \
        "setuptools>=80" -e ".[postgres,redis,demo,test]" ||
        stop "pip could not install what Mostrador needs; see above. Is there a way out to the package index?"
}

is_ready && exit 0
if [ -z "$CHOSEN" ] && [ -x "$VENV/bin/python" ] && is_new_enough "$VENV/bin/python"; then
    # The interpreter that an earlier `make setup PYTHON=...` chose stays chosen.
    base=$("$VENV/bin/python" -c 'import sys; print(sys._base_executable)' 2>/dev/null)
    [ -x "$base" ] && CHOSEN=$base
fi
find_python
require_venv
say "Setting up Mostrador in $VENV"
rm -f "$STAMP"
if can_keep_venv; then kept=yes; else kept=no; make_venv; fi
install_app
if ! has_commands && [ "$kept" = yes ]; then
    say "  $VENV was incomplete: making it afresh"
    make_venv
    install_app
fi
has_commands || stop "Some of these commands are missing from $VENV/bin after the installation: $COMMANDS."
read_inputs "$VENV/bin/python" >"$STAMP.new" && mv "$STAMP.new" "$STAMP"
say "  ready: $VENV/bin/mostrador"
