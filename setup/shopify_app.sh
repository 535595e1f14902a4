#!/bin/sh
# Shopify's own tools in adapters/shopify/app/node_modules, by its lock file alone; no script of a package is run.
# Nothing to do when they are there.
set -u
cd "$(dirname "$0")/.." || exit 1
. setup/words.sh

APP=adapters/shopify/app
STAMP=$APP/node_modules/.mostrador-setup.stamp

read_inputs() { cksum $APP/package-lock.json; node -p 'process.platform + process.arch'; pwd; }

sh setup/system.sh node || exit 1
[ -f "$STAMP" ] && [ "$(read_inputs)" = "$(cat "$STAMP")" ] && exit 0
say "Setting up Shopify's tools"
run_quietly "npm ci" npm --prefix $APP ci --ignore-scripts --no-audit --no-fund --no-update-notifier ||
    stop "npm could not install Shopify's tools; see above."
read_inputs >"$STAMP"
