<?php
/**
 * The address of a Mostrador server.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * An address is accepted whole or not at all: nothing is guessed into it.
 */
final class Mostrador_Address {

	/**
	 * @param mixed $text What somebody typed, or another program sent.
	 * @return string The address without a slash at its end, or '' when it is none.
	 */
	public static function read( $text ) {
		if ( ! is_string( $text ) || strlen( $text ) > 300 ) {
			return '';
		}
		$text  = trim( $text );
		$parts = wp_parse_url( $text );
		if ( ! is_array( $parts ) || empty( $parts['host'] ) || empty( $parts['scheme'] ) || preg_match( '/[\s\\\\"\'<>?#@]/', $text ) ) {
			return '';
		}
		$scheme = strtolower( $parts['scheme'] );
		$host   = strtolower( $parts['host'] );
		if ( ! in_array( $scheme, array( 'http', 'https' ), true ) || ! preg_match( '/^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/', $host ) ) {
			return '';
		}
		$port = isset( $parts['port'] ) ? ':' . $parts['port'] : '';
		return $scheme . '://' . $host . $port . ( isset( $parts['path'] ) ? rtrim( $parts['path'], '/' ) : '' );
	}

	/**
	 * The server this copy was built for, or ''.
	 *
	 * @return string
	 */
	public static function built_in() {
		static $address = null;
		if ( null === $address ) {
			$address = self::read( include dirname( MOSTRADOR_FILE ) . '/service.php' );
		}
		return $address;
	}
}
