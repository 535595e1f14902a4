<?php
/**
 * What the settings screen's buttons do.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Each form goes to admin-post.php with its own nonce, acts once, and leads back to the screen.
 */
final class Mostrador_Screen_Forms {

	const ACTIONS = array( 'save', 'server', 'disconnect' );

	public static function register() {
		foreach ( self::ACTIONS as $action ) {
			add_action(
				'admin_post_mostrador_' . $action,
				static function () use ( $action ) {
					self::require_merchant( $action );
					wp_safe_redirect( Mostrador_Screen::address( self::$action() ) );
					exit;
				}
			);
		}
	}

	/**
	 * Begins a form; the caller draws the rest and closes it.
	 *
	 * @param string $action One of ACTIONS, or 'desk'.
	 * @param string $target '_blank' for a new tab.
	 */
	public static function open( $action, $target = '' ) {
		printf( '<form method="post" action="%s"%s>', esc_url( admin_url( 'admin-post.php' ) ), '_blank' === $target ? ' target="_blank"' : '' );
		printf( '<input type="hidden" name="action" value="%s">', esc_attr( 'mostrador_' . $action ) );
		wp_nonce_field( 'mostrador_' . $action );
	}

	/**
	 * Ends the request unless the form is ours and its sender may manage the shop.
	 *
	 * @param string $action One of ACTIONS, or 'desk'.
	 */
	public static function require_merchant( $action ) {
		check_admin_referer( 'mostrador_' . $action );
		if ( ! current_user_can( 'manage_woocommerce' ) ) {
			wp_die( esc_html__( 'Only who manages the shop may do this.', 'mostrador' ), '', array( 'response' => 403 ) );
		}
	}

	// phpcs:disable WordPress.Security.NonceVerification.Missing -- require_merchant() has checked it before each of these.

	private static function save() {
		$pages = isset( $_POST['pages'] ) && is_array( $_POST['pages'] ) ? array_map( 'sanitize_key', wp_unslash( $_POST['pages'] ) ) : array();
		$text  = static function ( $key ) {
			return isset( $_POST[ $key ] ) && is_string( $_POST[ $key ] ) ? sanitize_text_field( wp_unslash( $_POST[ $key ] ) ) : '';
		};
		$accent = $text( 'accent' );
		$before = Mostrador_Choices::accent();
		// A colour that was only shown is not written down as a choice: the server's own may change.
		if ( '' === Mostrador_Choices::get()['accent'] && ( '' !== $before ? $before : Mostrador_Screen::NO_ACCENT ) === $accent ) {
			$accent = '';
		}
		Mostrador_Choices::keep( $pages, $accent, $text( 'corner' ), '1' === $text( 'help' ) );
		return 'saved';
	}

	private static function server() {
		$address = Mostrador_Address::read( isset( $_POST['server'] ) ? sanitize_text_field( wp_unslash( $_POST['server'] ) ) : '' );
		if ( '' === $address ) {
			return 'no_server';
		}
		update_option( Mostrador_Connection::SERVER_OPTION, $address, false );
		return 'server';
	}

	private static function disconnect() {
		$connection = Mostrador_Connection::get();
		if ( $connection ) {
			Mostrador_Webhooks::delete_ours( $connection['service'] );
		}
		Mostrador_Connection::forget();
		return 'disconnected';
	}
}
