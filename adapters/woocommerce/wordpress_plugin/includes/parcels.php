<?php
/**
 * The parcels of an order.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Kept in the order meta which the shipment tracking plugins share, so that they, the server and we see the same parcels.
 * What another plugin wrote into a row stays as it is.
 */
final class Mostrador_Parcels {

	const META = '_wc_shipment_tracking_items';

	/**
	 * @param WC_Order $order The order.
	 * @return array[] Rows with tracking_id, tracking_number, tracking_provider, custom_tracking_provider, ...
	 */
	public static function of( WC_Order $order ) {
		$kept = $order->get_meta( self::META );
		if ( is_string( $kept ) && '' !== $kept ) {
			$kept = json_decode( $kept, true );
		}
		return is_array( $kept ) ? array_values( array_filter( $kept, 'is_array' ) ) : array();
	}

	/**
	 * A row as the box shows it.
	 *
	 * @param array $row One of of().
	 * @return array{id:string,carrier:string,number:string,link:string,shipped_at:int}
	 */
	public static function describe( array $row ) {
		$text    = static function ( $key ) use ( $row ) {
			return isset( $row[ $key ] ) && is_scalar( $row[ $key ] ) ? trim( (string) $row[ $key ] ) : '';
		};
		$link    = esc_url_raw( $text( 'custom_tracking_link' ), array( 'http', 'https' ) );
		$carrier = $text( 'custom_tracking_provider' );
		return array(
			'id'         => $text( 'tracking_id' ),
			'carrier'    => '' !== $carrier ? $carrier : $text( 'tracking_provider' ),
			'number'     => $text( 'tracking_number' ),
			'link'       => $link,
			'shipped_at' => (int) $text( 'date_shipped' ),
		);
	}

	/**
	 * @param string $carrier    As the merchant calls it.
	 * @param string $number     What the carrier printed on the parcel.
	 * @param string $link       http, https or ''.
	 * @param int    $shipped_at Unix seconds.
	 * @return array A row.
	 */
	public static function write( $carrier, $number, $link, $shipped_at ) {
		return array(
			'tracking_provider'        => '',
			'custom_tracking_provider' => $carrier,
			'custom_tracking_link'     => $link,
			'tracking_number'          => $number,
			'date_shipped'             => (string) $shipped_at,
			'tracking_id'              => md5( 'mostrador ' . $carrier . "\n" . $number . "\n" . wp_generate_uuid4() ),
		);
	}

	/**
	 * Takes rows out and puts others in; the order is only saved when that changes something. Its status is never touched.
	 *
	 * @param WC_Order $order   The order.
	 * @param string[] $removed Their ids.
	 * @param array[]  $added   Rows of write(); a number the order has already is not added again.
	 * @return bool Whether anything changed.
	 */
	public static function change( WC_Order $order, array $removed, array $added ) {
		$before = self::of( $order );
		$rows   = array();
		$known  = array();
		foreach ( $before as $row ) {
			$parcel = self::describe( $row );
			if ( '' === $parcel['id'] || ! in_array( $parcel['id'], $removed, true ) ) {
				$rows[]  = $row;
				$known[] = strtoupper( $parcel['number'] );
			}
		}
		foreach ( $added as $row ) {
			$number = strtoupper( $row['tracking_number'] );
			if ( ! in_array( $number, $known, true ) ) {
				$rows[]  = $row;
				$known[] = $number;
			}
		}
		if ( $rows === $before ) {
			return false;
		}
		if ( $rows ) {
			$order->update_meta_data( self::META, $rows );
		} else {
			$order->delete_meta_data( self::META );
		}
		// The whole order and not its meta alone: only that tells the server through WooCommerce's own webhook.
		$order->save();
		return true;
	}
}
