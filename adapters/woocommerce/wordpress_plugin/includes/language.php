<?php
/**
 * Which language a person reads here.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Our words come in Spanish, English and Portuguese; every regional form of them gets the nearest catalogue.
 */
final class Mostrador_Language {

	const SPOKEN = array( 'es', 'en', 'pt' );

	/** The catalogue of a language that has several regional forms. */
	const CATALOGUES = array(
		'es' => 'es_ES',
		'pt' => 'pt_BR',
	);

	public static function register() {
		add_filter( 'load_textdomain_mofile', array( __CLASS__, 'choose_file' ), 10, 2 );
		add_action( 'init', array( __CLASS__, 'load' ), 0 );
	}

	public static function load() {
		// phpcs:ignore PluginCheck.CodeAnalysis.DiscouragedFunctions.load_plugin_textdomainFound -- the zip brings its own catalogues, also to WordPress before 6.8.
		load_plugin_textdomain( 'mostrador', false, dirname( plugin_basename( MOSTRADOR_FILE ) ) . '/languages' );
	}

	/**
	 * A shop in es_CO or pt_PT reads es_ES or pt_BR when nobody translated ours into its own.
	 *
	 * @param string $file   Path of the .mo file that WordPress is about to load.
	 * @param string $domain Its text domain.
	 * @return string
	 */
	public static function choose_file( $file, $domain ) {
		if ( 'mostrador' !== $domain || ! is_string( $file ) || is_readable( $file ) ) {
			return $file;
		}
		if ( ! preg_match( '/mostrador-([a-z]{2})(?:_[A-Za-z_]+)?\.mo$/', $file, $found ) || ! isset( self::CATALOGUES[ $found[1] ] ) ) {
			return $file;
		}
		$near = dirname( MOSTRADOR_FILE ) . '/languages/mostrador-' . self::CATALOGUES[ $found[1] ] . '.mo';
		return is_readable( $near ) ? $near : $file;
	}

	/**
	 * The language of this page as the widget knows it, or '' when it is none of ours: the widget then asks the browser.
	 *
	 * @return string
	 */
	public static function of_page() {
		return self::short( determine_locale() );
	}

	/**
	 * @param string $locale Such as es_CO.
	 * @return string 'es', 'en', 'pt' or ''.
	 */
	public static function short( $locale ) {
		$short = strtolower( substr( (string) $locale, 0, 2 ) );
		return preg_match( '/^[a-z]{2}(?![a-z])/i', (string) $locale ) && in_array( $short, self::SPOKEN, true ) ? $short : '';
	}
}
