#!/bin/sh
# The widget's build tools in widget/node_modules, by its lock file alone. Nothing to do when they are there.
set -u
cd "$(dirname "$0")/.." || exit 1
. setup/words.sh

STAMP=widget/node_modules/.mostrador-setup.stamp

read_inputs() { cksum widget/package-lock.json; node -p 'process.version + process.platform + process.arch'; pwd; }

sh setup/system.sh node || exit 1
[ -f "$STAMP" ] && [ "$(read_inputs)" = "$(cat "$STAMP")" ] && exit 0
say "Setting up the widget's build tools"
run_quietly "npm ci" npm --prefix widget ci --no-audit --no-fund --no-update-notifier ||
    stop "npm could not install the widget's build tools; see above."
read_inputs >"$STAMP"
