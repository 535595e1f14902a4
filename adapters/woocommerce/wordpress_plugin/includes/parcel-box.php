<?php
/**
 * The tracking numbers on WooCommerce's order screen.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * A part of the order's own form: it is saved with "Update" and needs no script.
 */
final class Mostrador_Parcel_Box {

	const NONCE = 'mostrador_parcels_nonce';
	const FIELD = 'mostrador_parcels';

	/** Empty rows; more come after saving. */
	const BLANKS = 3;

	public static function register() {
		add_action( 'add_meta_boxes', array( __CLASS__, 'add' ), 20 );
		// Before WooCommerce saves the status (40), so that a "completed" mail already knows the parcel.
		add_action( 'woocommerce_process_shop_order_meta', array( __CLASS__, 'save' ), 30, 1 );
	}

	public static function add() {
		if ( self::has_another() ) {
			return;
		}
		$screens = array( 'shop_order', 'woocommerce_page_wc-orders' );
		if ( function_exists( 'wc_get_page_screen_id' ) ) {
			$screens[] = wc_get_page_screen_id( 'shop-order' );
		}
		foreach ( array_unique( $screens ) as $screen ) {
			add_meta_box( 'mostrador-parcels', __( 'Parcels and tracking numbers', 'mostrador' ), array( __CLASS__, 'show' ), $screen, 'side', 'default' );
		}
	}

	/** A tracking plugin with its own box writes the same rows: two boxes would only confuse. */
	private static function has_another() {
		return class_exists( 'WC_Shipment_Tracking', false ) || class_exists( 'WC_Advanced_Shipment_Tracking_Actions', false );
	}

	/**
	 * @param mixed $shown The order, or its post where orders are posts.
	 */
	public static function show( $shown ) {
		$order = $shown instanceof WC_Order ? $shown : wc_get_order( is_object( $shown ) && isset( $shown->ID ) ? $shown->ID : 0 );
		if ( ! $order instanceof WC_Order ) {
			return;
		}
		wp_nonce_field( 'mostrador_parcels_' . $order->get_id(), self::NONCE );
		$parcels = array_map( array( 'Mostrador_Parcels', 'describe' ), Mostrador_Parcels::of( $order ) );
		if ( $parcels ) {
			echo '<ul class="mostrador-parcels">';
			array_walk( $parcels, array( __CLASS__, 'show_parcel' ) );
			echo '</ul>';
		} else {
			echo '<p>' . esc_html__( 'No parcel yet. Write the number here when you ship, and press Update.', 'mostrador' ) . '</p>';
		}
		self::show_blank( 0 );
		echo '<details><summary>' . esc_html__( 'The order goes in several parcels', 'mostrador' ) . '</summary>';
		for ( $row = 1; $row < self::BLANKS; $row++ ) {
			self::show_blank( $row );
		}
		echo '</details><datalist id="mostrador-carriers">';
		foreach ( Mostrador_Carriers::suggest( WC()->countries ? WC()->countries->get_base_country() : '' ) as $carrier ) {
			printf( '<option value="%s"></option>', esc_attr( $carrier ) );
		}
		echo '</datalist>';
	}

	private static function show_parcel( array $parcel ) {
		echo '<li><strong>' . esc_html( '' !== $parcel['number'] ? $parcel['number'] : __( 'without a number', 'mostrador' ) ) . '</strong>';
		if ( '' !== $parcel['carrier'] ) {
			echo ' · ' . esc_html( $parcel['carrier'] );
		}
		if ( $parcel['shipped_at'] > 0 ) {
			echo ' · ' . esc_html( wp_date( get_option( 'date_format' ), $parcel['shipped_at'] ) );
		}
		if ( '' !== $parcel['link'] ) {
			printf( ' · <a href="%s" target="_blank" rel="noopener noreferrer">%s</a>', esc_url( $parcel['link'] ), esc_html__( 'Open the link', 'mostrador' ) );
		}
		if ( '' !== $parcel['id'] ) {
			printf(
				'<br><label><input type="checkbox" name="%s[remove][]" value="%s"> %s</label>',
				esc_attr( self::FIELD ),
				esc_attr( $parcel['id'] ),
				/* translators: %s: a tracking number */
				esc_html( sprintf( __( 'Remove parcel %s', 'mostrador' ), $parcel['number'] ) )
			);
		}
		echo '</li>';
	}

