<?php
/**
 * Leaves nothing behind: options, notes on orders, webhooks. Parcels stay: they are the shop's.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;
defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/**
 * Cleans one site. WooCommerce may be switched off by now, so its tables are asked themselves.
 */
function mostrador_uninstall_site() {
	global $wpdb;
	// phpcs:disable WordPress.DB.DirectDatabaseQuery -- runs once, and nothing of WooCommerce can be counted on.
	$connection = get_option( 'mostrador_connection' );
	$webhooks   = $wpdb->prefix . 'wc_webhooks';
	if ( is_array( $connection ) && ! empty( $connection['service'] ) && $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $webhooks ) ) ) === $webhooks ) {
		$ours = $wpdb->get_col( $wpdb->prepare( "SELECT webhook_id FROM {$wpdb->prefix}wc_webhooks WHERE delivery_url LIKE %s", $wpdb->esc_like( $connection['service'] . '/hooks/woocommerce' ) . '%' ) );
		foreach ( $ours as $id ) {
			$webhook = function_exists( 'wc_get_webhook' ) ? wc_get_webhook( (int) $id ) : null;
			if ( $webhook ) {
				$webhook->delete( true );
			} else {
				$wpdb->delete( $webhooks, array( 'webhook_id' => (int) $id ) );
			}
		}
		foreach ( array( '', '_status_active', '_status_paused', '_status_disabled' ) as $kept ) {
			delete_transient( 'woocommerce_webhook_ids' . $kept );
		}
	}
	mostrador_uninstall_notes();
	$meta = $wpdb->prefix . 'wc_orders_meta';
	if ( $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $meta ) ) ) === $meta ) {
		$wpdb->delete( $meta, array( 'meta_key' => '_mostrador_left' ) ); // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_key -- once.
	}
	// phpcs:enable WordPress.DB.DirectDatabaseQuery
	delete_post_meta_by_key( '_mostrador_left' );
	foreach ( array( 'mostrador_connection', 'mostrador_server', 'mostrador_choices', 'mostrador_lease', 'mostrador_cron_ran_at' ) as $option ) {
		delete_option( $option );
	}
}

/**
 * Takes the notes off the orders through WooCommerce, hundred by hundred; ends with the first hundred that has none.
 */
function mostrador_uninstall_notes() {
	if ( ! function_exists( 'wc_get_orders' ) ) {
		return;
	}
	// Else WooCommerce would save every order whole, and tell everybody that it has changed.
	add_filter( 'woocommerce_orders_table_datastore_should_save_after_meta_change', '__return_false' );
	do {
		$found = 0;
		// phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_key -- once.
		$orders = wc_get_orders( array( 'meta_key' => '_mostrador_left', 'limit' => 100, 'type' => 'shop_order' ) );
		foreach ( is_array( $orders ) ? $orders : array() as $order ) {
			if ( $order instanceof WC_Order && $order->meta_exists( '_mostrador_left' ) ) {
				$order->delete_meta_data( '_mostrador_left' );
				$order->save_meta_data();
				++$found;
			}
		}
	} while ( $found > 0 );
	remove_filter( 'woocommerce_orders_table_datastore_should_save_after_meta_change', '__return_false' );
}

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $mostrador_site ) {
		switch_to_blog( $mostrador_site );
		mostrador_uninstall_site();
		restore_current_blog();
	}
} else {
	mostrador_uninstall_site();
}
