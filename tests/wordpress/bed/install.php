<?php
// Run by PHP's command line: WordPress, the shop's pages, products and people.
define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = '127.0.0.1';
/** Nobody is told by mail. */
function wp_new_blog_notification() {
}
require $argv[1] . '/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Barro y Sol', 'ana', 'ana@example.com', true, '', 'ana-password' );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'timezone_string', 'America/Bogota' );
