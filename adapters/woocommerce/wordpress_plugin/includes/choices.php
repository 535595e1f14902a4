<?php
/**
 * What the merchant chose on the settings screen.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * On which pages the widget stands, and how it looks.
 */
final class Mostrador_Choices {

	const OPTION = 'mostrador_choices';

	/**
	 * @return array{off:string[],accent:string,corner:string,help:bool} `off` are names of Mostrador_Page::names().
	 */
	public static function get() {
		$kept = get_option( self::OPTION );
		$kept = is_array( $kept ) ? $kept : array();
		return array(
			'off'    => isset( $kept['off'] ) && is_array( $kept['off'] ) ? array_values( array_filter( $kept['off'], 'is_string' ) ) : array(),
			'accent' => isset( $kept['accent'] ) ? (string) sanitize_hex_color( (string) $kept['accent'] ) : '',
			'corner' => isset( $kept['corner'] ) && 'start' === $kept['corner'] ? 'start' : 'end',
			'help'   => ! isset( $kept['help'] ) || (bool) $kept['help'],
		);
	}

	/**
	 * @param string[] $on     Names of the pages that keep the widget.
	 * @param string   $accent #rrggbb, or anything else for the colour of the server.
	 * @param string   $corner 'start' or 'end'.
	 * @param bool     $help   Whether the plain link to the help pages is shown.
	 */
	public static function keep( array $on, $accent, $corner, $help ) {
		update_option(
			self::OPTION,
			array(
				'off'    => array_values( array_diff( Mostrador_Page::NAMES, $on ) ),
				'accent' => (string) sanitize_hex_color( $accent ),
				'corner' => 'start' === $corner ? 'start' : 'end',
				'help'   => (bool) $help,
			)
		);
	}

	/**
	 * @param string $page One of Mostrador_Page::NAMES.
	 * @return bool
	 */
	public static function allow( $page ) {
		return ! in_array( $page, self::get()['off'], true );
	}

	/**
	 * The merchant's colour, or the server's, or ''.
	 *
	 * @return string
	 */
	public static function accent() {
		$connection = Mostrador_Connection::get();
		$chosen     = self::get()['accent'];
		return '' !== $chosen || ! $connection ? $chosen : $connection['accent'];
	}
}
