#!/bin/sh
# Builds the WordPress plugin anew: `make wordpress-plugin SERVICE=https://counter.example`, or
#   sh setup/wordpress_plugin.sh [SERVICE [FILE]]
set -eu
cd "$(dirname "$0")/.."
SERVICE=${1-${SERVICE-}}
export SERVICE
exec .venv/bin/python setup/wordpress_plugin.py "${2-build/mostrador.zip}"
