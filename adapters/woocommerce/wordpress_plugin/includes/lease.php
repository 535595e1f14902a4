<?php
/**
 * The server's promise to tell shoppers itself.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * A lease is short and signed by the server; the sealed words are kept and checked again at every use, so that nothing but a
 * living server can keep a mail of the shop back.
 */
final class Mostrador_Lease {

	const OPTION = 'mostrador_lease';

	/** The mails of core that the server can take over, by their ids. */
	const MAILS = array(
		'customer_processing_order',
		'customer_on_hold_order',
		'customer_completed_order',
		'customer_refunded_order',
		'customer_partially_refunded_order',
		'customer_failed_order',
		'customer_fulfillment_created',
	);

	/**
	 * @param mixed $token What the server sent.
	 * @return int|null When it ends (Unix seconds), or null when it is not genuine, not for this shop or too old.
	 */
	public static function keep( $token ) {
		$claims = self::read( $token );
		if ( null === $claims ) {
			return null;
		}
		update_option( self::OPTION, $token, true );
		return $claims['e'];
	}

	public static function forget() {
		delete_option( self::OPTION );
	}

	/**
	 * @return array{mails:string[],since:int,e:int}|null The lease that counts now.
	 */
	public static function current() {
		return self::read( get_option( self::OPTION, '' ) );
	}

	private static function read( $token ) {
		$connection = Mostrador_Connection::get();
		if ( ! $connection || ! is_string( $token ) || '' === $token ) {
			return null;
		}
		$claims = Mostrador_Token::open( $connection['secret'], 'lease', $token );
		if ( null === $claims || ! isset( $claims['s'], $claims['mails'], $claims['since'], $claims['e'] ) ) {
			return null;
		}
		if ( $connection['store'] !== $claims['s'] || ! is_array( $claims['mails'] ) || ! is_int( $claims['since'] ) || ! is_int( $claims['e'] ) || $claims['e'] <= time() ) {
			return null;
		}
		return array(
			'mails' => array_values( array_intersect( self::MAILS, $claims['mails'] ) ),
			'since' => $claims['since'],
			'e'     => $claims['e'],
		);
	}
}
