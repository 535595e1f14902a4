<?php
/** Which page this is, where pages are, and the cart. */

class WC_Query {
	/** Observed endpoints of checkout and account. */
	public function get_query_vars() {
		$names = array(
			'order-pay', 'order-received', 'orders', 'view-order', 'downloads', 'edit-account', 'edit-address',
			'payment-methods', 'lost-password', 'customer-logout',
		);
		return array_combine( $names, $names );
	}

	public function get_current_endpoint() {
		global $wp;
		foreach ( $this->get_query_vars() as $name ) {
			if ( isset( $wp->query_vars[ $name ] ) ) {
				return $name;
			}
		}
		return '';
	}
}

class WC_Countries {
	public function get_base_country() {
		return strstr( get_option( 'woocommerce_default_country', 'US' ) . ':', ':', true );
	}
	public function get_countries() {
		return array( 'CO' => 'Colombia', 'ES' => 'Spain', 'BR' => 'Brazil' );
	}
}

class WC_Session {
	public function get( $key, $default = null ) {
		return $default;
	}
	public function has_session() {
		return isset( $_COOKIE['woocommerce_cart_hash'] );
	}
}

/** The cart of this visitor, kept in cookies; the real one keeps the lines on the server. */
class WC_Cart {
	private $lines = array();

	public function __construct() {
		if ( isset( $_COOKIE['wp_woocommerce_session_double'] ) ) {
			foreach ( (array) json_decode( wp_unslash( $_COOKIE['wp_woocommerce_session_double'] ), true ) as $id => $quantity ) {
				$this->lines[ (int) $id ] = (int) $quantity;
			}
		}
		if ( isset( $_GET['add-to-cart'] ) ) {
			$id                 = (int) $_GET['add-to-cart'];
			$this->lines[ $id ] = 1 + ( isset( $this->lines[ $id ] ) ? $this->lines[ $id ] : 0 );
			setcookie( 'wp_woocommerce_session_double', wp_json_encode( $this->lines ), 0, '/', '', false, true );
			setcookie( 'woocommerce_cart_hash', md5( wp_json_encode( $this->lines ) ), 0, '/' );
		}
	}
	public function is_empty() {
		return ! $this->lines;
	}
	public function get_cart_contents_count() {
		return array_sum( $this->lines );
	}
	public function double_lines() {
		return $this->lines;
	}
	public function get_cart() {
		$found = array();
		foreach ( $this->lines as $id => $quantity ) {
			$found[ md5( $id ) ] = array( 'product_id' => $id, 'quantity' => $quantity, 'data' => wc_get_product( $id ) );
		}
		return $found;
	}
	public function double_total() {
		$total = 0;
		foreach ( $this->lines as $id => $quantity ) {
			$product = wc_get_product( $id );
			$total  += $product ? $product->get_price() * $quantity : 0;
		}
		return $total;
	}
	public function get_total( $context = 'view' ) {
		return 'view' === $context ? wc_price( $this->double_total() ) : $this->double_total();
	}
}

function get_woocommerce_currency() {
	return apply_filters( 'woocommerce_currency', get_option( 'woocommerce_currency' ) );
}
function wc_get_price_decimals() {
	return (int) get_option( 'woocommerce_price_num_decimals', 2 );
}
function wc_price( $price ) {
	return '<span class="woocommerce-Price-amount amount">$&nbsp;' . number_format( (float) $price, wc_get_price_decimals(), ',', '.' ) . '</span>';
}
function wc_get_base_location() {
	return array( 'country' => WC()->countries->get_base_country(), 'state' => '' );
}
function wc_clean( $var ) {
	return is_array( $var ) ? array_map( 'wc_clean', $var ) : ( is_scalar( $var ) ? sanitize_text_field( $var ) : $var );
}