	private static function show_blank( $row ) {
		$fields = array(
			'carrier' => array( __( 'Carrier', 'mostrador' ), 'text', 'list="mostrador-carriers" autocomplete="off"', '' ),
			'number'  => array( __( 'Tracking number', 'mostrador' ), 'text', 'autocomplete="off"', '' ),
			'link'    => array( __( 'Link (optional)', 'mostrador' ), 'url', 'placeholder="https://"', '' ),
			'date'    => array( __( 'Shipped on', 'mostrador' ), 'date', '', wp_date( 'Y-m-d' ) ),
		);
		foreach ( $fields as $name => $field ) {
			$id = 'mostrador-parcel-' . $row . '-' . $name;
			printf(
				'<p><label for="%1$s">%2$s</label><br><input class="widefat" id="%1$s" name="%3$s" type="%4$s" value="%5$s" maxlength="500" %6$s></p>',
				esc_attr( $id ),
				esc_html( $field[0] ),
				esc_attr( self::FIELD . '[add][' . $row . '][' . $name . ']' ),
				esc_attr( $field[1] ),
				esc_attr( $field[3] ),
				$field[2] // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- one of the attributes written above.
			);
		}
	}

	/**
	 * @param int $order_id Of the order whose form was sent.
	 */
	public static function save( $order_id ) {
		$nonce = isset( $_POST[ self::NONCE ] ) ? sanitize_text_field( wp_unslash( $_POST[ self::NONCE ] ) ) : '';
		if ( ! wp_verify_nonce( $nonce, 'mostrador_parcels_' . (int) $order_id ) || ! current_user_can( 'edit_shop_orders' ) ) {
			return;
		}
		$order = wc_get_order( $order_id );
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized -- each part is cleaned in read_rows() and below.
		$sent = isset( $_POST[ self::FIELD ] ) && is_array( $_POST[ self::FIELD ] ) ? wp_unslash( $_POST[ self::FIELD ] ) : array();
		if ( ! $order instanceof WC_Order || ! $sent ) {
			return;
		}
		$removed = isset( $sent['remove'] ) && is_array( $sent['remove'] ) ? array_map( 'sanitize_text_field', array_filter( $sent['remove'], 'is_string' ) ) : array();
		$added   = isset( $sent['add'] ) && is_array( $sent['add'] ) ? self::read_rows( $sent['add'] ) : array();
		Mostrador_Parcels::change( $order, $removed, $added );
	}

	private static function read_rows( array $sent ) {
		$rows = array();
		foreach ( array_slice( $sent, 0, self::BLANKS ) as $row ) {
			$text = static function ( $key ) use ( $row ) {
				return is_array( $row ) && isset( $row[ $key ] ) && is_string( $row[ $key ] ) ? sanitize_text_field( $row[ $key ] ) : '';
			};
			if ( '' === $text( 'number' ) ) {
				if ( '' !== $text( 'carrier' ) || '' !== $text( 'link' ) ) {
					self::complain( __( 'A parcel was not saved: it has no tracking number.', 'mostrador' ) );
				}
				continue;
			}
			$link = '' === $text( 'link' ) ? '' : esc_url_raw( $text( 'link' ), array( 'http', 'https' ) );
			if ( '' === $link && '' !== $text( 'link' ) ) {
				self::complain( __( 'The parcel was saved without its link: a link begins with https:// or http://.', 'mostrador' ) );
			}
			$rows[] = Mostrador_Parcels::write( substr( $text( 'carrier' ), 0, 200 ), substr( $text( 'number' ), 0, 200 ), $link, self::read_day( $text( 'date' ) ) );
		}
		return $rows;
	}

	/** Noon of that day in the shop's zone, so that it is the same day wherever it is read; today when it is no day. */
	private static function read_day( $text ) {
		$day = DateTimeImmutable::createFromFormat( '!Y-m-d', $text, wp_timezone() );
		return $day && $day->format( 'Y-m-d' ) === $text ? $day->setTime( 12, 0 )->getTimestamp() : time();
	}

	private static function complain( $words ) {
		if ( class_exists( 'WC_Admin_Meta_Boxes' ) ) {
			WC_Admin_Meta_Boxes::add_error( $words );
		}
	}
}
