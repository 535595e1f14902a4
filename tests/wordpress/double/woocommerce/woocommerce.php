<?php
/**
 * Plugin Name: WooCommerce
 * Description: A test double: the few functions, hooks and pages of WooCommerce that Mostrador's plugin meets.
 * Version: 10.5.2
 * Requires PHP: 7.4
 * License: GPL-2.0-or-later
 *
 * Our own code, written from what was observed on WooCommerce 10.5.2 with High-Performance Order Storage on: orders
 * live in a table of their own, so that reading one through post functions finds nothing, as in a real shop.
 * Where a comment says "observed", the behaviour was seen there; "remembered" marks what was not checked.
 */

if ( ! defined( 'ABSPATH' ) ) {
	exit;
}

define( 'WC_VERSION', '10.5.2' );
define( 'WC_PLUGIN_FILE', __FILE__ );

require __DIR__ . '/records.php';
require __DIR__ . '/orders.php';
require __DIR__ . '/order_lists.php';
require __DIR__ . '/pages.php';
require __DIR__ . '/purchase.php';
require __DIR__ . '/rest.php';
require __DIR__ . '/mails.php';
require __DIR__ . '/admin.php';
require __DIR__ . '/features.php';

/** The parts that a plugin reaches through `WC()`. */
final class WooCommerce {
	public $version = WC_VERSION;
	public $cart;
	public $session;
	public $customer;
	public $countries;
	public $query;
	private $mailer;

	public function __construct() {
		$this->countries = new WC_Countries();
		$this->query     = new WC_Query();
	}

	/** Like the real one, there is neither cart nor session in wp-admin or in ordinary REST requests. */
	public function load_cart() {
		$this->cart    = new WC_Cart();
		$this->session = new WC_Session();
	}

	public function mailer() {
		if ( null === $this->mailer ) {
			$this->mailer = new WC_Emails();
		}
		return $this->mailer;
	}

	public function plugin_path() {
		return __DIR__;
	}

	public function api_request_url( $name ) {
		return home_url( '/wc-api/' . $name . '/' );
	}
}

/** Observed: `WC()` is there from `plugins_loaded` on; the cart only on pages of the shop. */
function WC() {
	static $one = null;
	if ( null === $one ) {
		$one = new WooCommerce();
	}
	return $one;
}

$GLOBALS['woocommerce'] = WC();

add_action(
	'plugins_loaded',
	function () {
		do_action( 'before_woocommerce_init' );
		do_action( 'woocommerce_loaded' );
	},
	-1
);

add_action(
	'init',
	function () {
		if ( ! is_admin() && ! wp_doing_cron() && 'cli' !== PHP_SAPI ) {
			WC()->load_cart();
		}
		WC()->mailer();
		do_action( 'woocommerce_init' );
	},
	0
);

/** Tables, roles and pages as the set-up wizard leaves them. Called by the bed, not on activation. */
function double_install() {
	global $wpdb;
	$wpdb->query(
		"CREATE TABLE IF NOT EXISTS {$wpdb->prefix}double_orders
		(id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(190), customer_id BIGINT, record LONGTEXT)"
	);
	// Remembered: the names and columns of the real tables, which a plugin that is deleted cleans without WooCommerce.
	$wpdb->query(
		"CREATE TABLE IF NOT EXISTS {$wpdb->prefix}wc_orders_meta
		(id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, order_id BIGINT, meta_key VARCHAR(255), meta_value LONGTEXT)"
	);
	$wpdb->query(
		"CREATE TABLE IF NOT EXISTS {$wpdb->prefix}wc_webhooks
		(webhook_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, status VARCHAR(200), name TEXT, user_id BIGINT,
		delivery_url TEXT, secret TEXT, topic VARCHAR(200), failure_count SMALLINT DEFAULT 0)"
	);
	$capabilities = array(
		'manage_woocommerce', 'view_woocommerce_reports', 'edit_shop_orders', 'edit_others_shop_orders',
		'read_private_shop_orders', 'publish_shop_orders', 'edit_products',
	);
	add_role( 'customer', 'Customer', array( 'read' => true ) );
	add_role( 'shop_manager', 'Shop manager', array( 'read' => true, 'edit_posts' => true, 'edit_pages' => true ) );
	foreach ( array( 'administrator', 'shop_manager' ) as $name ) {
		foreach ( $capabilities as $capability ) {
			get_role( $name )->add_cap( $capability );
		}
	}
	update_option( 'woocommerce_currency', 'COP' );
	update_option( 'woocommerce_price_num_decimals', 0 );
	update_option( 'woocommerce_default_country', 'CO:CO-DC' );
	update_option( 'woocommerce_version', WC_VERSION );
}
