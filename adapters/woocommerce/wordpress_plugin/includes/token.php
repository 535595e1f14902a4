<?php
/**
 * Small sealed messages between this shop and its Mostrador server.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * `<purpose>.<payload>.<seal>`: payload is compact JSON in base64url without `=`, seal is
 * hex HMAC-SHA256(secret, "mostrador <purpose>\n<payload>"). The secret's 64 hexadecimal digits are used as they are written.
 */
final class Mostrador_Token {

	/**
	 * @param string $secret  64 hexadecimal digits.
	 * @param string $purpose order, customer, link, desk or lease: a seal of one purpose is worth nothing for another.
	 * @param array  $claims  What is sealed.
	 * @return string
	 */
	public static function seal( $secret, $purpose, array $claims ) {
		$json    = (string) wp_json_encode( $claims, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
		$payload = rtrim( strtr( base64_encode( $json ), '+/', '-_' ), '=' ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- a URL-safe transport, hides nothing.
		return $purpose . '.' . $payload . '.' . self::sign( $secret, $purpose, $payload );
	}

	/**
	 * @param string $secret  64 hexadecimal digits.
	 * @param string $purpose What the token has to be for.
	 * @param mixed  $token   What somebody gave us.
	 * @return array|null The claims, or null when it is not genuine. Age and store are for the caller to look at.
	 */
	public static function open( $secret, $purpose, $token ) {
		if ( ! is_string( $token ) || strlen( $token ) > 4096 ) {
			return null;
		}
		$parts = explode( '.', $token );
		if ( 3 !== count( $parts ) || $purpose !== $parts[0] || ! hash_equals( self::sign( $secret, $purpose, $parts[1] ), $parts[2] ) ) {
			return null;
		}
		$json   = base64_decode( strtr( $parts[1], '-_', '+/' ), true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_decode -- see seal().
		$claims = false === $json ? null : json_decode( $json, true );
		return is_array( $claims ) ? $claims : null;
	}

	private static function sign( $secret, $purpose, $payload ) {
		return hash_hmac( 'sha256', 'mostrador ' . $purpose . "\n" . $payload, $secret );
	}
}
