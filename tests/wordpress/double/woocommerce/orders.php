<?php
/** One order with the getters and meta functions (CRUD) of WooCommerce; its meta in the real one's table. */

class WC_Order extends WC_Abstract_Order {
	private $saved_status = '';

	public function __construct( $id = 0 ) {
		global $wpdb;
		$this->record = array(
			'status' => 'pending', 'order_key' => 'wc_order_' . wp_generate_password( 13, false ), 'customer_id' => 0,
			'created' => time(), 'modified' => time(), 'paid' => 0, 'total' => '0', 'currency' => 'COP',
			'billing' => array(), 'shipping' => array(), 'items' => array(), 'shipping_methods' => array(),
			'payment_method' => 'cod', 'created_via' => 'checkout', 'notes' => array(), 'refunded' => '0',
		);
		if ( $id ) {
			$row = $wpdb->get_var( $wpdb->prepare( "SELECT record FROM {$wpdb->prefix}double_orders WHERE id = %d", $id ) );
			if ( null === $row ) {
				throw new Exception( 'Invalid order.' );
			}
			$this->id     = (int) $id;
			$this->record = array_merge( $this->record, json_decode( $row, true ) );
			$meta         = $wpdb->get_results( $wpdb->prepare( "SELECT id, meta_key, meta_value FROM {$wpdb->prefix}wc_orders_meta WHERE order_id = %d ORDER BY id", $id ) );
			foreach ( $meta as $one ) {
				$this->meta[] = array( 'id' => (int) $one->id, 'key' => $one->meta_key, 'value' => maybe_unserialize( $one->meta_value ) );
			}
			$this->saved_status = $this->record['status'];
		}
	}

	/** The double's own way to fill an order. */
	public function double_fill( array $record ) {
		$this->record = array_merge( $this->record, $record );
	}

	private function write( array $record ) {
		global $wpdb;
		$row = array(
			'email'       => $this->get_billing_email(),
			'customer_id' => $this->get_customer_id(),
			'record'      => wp_json_encode( $record ),
		);
		if ( $this->id ) {
			$wpdb->update( $wpdb->prefix . 'double_orders', $row, array( 'id' => $this->id ) );
		} else {
			$wpdb->insert( $wpdb->prefix . 'double_orders', $row );
			$this->id = (int) $wpdb->insert_id;
		}
		foreach ( array_keys( $this->changed ) as $key ) {
			$wpdb->delete( $wpdb->prefix . 'wc_orders_meta', array( 'order_id' => $this->id, 'meta_key' => $key ) );
		}
		foreach ( $this->meta as $at => $meta ) {
			if ( isset( $this->changed[ $meta['key'] ] ) ) {
				$kept = array( 'order_id' => $this->id, 'meta_key' => $meta['key'], 'meta_value' => maybe_serialize( $meta['value'] ) );
				$wpdb->insert( $wpdb->prefix . 'wc_orders_meta', $kept );
				$this->meta[ $at ]['id'] = (int) $wpdb->insert_id;
			}
		}
		$this->changed = array();
	}

	/**
	 * No status changes. As with the real one's own order tables, an order that was not saved in this very second is then
	 * saved whole, which tells everybody, unless the filter says no.
	 */
	public function save_meta_data() {
		$kept   = wc_get_order( $this->id )->record;
		$change = (bool) $this->changed;
		$this->write( $kept );
		if ( $change && apply_filters( 'woocommerce_orders_table_datastore_should_save_after_meta_change', $kept['modified'] < time() ) ) {
			$kept['modified']         = time();
			$this->record['modified'] = $kept['modified'];
			$this->write( $kept );
			do_action( 'woocommerce_update_order', $this->id, $this );
		}
	}

	public function save() {
		$is_new                   = ! $this->id;
		$this->record['modified'] = time();
		$this->write( $this->record );
		if ( $is_new ) {
			do_action( 'woocommerce_new_order', $this->id, $this );
		}
		do_action( 'woocommerce_update_order', $this->id, $this );
		$from = $this->saved_status;
		$to   = $this->record['status'];
		if ( $from !== $to ) {
			$this->saved_status = $to;
			do_action( 'woocommerce_order_status_' . $to, $this->id, $this );
			if ( '' !== $from ) {
				do_action( 'woocommerce_order_status_' . $from . '_to_' . $to, $this->id, $this );
				do_action( 'woocommerce_order_status_changed', $this->id, $from, $to, $this );
				WC()->mailer()->double_tell_status( $this, $from, $to );
			}
		}
		return $this->id;
	}

