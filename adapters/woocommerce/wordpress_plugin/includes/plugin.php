<?php
/**
 * Puts the plugin together.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Without WooCommerce nothing of the plugin runs but one screen that says so.
 */
final class Mostrador_Plugin {

	public static function start() {
		Mostrador_Language::register();
		add_action( 'before_woocommerce_init', array( __CLASS__, 'declare_compatibility' ) );
		add_action( 'plugins_loaded', array( __CLASS__, 'register' ), 20 );
	}

	public static function register() {
		if ( ! class_exists( 'WooCommerce' ) || ! function_exists( 'wc_get_order' ) ) {
			add_action( 'admin_menu', array( __CLASS__, 'add_lonely_screen' ) );
			return;
		}
		Mostrador_Loader::register();
		Mostrador_Help_Link::register();
		Mostrador_Core_Mails::register();
		Mostrador_Cron::register();
		Mostrador_Routes::register();
		Mostrador_Privacy::register();
		if ( is_admin() ) {
			Mostrador_Parcel_Box::register();
			Mostrador_Screen::register();
			Mostrador_Screen_Forms::register();
			Mostrador_Desk_Door::register();
		}
	}

	public static function declare_compatibility() {
		$features = 'Automattic\WooCommerce\Utilities\FeaturesUtil';
		if ( ! class_exists( $features ) ) {
			return;
		}
		foreach ( array( 'custom_order_tables', 'cart_checkout_blocks' ) as $feature ) {
			call_user_func( array( $features, 'declare_compatibility' ), $feature, MOSTRADOR_FILE, true );
		}
	}

	public static function add_lonely_screen() {
		add_options_page( 'Mostrador', 'Mostrador', 'activate_plugins', Mostrador_Screen::SLUG, array( __CLASS__, 'show_lonely_screen' ) );
	}

	public static function show_lonely_screen() {
		printf(
			'<div class="wrap"><h1>%s</h1><div class="notice notice-warning inline"><p>%s</p></div></div>',
			esc_html__( 'Mostrador', 'mostrador' ),
			esc_html__( 'Mostrador works with WooCommerce, which is not active in this WordPress. Activate WooCommerce; nothing else is to do here.', 'mostrador' )
		);
	}
}
