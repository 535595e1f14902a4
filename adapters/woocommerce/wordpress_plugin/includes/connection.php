<?php
/**
 * The connection to a Mostrador server.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * What the server told us with `PUT connection`. While there is none, nothing of ours is on any page of the shop.
 */
final class Mostrador_Connection {

	const OPTION        = 'mostrador_connection';
	const SERVER_OPTION = 'mostrador_server';

	/**
	 * @return array{service:string,store:string,secret:string,name:string,locale:string,accent:string}|null
	 */
	public static function get() {
		$kept = get_option( self::OPTION );
		return is_array( $kept ) && isset( $kept['service'], $kept['store'], $kept['secret'] ) ? $kept : null;
	}

	/**
	 * @param array $told The body of `PUT connection`.
	 * @return true|string The key of what is wrong: 'service', 'store', 'secret'.
	 */
	public static function keep( array $told ) {
		$text    = static function ( $key ) use ( $told ) {
			return isset( $told[ $key ] ) && is_string( $told[ $key ] ) ? $told[ $key ] : '';
		};
		$service = Mostrador_Address::read( $text( 'service' ) );
		if ( '' === $service ) {
			return 'service';
		}
		if ( ! preg_match( '/^[A-Za-z0-9_-]{1,64}$/D', $text( 'store' ) ) ) {
			return 'store';
		}
		if ( ! preg_match( '/^[0-9a-f]{64}$/D', $text( 'secret' ) ) ) {
			return 'secret';
		}
		$before = self::get();
		update_option(
			self::OPTION,
			array(
				'service' => $service,
				'store'   => $text( 'store' ),
				'secret'  => $text( 'secret' ),
				'name'    => self::clean_name( $text( 'name' ) ),
				'locale'  => Mostrador_Language::short( $text( 'locale' ) ),
				'accent'  => isset( $told['accent'] ) || ! $before ? (string) sanitize_hex_color( $text( 'accent' ) ) : $before['accent'],
			)
		);
		if ( $before && $before['store'] !== $text( 'store' ) ) {
			Mostrador_Lease::forget();
		}
		return true;
	}

	/** A name is text and may hold any sign; it is escaped where it is shown. */
	private static function clean_name( $name ) {
		$line = preg_replace( '/[\x00-\x1f\x7f]+/', ' ', wp_check_invalid_utf8( $name ) );
		return mb_substr( trim( (string) $line ), 0, 200 );
	}

	/** Forgets the server; core sends all its mails again from this moment. */
	public static function forget() {
		Mostrador_Lease::forget();
		delete_option( self::OPTION );
	}

	/**
	 * Where Connect leads: the built-in server, the connected one, or what the merchant typed; '' when nobody said.
	 *
	 * @return string
	 */
	public static function server() {
		$connection = self::get();
		if ( '' !== Mostrador_Address::built_in() ) {
			return Mostrador_Address::built_in();
		}
		return $connection ? $connection['service'] : Mostrador_Address::read( get_option( self::SERVER_OPTION, '' ) );
	}

	/**
	 * @param string $locale Of the page, '' when unknown.
	 * @return string The address of the help pages, or '' before Connect.
	 */
	public static function help_address( $locale ) {
		$connection = self::get();
		if ( ! $connection ) {
			return '';
		}
		$spoken = '' !== $locale ? $locale : $connection['locale'];
		return $connection['service'] . '/help/' . rawurlencode( $connection['store'] ) . '/' . ( '' !== $spoken ? $spoken : 'en' ) . '/';
	}
}
