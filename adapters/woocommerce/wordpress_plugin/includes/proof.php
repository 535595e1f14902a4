<?php
/**
 * What proves to the server whose page this is.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * The pages of an order open for every number in the address, so the number says nothing: a proof is given only after
 * the order's key or its owner was checked here. It lives a quarter of an hour and holds no name, mail or address.
 */
final class Mostrador_Proof {

	const LIFE = 900;

	/** Pages that may carry a proof must not be kept by any cache; runs before anything was sent. */
	public static function keep_private() {
		if ( ! Mostrador_Connection::get() || ! Mostrador_Page::is_personal() || '' === self::of_page() ) {
			return;
		}
		if ( ! defined( 'DONOTCACHEPAGE' ) ) {
			define( 'DONOTCACHEPAGE', true ); // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedConstantFound -- the name all caching plugins read.
		}
		if ( ! headers_sent() ) {
			nocache_headers();
		}
	}

	/**
	 * @return string A token, or '' when nothing is proven on this page.
	 */
	public static function of_page() {
		$connection = Mostrador_Connection::get();
		if ( ! $connection || ! Mostrador_Page::is_personal() ) {
			return '';
		}
		$order_id = Mostrador_Page::order_id();
		if ( $order_id ) {
			$order = wc_get_order( $order_id );
			if ( $order instanceof WC_Order && self::owns( $order ) ) {
				return self::mint( $connection, 'order', array( 'o' => (string) $order->get_id() ) );
			}
			return '';
		}
		if ( ! is_user_logged_in() || ! in_array( Mostrador_Page::name(), array( 'cart', 'checkout', 'account' ), true ) ) {
			return '';
		}
		return self::mint( $connection, 'customer', array( 'c' => (string) get_current_user_id() ) );
	}

	/**
	 * A customer's order is its owner's alone, a guest's order is the one's who holds its key, as WooCommerce itself does it.
	 */
	private static function owns( WC_Order $order ) {
		$customer = (int) $order->get_customer_id();
		if ( 'order_status' === Mostrador_Page::name() ) {
			return $customer > 0 && get_current_user_id() === $customer;
		}
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- the order's key is the secret that is checked here.
		$key = isset( $_GET['key'] ) && is_string( $_GET['key'] ) ? sanitize_text_field( wp_unslash( $_GET['key'] ) ) : '';
		if ( '' === $key || ! hash_equals( (string) $order->get_order_key(), $key ) ) {
			return false;
		}
		if ( $customer > 0 ) {
			return get_current_user_id() === $customer;
		}
		return ! self::asks_for_mail( $order );
	}

	/**
	 * Where WooCommerce itself would first ask a guest for the order's e-mail address, the key alone is not enough for us either.
	 */
	private static function asks_for_mail( WC_Order $order ) {
		$judge = 'Automattic\WooCommerce\Internal\Utilities\Users';
		if ( ! is_callable( array( $judge, 'should_user_verify_order_email' ) ) ) {
			return false;
		}
		$place = 'thank_you' === Mostrador_Page::name() ? 'order-received' : 'order-pay';
		try {
			return (bool) call_user_func( array( $judge, 'should_user_verify_order_email' ), $order->get_id(), self::typed_mail(), $place );
		} catch ( Throwable $e ) {
			return true;
		}
	}

	/** The address a guest just typed where WooCommerce asked for it, under the nonce of its form (classic, then block), or null. */
	private static function typed_mail() {
		foreach ( array( 'check_submission', '_wpnonce' ) as $field ) {
			$nonce = isset( $_POST[ $field ] ) && is_string( $_POST[ $field ] ) ? sanitize_key( wp_unslash( $_POST[ $field ] ) ) : '';
			if ( '' !== $nonce && wp_verify_nonce( $nonce, 'wc_verify_email' ) ) {
				return isset( $_POST['email'] ) && is_string( $_POST['email'] ) ? sanitize_email( wp_unslash( $_POST['email'] ) ) : null;
			}
		}
		return null;
	}

	private static function mint( array $connection, $purpose, array $claim ) {
		$claims = array_merge( array( 's' => $connection['store'] ), $claim, array( 'e' => time() + self::LIFE ) );
		return Mostrador_Token::seal( $connection['secret'], $purpose, $claims );
	}
}
