<?php
/**
 * The webhooks which the server made in this shop.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Ours are those that deliver to the connected server's own hook addresses.
 */
final class Mostrador_Webhooks {

	/**
	 * @param string $service The server's address.
	 * @return WC_Webhook[]
	 */
	public static function list_ours( $service ) {
		if ( '' === $service || ! function_exists( 'wc_get_webhook' ) || ! class_exists( 'WC_Data_Store' ) ) {
			return array();
		}
		$found = array();
		foreach ( WC_Data_Store::load( 'webhook' )->search_webhooks( array( 'limit' => -1 ) ) as $id ) {
			$webhook = wc_get_webhook( $id );
			if ( $webhook && 0 === strpos( (string) $webhook->get_delivery_url(), $service . '/hooks/woocommerce' ) ) {
				$found[] = $webhook;
			}
		}
		return $found;
	}

	/**
	 * @param string $service The server's address.
	 * @return int How many were deleted.
	 */
	public static function delete_ours( $service ) {
		$ours = self::list_ours( $service );
		foreach ( $ours as $webhook ) {
			$webhook->delete( true );
		}
		return count( $ours );
	}

	/**
	 * @param string $service The server's address.
	 * @return int How many failed lately, or were switched off by WooCommerce.
	 */
	public static function count_failing( $service ) {
		$failing = static function ( $webhook ) {
			return 'active' !== $webhook->get_status() || $webhook->get_failure_count() > 0;
		};
		return count( array_filter( self::list_ours( $service ), $failing ) );
	}
}
