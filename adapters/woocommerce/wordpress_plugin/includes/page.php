<?php
/**
 * The page of the purchase that is being shown.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * A page has a name (what the merchant switches) and stands for steps of the purchase (what the widget is told).
 */
final class Mostrador_Page {

	const NAMES = array( 'home', 'catalogue', 'product', 'cart', 'checkout', 'order_pay', 'thank_you', 'order_status', 'account', 'other' );

	/** The checkout is one page and stands for all that is asked on it. */
	const CHECKOUT_STEPS = array( 'checkout', 'contact', 'shipping', 'payment', 'review' );

	/**
	 * The name of the page being shown. Only WordPress' own answers are asked, so that it is the same with blocks,
	 * shortcodes and every theme.
	 *
	 * @return string One of NAMES.
	 */
	public static function name() {
		if ( is_checkout() ) {
			// is_checkout() is true on its endpoints too: they come first.
			if ( is_order_received_page() ) {
				return 'thank_you';
			}
			return is_checkout_pay_page() ? 'order_pay' : 'checkout';
		}
		if ( is_cart() ) {
			return 'cart';
		}
		if ( is_account_page() ) {
			return is_wc_endpoint_url( 'view-order' ) ? 'order_status' : 'account';
		}
		if ( is_front_page() ) {
			return 'home';
		}
		if ( is_product() ) {
			return 'product';
		}
		return self::is_catalogue() ? 'catalogue' : 'other';
	}

	/**
	 * @return string[] Steps, as the server names them.
	 */
	public static function steps() {
		$name = self::name();
		if ( 'checkout' === $name ) {
			return self::CHECKOUT_STEPS;
		}
		if ( 'home' === $name && self::is_catalogue() ) {
			return array( 'home', 'catalogue' );
		}
		return 'other' === $name ? array() : array( $name );
	}

	/**
	 * The steps that a page's switch decides.
	 *
	 * @param string $name One of NAMES.
	 * @return string[]
	 */
	public static function steps_of( $name ) {
		if ( 'checkout' === $name ) {
			return self::CHECKOUT_STEPS;
		}
		return 'other' === $name ? array() : array( $name );
	}

	/** Whether a signed-in customer is known on it; such a page must never come from a cache. */
	public static function is_personal() {
		return in_array( self::name(), array( 'cart', 'checkout', 'order_pay', 'thank_you', 'order_status', 'account' ), true );
	}

	/**
	 * The number in the address of an order's page: order-received, order-pay or view-order. Anybody can type it.
	 *
	 * @return int 0 when there is none.
	 */
	public static function order_id() {
		global $wp;
		$endpoints = array(
			'thank_you'    => 'order-received',
			'order_pay'    => 'order-pay',
			'order_status' => 'view-order',
		);
		$name      = self::name();
		if ( ! isset( $endpoints[ $name ] ) ) {
			return 0;
		}
		$endpoint = $endpoints[ $name ];
		return absint( isset( $wp->query_vars[ $endpoint ] ) ? $wp->query_vars[ $endpoint ] : get_query_var( $endpoint ) );
	}

	/**
	 * The address of one of the pages, '' when the shop has none or it cannot be opened by itself.
	 *
	 * @param string $name One of NAMES.
	 * @return string
	 */
	public static function address( $name ) {
		if ( 'home' === $name ) {
			return home_url( '/' );
		}
		$pages = array(
			'catalogue' => 'shop',
			'cart'      => 'cart',
			'checkout'  => 'checkout',
			'account'   => 'myaccount',
		);
		$id    = isset( $pages[ $name ] ) ? (int) wc_get_page_id( $pages[ $name ] ) : 0;
		return $id > 0 && get_post( $id ) ? (string) get_permalink( $id ) : '';
	}

	/**
	 * Whether the shop has such a page. Products are always there; pages of an order live on the checkout or the account.
	 *
	 * @param string $name One of NAMES.
	 * @return bool
	 */
	public static function exists( $name ) {
		$homes = array(
			'order_pay'    => 'checkout',
			'thank_you'    => 'checkout',
			'order_status' => 'account',
		);
		$name  = isset( $homes[ $name ] ) ? $homes[ $name ] : $name;
		return in_array( $name, array( 'home', 'product', 'other' ), true ) || '' !== self::address( $name );
	}

	private static function is_catalogue() {
		return is_shop() || is_product_taxonomy() || ( is_search() && 'product' === get_query_var( 'post_type' ) );
	}
}
