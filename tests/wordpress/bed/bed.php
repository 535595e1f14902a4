<?php
/**
 * Plugin Name: The bed
 * Description: Nothing leaves this WordPress: what it wants to request or to mail is written down instead.
 */

/** Asked with whether our plugin is what asked; WordPress itself looks for updates of its own. */
add_filter(
	'pre_http_request',
	function ( $answer, $arguments, $url ) {
		$ours = false;
		foreach ( debug_backtrace( DEBUG_BACKTRACE_IGNORE_ARGS ) as $frame ) {
			$ours = $ours || ( isset( $frame['file'] ) && false !== strpos( $frame['file'], '/plugins/mostrador/' ) );
		}
		file_put_contents( dirname( ABSPATH ) . '/requests.log', wp_json_encode( array( 'url' => $url, 'ours' => $ours ) ) . "\n", FILE_APPEND | LOCK_EX );
		return new WP_Error( 'http_request_not_executed', 'Nothing leaves the bed.' );
	},
	1,
	3
);

add_filter(
	'pre_wp_mail',
	function ( $sent, $mail ) {
		file_put_contents( dirname( ABSPATH ) . '/mails.log', wp_json_encode( $mail ) . "\n", FILE_APPEND | LOCK_EX );
		return true;
	},
	10,
	2
);

// Faces come from a server of WordPress' makers otherwise.
add_filter( 'pre_option_show_avatars', '__return_zero' );

// The distribution's package is updated by the distribution: nobody looks for updates, so the log stays the plugin's.
foreach ( array( 'version_check' => 'wp_version_check', 'update_plugins' => 'wp_update_plugins', 'update_themes' => 'wp_update_themes' ) as $name => $job ) {
	add_action(
		'init',
		function () use ( $name, $job ) {
			remove_action( 'wp_' . $name, $job );
		}
	);
}
foreach ( array( 'core', 'plugins', 'themes' ) as $kind ) {
	add_filter(
		'pre_site_transient_update_' . $kind,
		function () {
			return (object) array( 'last_checked' => time(), 'version_checked' => get_bloginfo( 'version' ), 'updates' => array(), 'response' => array(), 'translations' => array() );
		}
	);
}

// A shop that has another language is asked for all there are on some screens; a failing answer would be the log's noise.
add_filter(
	'translations_api',
	function () {
		return array( 'translations' => array() );
	}
);
