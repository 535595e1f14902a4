<?php
/**
 * The doors for the Mostrador server.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * REST routes. The namespace begins with `wc-` because WooCommerce accepts its API keys only there (and on its own); who
 * comes in must be allowed to manage the shop.
 */
final class Mostrador_Routes {

	const NAME = 'wc-mostrador/v1';

	public static function register() {
		add_action( 'rest_api_init', array( __CLASS__, 'add' ) );
	}

	public static function add() {
		$routes = array(
			'/connection' => array(
				'PUT'    => 'put_connection',
				'DELETE' => 'delete_connection',
			),
			'/status'     => array( 'GET' => 'get_status' ),
			'/lease'      => array(
				'PUT'    => 'put_lease',
				'DELETE' => 'delete_lease',
			),
		);
		foreach ( $routes as $path => $methods ) {
			foreach ( $methods as $method => $function ) {
				register_rest_route(
					self::NAME,
					$path,
					array(
						'methods'             => $method,
						'callback'            => array( __CLASS__, $function ),
						'permission_callback' => array( __CLASS__, 'may_enter' ),
					)
				);
			}
		}
	}

	public static function may_enter() {
		return current_user_can( 'manage_woocommerce' );
	}

	public static function put_connection( WP_REST_Request $request ) {
		$told     = (array) $request->get_json_params();
		$built_in = Mostrador_Address::built_in();
		$service  = Mostrador_Address::read( isset( $told['service'] ) ? $told['service'] : '' );
		if ( '' !== $built_in && '' !== $service && $service !== $built_in ) {
			return new WP_Error(
				'mostrador_other_service',
				/* translators: %s: the address of a server */
				sprintf( __( 'This copy of the plugin was made for %s. Install the copy of your own server.', 'mostrador' ), $built_in ),
				array( 'status' => 409 )
			);
		}
		$kept = Mostrador_Connection::keep( $told );
		if ( true !== $kept ) {
			/* translators: %s: name of a field */
			return new WP_Error( 'mostrador_unreadable', sprintf( __( 'The field %s is missing or unreadable.', 'mostrador' ), $kept ), array( 'status' => 400 ) );
		}
		return rest_ensure_response( array( 'version' => MOSTRADOR_VERSION ) );
	}

	public static function delete_connection() {
		Mostrador_Connection::forget();
		return rest_ensure_response( array( 'version' => MOSTRADOR_VERSION ) );
	}

	public static function get_status( WP_REST_Request $request ) {
		$authorized = $request->get_header( 'authorization' ) || ! empty( $_SERVER['PHP_AUTH_USER'] );
		return rest_ensure_response( Mostrador_Status::describe( $authorized ) );
	}

	public static function put_lease( WP_REST_Request $request ) {
		$told = (array) $request->get_json_params();
		$ends = Mostrador_Lease::keep( isset( $told['lease'] ) ? $told['lease'] : '' );
		if ( null === $ends ) {
			return new WP_Error( 'mostrador_lease_refused', __( 'The lease is not genuine, not for this shop, or too old.', 'mostrador' ), array( 'status' => 400 ) );
		}
		return rest_ensure_response( array( 'expires_gmt' => gmdate( 'Y-m-d\TH:i:s', $ends ) ) );
	}

	public static function delete_lease() {
		Mostrador_Lease::forget();
		return rest_ensure_response( array( 'expires_gmt' => null ) );
	}
}
