<?php
/** WooCommerce's own sign-in for REST, and the Store API's cart. */

/**
 * Observed: keys are taken on `wp-json/wc/` and on namespaces that begin with `wc-`, and Basic only where PHP sees
 * HTTPS; OAuth 1.0a everywhere. The bed has no TLS: its wp-config.php defines DOUBLE_BASIC_WITHOUT_HTTPS, which only
 * the double knows, so that a test may show a key in the simple way. The adapter itself signs, as it has to over http.
 */
final class Double_Authentication {
	private $error;
	private $key;

	public function __construct() {
		add_filter( 'determine_current_user', array( $this, 'sign_in' ), 15 );
		add_filter( 'rest_authentication_errors', array( $this, 'tell_error' ), 15 );
		add_filter( 'rest_pre_dispatch', array( $this, 'check_permission' ), 10, 3 );
	}

	private function is_ours() {
		$uri    = isset( $_SERVER['REQUEST_URI'] ) ? $_SERVER['REQUEST_URI'] : '';
		$prefix = trailingslashit( rest_get_url_prefix() );
		return false !== strpos( $uri, $prefix . 'wc/' ) || false !== strpos( $uri, $prefix . 'wc-' );
	}

	public function sign_in( $user_id ) {
		if ( ! empty( $user_id ) || ! $this->is_ours() ) {
			return $user_id;
		}
		if ( $this->key ) {
			return (int) $this->key['user_id'];
		}
		$oauth = $this->read_oauth();
		if ( $oauth ) {
			return $this->believe( $oauth ) ? (int) $this->key['user_id'] : false;
		}
		if ( ! is_ssl() && ! defined( 'DOUBLE_BASIC_WITHOUT_HTTPS' ) ) {
			return $user_id;
		}
		$name = isset( $_SERVER['PHP_AUTH_USER'] ) ? $_SERVER['PHP_AUTH_USER'] : '';
		$word = isset( $_SERVER['PHP_AUTH_PW'] ) ? $_SERVER['PHP_AUTH_PW'] : '';
		$keys = get_option( 'double_api_keys', array() );
		if ( '' === $name || '' === $word || ! isset( $keys[ $name ] ) ) {
			return false;
		}
		if ( ! hash_equals( $keys[ $name ]['secret'], $word ) ) {
			$this->error = new WP_Error( 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.', array( 'status' => 401 ) );
			return false;
		}
		$this->key = $keys[ $name ];
		return (int) $this->key['user_id'];
	}

	/** OAuth's values from the header `Authorization: OAuth`, or from the query. */
	private function read_oauth() {
		$header = isset( $_SERVER['HTTP_AUTHORIZATION'] ) ? wp_unslash( $_SERVER['HTTP_AUTHORIZATION'] ) : '';
		$given  = array();
		if ( 0 === strpos( $header, 'OAuth ' ) && preg_match_all( '/(oauth_[a-z_]+)="([^"]*)"/', $header, $pairs, PREG_SET_ORDER ) ) {
			foreach ( $pairs as $pair ) {
				$given[ $pair[1] ] = rawurldecode( $pair[2] );
			}
		} elseif ( isset( $_GET['oauth_consumer_key'] ) ) {
			$given = array_intersect_key( wp_unslash( $_GET ), array_flip( array( 'oauth_consumer_key', 'oauth_timestamp', 'oauth_nonce', 'oauth_signature_method', 'oauth_signature' ) ) );
		}
		return 5 === count( $given ) ? $given : array();
	}

	/** Observed: signed for the shop's home address, fifteen minutes, each nonce once. */
	private function believe( array $oauth ) {
		$keys   = get_option( 'double_api_keys', array() );
		$nonces = get_option( 'double_nonces', array() );
		if ( ! isset( $keys[ $oauth['oauth_consumer_key'] ] ) ) {
			return $this->refuse( 'Consumer key is invalid.' );
		}
		$key    = $keys[ $oauth['oauth_consumer_key'] ];
		$values = array_merge( wp_unslash( $_GET ), $oauth );
		unset( $values['oauth_signature'] );
		$pairs = array();
		foreach ( $values as $name => $value ) {
			$pairs[ rawurlencode( rawurlencode( $name ) ) ] = rawurlencode( rawurlencode( $value ) );
		}
		ksort( $pairs, SORT_STRING );
		$lines = array();
		foreach ( $pairs as $name => $value ) {
			$lines[] = $name . '%3D' . $value;
		}
		$path   = wp_parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
		$base   = $_SERVER['REQUEST_METHOD'] . '&' . rawurlencode( get_home_url( null, $path ) ) . '&' . implode( '%26', $lines );
		$method = 'HMAC-SHA256' === $oauth['oauth_signature_method'] ? 'sha256' : 'sha1';
		if ( ! hash_equals( base64_encode( hash_hmac( $method, $base, $key['secret'] . '&', true ) ), $oauth['oauth_signature'] ) ) {
			return $this->refuse( 'Invalid signature - provided signature does not match.' );
		}
		if ( abs( time() - (int) $oauth['oauth_timestamp'] ) > 900 || in_array( $oauth['oauth_nonce'], $nonces, true ) ) {
			return $this->refuse( 'Invalid nonce - nonce has already been used.' );
		}
		update_option( 'double_nonces', array_merge( $nonces, array( $oauth['oauth_nonce'] ) ), false );
		$this->key = $key;
		return true;
	}

	private function refuse( $words ) {
		$this->error = new WP_Error( 'woocommerce_rest_authentication_error', $words, array( 'status' => 401 ) );
		return false;
	}

	public function tell_error( $error ) {
		return empty( $error ) ? $this->error : $error;
	}

	/** Observed: a read-only key that writes gets 401. */
	public function check_permission( $result, $server, $request ) {
		if ( $this->key && 'read' === $this->key['permissions'] && ! in_array( $request->get_method(), array( 'GET', 'HEAD' ), true ) ) {
			return new WP_Error( 'woocommerce_rest_authentication_error', 'The API key provided does not have write permissions.', array( 'status' => 401 ) );
		}
		return $result;
	}
}
new Double_Authentication();

add_action(
	'rest_api_init',
	function () {
		register_rest_route(
			'wc/store/v1',
			'/cart',
			array(
				'methods'             => 'GET',
				'permission_callback' => '__return_true',
				'callback'            => function () {
					$cart  = new WC_Cart();
					$minor = wc_get_price_decimals();
					return array(
						'items_count' => $cart->get_cart_contents_count(),
						'totals'      => array(
							'total_price'         => (string) (int) round( $cart->double_total() * pow( 10, $minor ) ),
							'currency_code'       => get_woocommerce_currency(),
							'currency_minor_unit' => $minor,
						),
					);
				},
			)
		);
		// Read in the real one: it triggers the mail itself, without the two actions of "resend" on the order screen.
		register_rest_route(
			'wc/v3',
			'/orders/(?P<id>[\d]+)/actions/send_email',
			array(
				'methods'             => 'POST',
				'permission_callback' => function () {
					return current_user_can( 'edit_shop_orders' );
				},
				'callback'            => function ( $request ) {
					WC()->mailer()->emails[ $request['template_id'] ]->trigger( (int) $request['id'] );
					return array( 'message' => 'sent' );
				},
			)
		);
	}
);