/** -1 when the page is not set. */
function wc_get_page_id( $page ) {
	$id = apply_filters( 'woocommerce_get_' . $page . '_page_id', get_option( 'woocommerce_' . $page . '_page_id' ) );
	return $id ? absint( $id ) : -1;
}
function wc_get_page_permalink( $page, $fallback = null ) {
	$id = wc_get_page_id( $page );
	return 0 < $id ? get_permalink( $id ) : ( $fallback ? $fallback : get_home_url() );
}
function wc_get_cart_url() {
	return apply_filters( 'woocommerce_get_cart_url', wc_get_page_permalink( 'cart' ) );
}
function wc_get_checkout_url() {
	return apply_filters( 'woocommerce_get_checkout_url', wc_get_page_permalink( 'checkout' ) );
}
function wc_get_account_endpoint_url( $endpoint ) {
	return wc_get_endpoint_url( $endpoint, '', wc_get_page_permalink( 'myaccount' ) );
}
function wc_get_endpoint_url( $endpoint, $value = '', $permalink = '' ) {
	$permalink = $permalink ? $permalink : get_permalink();
	if ( ! get_option( 'permalink_structure' ) ) {
		return add_query_arg( $endpoint, $value, $permalink );
	}
	return trailingslashit( $permalink ) . $endpoint . '/' . ( '' === (string) $value ? '' : trailingslashit( $value ) );
}

function is_shop() {
	return is_post_type_archive( 'product' ) || is_page( wc_get_page_id( 'shop' ) );
}
function is_product() {
	return is_singular( array( 'product' ) );
}
function is_product_taxonomy() {
	return is_tax( get_object_taxonomies( 'product' ) );
}
function is_product_category( $term = '' ) {
	return is_tax( 'product_cat', $term );
}
function is_product_tag( $term = '' ) {
	return is_tax( 'product_tag', $term );
}
function is_woocommerce() {
	return is_shop() || is_product_taxonomy() || is_product();
}
function is_cart() {
	return is_page( wc_get_page_id( 'cart' ) ) || defined( 'WOOCOMMERCE_CART' );
}
/** Observed: true on order-received and order-pay too. */
function is_checkout() {
	return is_page( wc_get_page_id( 'checkout' ) ) || apply_filters( 'woocommerce_is_checkout', false );
}
/** Observed, the identity trap: true for ANY id in the address, with a wrong key or none, logged out. */
function is_order_received_page() {
	global $wp;
	return is_page( wc_get_page_id( 'checkout' ) ) && isset( $wp->query_vars['order-received'] );
}
/** Observed: as above. */
function is_checkout_pay_page() {
	global $wp;
	return is_checkout() && ! empty( $wp->query_vars['order-pay'] );
}
function is_account_page() {
	return is_page( wc_get_page_id( 'myaccount' ) );
}
/** Observed: as above, also for view-order of somebody else's order. */
function is_view_order_page() {
	global $wp;
	return is_page( wc_get_page_id( 'myaccount' ) ) && isset( $wp->query_vars['view-order'] );
}
function is_wc_endpoint_url( $endpoint = false ) {
	global $wp;
	$known = WC()->query->get_query_vars();
	if ( false !== $endpoint ) {
		return isset( $known[ $endpoint ], $wp->query_vars[ $endpoint ] );
	}
	return (bool) array_intersect_key( $known, (array) $wp->query_vars );
}

add_action(
	'init',
	function () {
		register_post_type(
			'product',
			array(
				'public'      => true,
				'label'       => 'Products',
				'has_archive' => 'shop',
				'rewrite'     => array( 'slug' => 'product', 'with_front' => false ),
				'supports'    => array( 'title', 'editor', 'thumbnail' ),
			)
		);
		register_taxonomy( 'product_cat', 'product', array( 'public' => true, 'hierarchical' => true, 'label' => 'Categories', 'rewrite' => array( 'slug' => 'product-category' ) ) );
		register_taxonomy( 'product_tag', 'product', array( 'public' => true, 'label' => 'Tags', 'rewrite' => array( 'slug' => 'product-tag' ) ) );
		foreach ( WC()->query->get_query_vars() as $name ) {
			add_rewrite_endpoint( $name, EP_ROOT | EP_PAGES );
		}
	},
	5
);

/** Observed: an empty cart sends the checkout to the cart; the order pages of the checkout stay. */
add_action(
	'template_redirect',
	function () {
		if ( is_checkout() && ! is_wc_endpoint_url() && WC()->cart && WC()->cart->is_empty() ) {
			wp_safe_redirect( wc_get_cart_url() );
			exit;
		}
		if ( is_cart() || is_checkout() || is_account_page() ) {
			defined( 'DONOTCACHEPAGE' ) || define( 'DONOTCACHEPAGE', true );
			nocache_headers();
		}
	}
);
