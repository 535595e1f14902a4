<?php
/**
 * The plain link to the help pages.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Works without any script: rendered by PHP on cart, checkout, thank-you, view-order and account, classic or blocks, once per page.
 */
final class Mostrador_Help_Link {

	/** Hooks of the classic templates; the two of an order fire on block themes as well. */
	const PLACES = array(
		'woocommerce_after_cart',
		'woocommerce_cart_is_empty',
		'woocommerce_after_checkout_form',
		'woocommerce_order_details_after_order_table',
		'woocommerce_thankyou',
		'woocommerce_account_content',
		'woocommerce_after_customer_login_form',
	);

	/** @var bool */
	private static $shown = false;

	public static function register() {
		foreach ( self::PLACES as $place ) {
			add_action( $place, array( __CLASS__, 'show' ), 50, 0 );
		}
		add_action( 'wp_footer', array( __CLASS__, 'show_at_the_end' ), 5, 0 );
		add_filter( 'render_block_woocommerce/cart', array( __CLASS__, 'follow_block' ) );
		add_filter( 'render_block_woocommerce/checkout', array( __CLASS__, 'follow_block' ) );
	}

	public static function show() {
		if ( self::$shown || ! self::is_wanted() ) {
			return;
		}
		self::$shown = true;
		echo wp_kses_post( self::build() );
	}

	/**
	 * An order that is not shown, a page builder, a theme without the hooks: the end of the page is always there.
	 */
	public static function show_at_the_end() {
		if ( Mostrador_Page::is_personal() ) {
			self::show();
		}
	}

	/**
	 * A block is drawn by its own script inside its own element: the link stands after it.
	 *
	 * @param string $html The rendered block.
	 * @return string
	 */
	public static function follow_block( $html ) {
		if ( ! self::is_wanted() || false !== strpos( $html, 'class="mostrador-help"' ) ) {
			return $html;
		}
		self::$shown = true;
		return $html . self::build();
	}

	private static function is_wanted() {
		// What is rendered inside the head is a plugin's excerpt of the page, not the page.
		if ( is_admin() || is_feed() || doing_action( 'wp_head' ) || ( defined( 'REST_REQUEST' ) && REST_REQUEST ) || wp_doing_ajax() ) {
			return false;
		}
		return Mostrador_Connection::get() && Mostrador_Choices::get()['help'] && Mostrador_Choices::allow( Mostrador_Page::name() );
	}

	private static function build() {
		return sprintf(
			'<p class="mostrador-help"><a href="%s" target="_blank" rel="noopener">%s</a></p>',
			esc_url( Mostrador_Connection::help_address( Mostrador_Language::of_page() ) ),
			esc_html__( 'Questions? Help and answers (opens in a new tab)', 'mostrador' )
		);
	}
}
