<?php
// A private WordPress for tests: the address and the database stand in site.json beside this file's folder.
$site = json_decode( file_get_contents( dirname( __DIR__ ) . '/site.json' ), true );
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', $site['user'] );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:' . $site['socket'] );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
foreach ( array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT' ) as $name ) {
	define( $name, hash( 'sha256', $name . $site['salt'] ) );
}
define( 'WP_HOME', $site['url'] );
define( 'WP_SITEURL', $site['url'] );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_LOG', dirname( __DIR__ ) . '/php.log' );
define( 'WP_DEBUG_DISPLAY', false );
define( 'DISABLE_WP_CRON', true );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'DOUBLE_BASIC_WITHOUT_HTTPS', true );
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