	public function get_status( $context = 'view' ) {
		return $this->record['status'];
	}
	public function has_status( $status ) {
		return in_array( $this->record['status'], (array) $status, true );
	}
	public function set_status( $new_status, $note = '', $manual_update = false ) {
		$this->record['status'] = 0 === strpos( $new_status, 'wc-' ) ? substr( $new_status, 3 ) : $new_status;
	}
	public function update_status( $new_status, $note = '', $manual = false ) {
		$this->set_status( $new_status, $note, $manual );
		$this->save();
		return true;
	}
	public function get_type() {
		return 'shop_order';
	}
	public function get_order_number() {
		return (string) $this->id;
	}
	public function get_order_key( $context = 'view' ) {
		return $this->record['order_key'];
	}
	public function key_is_valid( $key ) {
		return hash_equals( $this->get_order_key(), $key );
	}
	public function get_customer_id( $context = 'view' ) {
		return (int) $this->record['customer_id'];
	}
	public function get_user_id( $context = 'view' ) {
		return $this->get_customer_id();
	}
	public function get_user() {
		return $this->get_customer_id() ? get_user_by( 'id', $this->get_customer_id() ) : false;
	}
	public function get_date_created( $context = 'view' ) {
		return new WC_DateTime( '@' . (int) $this->record['created'] );
	}
	public function set_date_created( $date ) {
		$this->record['created'] = (int) $date;
	}
	public function get_date_modified( $context = 'view' ) {
		return new WC_DateTime( '@' . (int) $this->record['modified'] );
	}
	public function get_date_paid( $context = 'view' ) {
		return $this->record['paid'] ? new WC_DateTime( '@' . (int) $this->record['paid'] ) : null;
	}
	public function get_total( $context = 'view' ) {
		return (string) $this->record['total'];
	}
	public function get_total_refunded() {
		return (string) $this->record['refunded'];
	}
	public function get_currency( $context = 'view' ) {
		return $this->record['currency'];
	}
	public function get_payment_method( $context = 'view' ) {
		return $this->record['payment_method'];
	}
	public function get_created_via( $context = 'view' ) {
		return $this->record['created_via'];
	}
	public function get_billing_email( $context = 'view' ) {
		return (string) $this->address( 'billing', 'email' );
	}
	public function get_billing_first_name( $context = 'view' ) {
		return (string) $this->address( 'billing', 'first_name' );
	}
	public function get_billing_last_name( $context = 'view' ) {
		return (string) $this->address( 'billing', 'last_name' );
	}
	public function get_billing_country( $context = 'view' ) {
		return (string) $this->address( 'billing', 'country' );
	}
	public function get_billing_phone( $context = 'view' ) {
		return (string) $this->address( 'billing', 'phone' );
	}
	public function get_shipping_country( $context = 'view' ) {
		return (string) $this->address( 'shipping', 'country' );
	}
	public function get_shipping_address_1( $context = 'view' ) {
		return (string) $this->address( 'shipping', 'address_1' );
	}
	public function get_shipping_city( $context = 'view' ) {
		return (string) $this->address( 'shipping', 'city' );
	}
	private function address( $kind, $field ) {
		return isset( $this->record[ $kind ][ $field ] ) ? $this->record[ $kind ][ $field ] : '';
	}
	public function get_items( $types = 'line_item' ) {
		if ( in_array( 'shipping', (array) $types, true ) ) {
			return $this->get_shipping_methods();
		}
		return array_map( function ( $row ) { return new WC_Order_Item_Product( $row ); }, $this->record['items'] );
	}
	public function get_shipping_methods() {
		return array_map( function ( $row ) { return new WC_Order_Item_Shipping( $row ); }, $this->record['shipping_methods'] );
	}
	public function get_shipping_method() {
		return implode( ', ', array_map( function ( $line ) { return $line->get_name(); }, $this->get_shipping_methods() ) );
	}
	/** Remembered: false when every line is both virtual and downloadable; such an order completes at payment. */
	public function needs_processing() {
		foreach ( $this->record['items'] as $row ) {
			if ( empty( $row['virtual'] ) ) {
				return true;
			}
		}
		return false;
	}
	public function needs_payment() {
		return $this->has_status( array( 'pending', 'failed' ) );
	}
	public function is_paid() {
		return $this->has_status( array( 'processing', 'completed' ) );
	}
	public function get_checkout_order_received_url() {
		return wc_get_endpoint_url( 'order-received', $this->id, wc_get_checkout_url() ) . '?key=' . $this->get_order_key();
	}
	public function get_checkout_payment_url( $on_checkout = false ) {
		return wc_get_endpoint_url( 'order-pay', $this->id, wc_get_checkout_url() ) . '?pay_for_order=true&key=' . $this->get_order_key();
	}
	public function get_view_order_url() {
		return wc_get_endpoint_url( 'view-order', $this->id, wc_get_page_permalink( 'myaccount' ) );
	}
	public function get_edit_order_url() {
		return admin_url( 'admin.php?page=wc-orders&action=edit&id=' . $this->id );
	}
	/** Observed: creating a note fires no order webhook. */
	public function add_order_note( $note, $is_customer_note = 0, $added_by_user = false ) {
		$this->record['notes'][] = array( $note, (bool) $is_customer_note );
		$this->save();
		return count( $this->record['notes'] );
	}
	public function double_notes() {
		return $this->record['notes'];
	}
	/** What is not here, our plugin must not need. */
	public function __call( $name, $given ) {
		throw new BadMethodCallException( 'The double has no WC_Order::' . $name );
	}
}
