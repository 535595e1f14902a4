<?php
/** What orders are made of: dates, meta, lines, and products. */

class WC_DateTime extends DateTime {
	public function date( $format ) {
		return gmdate( $format, $this->getTimestamp() );
	}
	public function date_i18n( $format = 'Y-m-d' ) {
		return $this->date( $format );
	}
	public function getOffsetTimestamp() {
		return $this->getTimestamp();
	}
}

abstract class WC_Data {
	protected $id     = 0;
	protected $record = array();
	protected $meta   = array();
	/** Keys whose meta changed here: as in the real one, saving leaves what others wrote meanwhile. */
	protected $changed = array();

	public function get_id() {
		return $this->id;
	}

	/** Observed: '' (or an empty list) when there is no such meta. */
	public function get_meta( $key = '', $single = true, $context = 'view' ) {
		$values = array_values( array_filter( $this->meta, function ( $row ) use ( $key ) { return $row['key'] === $key; } ) );
		if ( $single ) {
			return $values ? $values[0]['value'] : '';
		}
		return array_map( function ( $row ) { return (object) $row; }, $values );
	}

	public function get_meta_data() {
		return array_map( function ( $row ) { return (object) $row; }, $this->meta );
	}

	public function meta_exists( $key = '' ) {
		return in_array( $key, array_column( $this->meta, 'key' ), true );
	}

	public function add_meta_data( $key, $value, $unique = false ) {
		if ( $unique ) {
			$this->delete_meta_data( $key );
		}
		$this->changed[ $key ] = true;
		$this->meta[]          = array( 'id' => count( $this->meta ) + 1, 'key' => $key, 'value' => $value );
	}

	/** Observed: an existing key is updated in place. */
	public function update_meta_data( $key, $value, $meta_id = 0 ) {
		foreach ( $this->meta as $at => $row ) {
			if ( $row['key'] === $key ) {
				$this->changed[ $key ]      = true;
				$this->meta[ $at ]['value'] = $value;
				return;
			}
		}
		$this->add_meta_data( $key, $value );
	}

	public function delete_meta_data( $key ) {
		$this->changed[ $key ] = true;
		$this->meta            = array_values( array_filter( $this->meta, function ( $row ) use ( $key ) { return $row['key'] !== $key; } ) );
	}

	abstract public function save();
}

class WC_Order_Item {
	private $row;
	public function __construct( $row ) {
		$this->row = $row;
	}
	public function get_id() {
		return $this->row['id'];
	}
	public function get_name() {
		return $this->row['name'];
	}
	public function get_quantity() {
		return $this->row['quantity'];
	}
	public function get_product_id() {
		return $this->row['product_id'];
	}
	public function get_total() {
		return (string) $this->row['total'];
	}
	public function get_product() {
		return wc_get_product( $this->row['product_id'] );
	}
}
class WC_Order_Item_Product extends WC_Order_Item {}

class WC_Order_Item_Shipping {
	private $title;
	private $method;
	public function __construct( $row ) {
		$this->title  = is_array( $row ) ? $row['title'] : $row;
		$this->method = is_array( $row ) ? $row['method'] : 'flat_rate';
	}
	public function get_method_title() {
		return $this->title;
	}
	public function get_name() {
		return $this->title;
	}
	public function get_method_id() {
		return $this->method;
	}
}

abstract class WC_Abstract_Order extends WC_Data {}
class WC_Order_Refund extends WC_Abstract_Order {
	public function save() {
	}
}

class WC_Product {
	private $post;
	public function __construct( $post ) {
		$this->post = $post;
	}
	public function get_id() {
		return $this->post->ID;
	}
	public function get_name() {
		return $this->post->post_title;
	}
	public function get_price() {
		return (string) get_post_meta( $this->post->ID, '_price', true );
	}
	public function get_type() {
		return 'simple';
	}
	public function is_virtual() {
		return false;
	}
	public function needs_shipping() {
		return true;
	}
}

function wc_get_product( $product = false ) {
	$post = get_post( $product instanceof WC_Product ? $product->get_id() : $product );
	return $post && 'product' === $post->post_type ? new WC_Product( $post ) : false;
}
