<?php
/**
 * Other plugins of the shop that touch what we do.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Known by the folder they are installed in; the answers go to the connection doctor.
 */
final class Mostrador_Neighbours {

	/** Folder => the name the server knows. */
	const CACHES = array(
		'wp-rocket'          => 'wp-rocket',
		'litespeed-cache'    => 'litespeed-cache',
		'autoptimize'        => 'autoptimize',
		'sg-cachepress'      => 'sg-optimizer',
		'w3-total-cache'     => 'w3-total-cache',
		'flying-press'       => 'flying-press',
		'perfmatters'        => 'perfmatters',
		'wp-super-cache'     => 'wp-super-cache',
		'wp-fastest-cache'   => 'wp-fastest-cache',
		'wp-optimize'        => 'wp-optimize',
		'hummingbird-performance' => 'hummingbird',
		'jetpack-boost'      => 'jetpack-boost',
	);

	/** Plugins that mail shoppers about parcels. */
	const MAILERS = array(
		'woo-advanced-shipment-tracking'   => 'advanced-shipment-tracking',
		'advanced-shipment-tracking-pro'   => 'advanced-shipment-tracking',
		'ast-pro'                          => 'advanced-shipment-tracking',
		'trackship-for-woocommerce'        => 'trackship',
		'woocommerce-shipment-tracking'    => 'shipment-tracking',
		'aftership-woocommerce-tracking'   => 'aftership',
		'parcelpanel'                      => 'parcelpanel',
		'woo-orders-tracking'              => 'orders-tracking',
		'woocommerce-orders-tracking'      => 'orders-tracking',
		'yith-woocommerce-order-tracking'  => 'yith-order-tracking',
		'shiptastic-for-woocommerce'       => 'shiptastic',
		'woocommerce-germanized'           => 'shiptastic',
		'woocommerce-shipstation-integration' => 'shipstation',
		'sendcloud-shipping'               => 'sendcloud',
	);

	/**
	 * @return string[]
	 */
	public static function list_caches() {
		return self::find( self::CACHES );
	}

	/**
	 * @return string[]
	 */
	public static function list_mailers() {
		return self::find( self::MAILERS );
	}

	/** Whether one of them is set to hold scripts back until the visitor moves. */
	public static function delays_scripts() {
		$on     = static function ( $option, $key, array $values ) {
			$kept = get_option( $option );
			$kept = is_array( $kept ) && null !== $key ? ( isset( $kept[ $key ] ) ? $kept[ $key ] : null ) : $kept;
			return is_scalar( $kept ) && in_array( strtolower( (string) $kept ), $values, true );
		};
		$delays = array(
			'wp-rocket'       => array( 'wp_rocket_settings', 'delay_js', array( '1', 'on' ) ),
			'litespeed-cache' => array( 'litespeed.conf.optm-js_defer', null, array( '2' ) ),
			'flying-press'    => array( 'FLYING_PRESS_CONFIG', 'js_delay', array( '1', 'all', 'selected' ) ),
		);
		foreach ( $delays as $name => $setting ) {
			if ( in_array( $name, self::list_caches(), true ) && $on( ...$setting ) ) {
				return true;
			}
		}
		$perfmatters = get_option( 'perfmatters_options' );
		return in_array( 'perfmatters', self::list_caches(), true ) && is_array( $perfmatters ) && ! empty( $perfmatters['assets']['delay_js'] );
	}

	private static function find( array $known ) {
		$active = (array) get_option( 'active_plugins', array() );
		if ( is_multisite() ) {
			$active = array_merge( $active, array_keys( (array) get_site_option( 'active_sitewide_plugins', array() ) ) );
		}
		$found = array();
		foreach ( $active as $file ) {
			$folder = strtok( (string) $file, '/' );
			if ( isset( $known[ $folder ] ) ) {
				$found[] = $known[ $folder ];
			}
		}
		return array_values( array_unique( $found ) );
	}
}
