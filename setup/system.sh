#!/bin/sh
# The programs of the system that the tests need: git, Chromium, Node.js with npm, PostgreSQL, Redis, and a real
# WordPress with two themes, PHP and MariaDB.
# Installs what is missing through apt-get when root; otherwise says in one sentence what to install.
# Arguments name what is wanted (default: all): git chromium node postgresql redis wordpress php mariadb
set -u
cd "$(dirname "$0")/.." || exit 1
. setup/words.sh

has_program() { command -v "$1" >/dev/null 2>&1; }

has_postgresql() {
    for folder in /usr/lib/postgresql/*/bin; do
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && return 0
    done
    has_program initdb && has_program postgres
}

has_chromium() {
    [ -n "${MOSTRADOR_CHROMIUM:-}" ] && [ -x "$MOSTRADOR_CHROMIUM" ] && return 0
    # Ubuntu's chromium-browser is there without the snap that it starts: only one that answers counts.
    for name in chromium chromium-browser google-chrome; do
        has_program "$name" && "$name" --version >/dev/null 2>&1 && return 0
    done
    own=$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as start
with start() as playwright: print(playwright.chromium.executable_path)' 2>/dev/null) && [ -x "$own" ]
}

# The plugin is tested on a block theme and on a classic one; Debian packs each theme by itself.
has_wordpress() {
    [ -f /usr/share/wordpress/wp-load.php ] &&
        [ -d /usr/share/wordpress/wp-content/themes/twentytwentythree ] &&
        [ -d /usr/share/wordpress/wp-content/themes/twentytwentyone ]
}

has_php() {
    has_program php && php -r 'exit(array_diff(["mysqli", "curl", "dom", "mbstring", "intl"], array_map("strtolower", get_loaded_extensions())) ? 1 : 0);'
}

has_mariadb() {
    PATH=$PATH:/usr/sbin:/sbin
    has_program mariadbd && has_program mariadb-install-db && has_program mariadb-dump
}

is_there() {
    case $1 in
        git) has_program git ;;
        chromium) has_chromium ;;
        node) has_program node && has_program npm ;;
        postgresql) has_postgresql ;;
        redis) has_program redis-server ;;
        wordpress) has_wordpress ;;
        php) has_php ;;
        mariadb) has_mariadb ;;
        *) stop "setup/system.sh knows nothing called '$1'." ;;
    esac
}

name_packages() {
    case $1 in
        git) echo git ;;
        chromium) echo chromium ;;
        node) has_program node || echo nodejs; has_program npm || echo npm ;;
        postgresql) echo postgresql ;;
        redis) echo redis-server ;;
        wordpress) echo wordpress wordpress-theme-twentytwentythree wordpress-theme-twentytwentyone ;;
        php) echo php-cli php-mysql php-curl php-xml php-mbstring php-intl ;;
        mariadb) echo mariadb-server ;;
    esac
}

# Ubuntu has Chromium as a snap alone; there Playwright brings a build of its own.
install_chromium() {
    if [ -n "$(apt-cache show --no-all-versions chromium 2>/dev/null)" ]; then
        apt_install chromium
    else
        run_quietly "installing Playwright's Chromium" .venv/bin/playwright install --with-deps chromium
    fi
}

wanted=${*:-git chromium node postgresql redis wordpress php mariadb}
missing='' packages=''
for thing in $wanted; do
    is_there "$thing" && continue
    missing="$missing $thing"
    packages="$packages $(name_packages "$thing" | tr '\n' ' ')"
done
[ -z "$missing" ] && exit 0
packages=$(echo $packages)

can_install || stop "The tests need programs that are missing here: install them with \`sudo apt-get install $packages\`, then run this again."
say "Installing what the tests need from the system:$missing"
others=$(echo " $packages " | sed 's/ chromium / /')
if [ -n "$(echo $others)" ]; then
    apt_install $others || stop "apt-get could not install $others; see above."
else
    run_quietly "asking apt-get what is there" apt-get update -q || stop "apt-get update failed; see above."
fi
case " $missing " in
    *' chromium '*) install_chromium || stop "Chromium could not be installed: install it yourself, or set MOSTRADOR_CHROMIUM to its path." ;;
esac
for thing in $missing; do
    is_there "$thing" || stop "$thing is still missing after apt-get installed $packages."
done
