<?php
/** Finding orders, their statuses, and making one for a test. */

/** Observed: false for an id that is no order; takes ids, numeric strings and orders. */
function wc_get_order( $order = false ) {
	if ( $order instanceof WC_Abstract_Order ) {
		return $order;
	}
	if ( ! is_numeric( $order ) ) {
		return false;
	}
	try {
		return new WC_Order( (int) $order );
	} catch ( Exception $error ) {
		return false;
	}
}

function wc_get_orders( $args = array() ) {
	global $wpdb;
	$args  = wp_parse_args( $args, array( 'limit' => 10, 'page' => 1, 'paged' => 0, 'return' => 'objects', 'paginate' => false ) );
	$where = '1=1';
	$given = array();
	foreach ( array( 'billing_email', 'customer', 'customer_id' ) as $word ) {
		foreach ( isset( $args[ $word ] ) ? (array) $args[ $word ] : array() as $value ) {
			$given[] = $wpdb->prepare( is_numeric( $value ) ? 'customer_id = %d' : 'email = %s', $value );
		}
	}
	if ( $given ) {
		$where = implode( ' OR ', $given );
	}
	$all = array_map( 'wc_get_order', $wpdb->get_col( "SELECT id FROM {$wpdb->prefix}double_orders WHERE $where ORDER BY id DESC" ) );
	if ( ! empty( $args['status'] ) && 'any' !== $args['status'] ) {
		$wanted = array_map( function ( $slug ) { return preg_replace( '/^wc-/', '', $slug ); }, (array) $args['status'] );
		$all    = array_values( array_filter( $all, function ( $order ) use ( $wanted ) { return $order->has_status( $wanted ); } ) );
	}
	if ( ! empty( $args['meta_key'] ) ) {
		$all = array_values( array_filter( $all, function ( $order ) use ( $args ) { return $order->meta_exists( $args['meta_key'] ); } ) );
	}
	foreach ( isset( $args['meta_query'] ) ? $args['meta_query'] : array() as $at => $clause ) {
		if ( is_array( $clause ) && isset( $clause['key'] ) && 1 === count( array_filter( $args['meta_query'], 'is_array' ) ) ) {
			$all = array_values( array_filter( $all, function ( $order ) use ( $clause ) { return $order->meta_exists( $clause['key'] ); } ) );
		}
	}
	$total = count( $all );
	$limit = (int) $args['limit'];
	$page  = max( 1, (int) ( $args['paged'] ? $args['paged'] : $args['page'] ) );
	if ( $limit > 0 ) {
		$all = array_slice( $all, ( $page - 1 ) * $limit, $limit );
	}
	if ( 'ids' === $args['return'] ) {
		$all = array_map( function ( $order ) { return $order->get_id(); }, $all );
	}
	if ( ! $args['paginate'] ) {
		return $all;
	}
	return (object) array( 'orders' => $all, 'total' => $total, 'max_num_pages' => $limit > 0 ? (int) ceil( $total / $limit ) : 1 );
}

function wc_get_order_id_by_order_key( $key ) {
	foreach ( wc_get_orders( array( 'limit' => -1 ) ) as $order ) {
		if ( $order->get_order_key() === $key ) {
			return $order->get_id();
		}
	}
	return 0;
}

/** Observed slugs, with their prefix. */
function wc_get_order_statuses() {
	return apply_filters(
		'wc_order_statuses',
		array(
			'wc-pending' => 'Pending payment', 'wc-processing' => 'Processing', 'wc-on-hold' => 'On hold',
			'wc-completed' => 'Completed', 'wc-cancelled' => 'Cancelled', 'wc-refunded' => 'Refunded', 'wc-failed' => 'Failed',
			'wc-checkout-draft' => 'Draft',
		)
	);
}

/** The double's own: an order as a shopper in Bogotá places it. */
function double_make_order( array $record ) {
	$order = new WC_Order();
	$order->double_fill(
		array_merge(
			array(
				'status'           => 'processing',
				'total'            => '125800',
				'billing'          => array(
					'first_name' => 'Alma', 'last_name' => 'Ruiz', 'email' => 'alma@example.com', 'phone' => '+57 300 555 0101',
					'country' => 'CO', 'address_1' => 'Carrera Séptima 12-34', 'city' => 'Bogotá',
				),
				'shipping'         => array( 'country' => 'CO', 'address_1' => 'Carrera Séptima 12-34', 'city' => 'Bogotá' ),
				'items'            => array( array( 'id' => 1, 'name' => 'Taza Sol', 'quantity' => 2, 'product_id' => 0, 'total' => '117800' ) ),
				'shipping_methods' => array( 'Servientrega' ),
			),
			$record
		)
	);
	$order->save();
	return $order;
}
