<?php
/**
 * The widget's script on the pages of the shop.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * One hook puts the loader on all pages, with both checkouts and every theme. What it is told stands as `data-*` on its tag.
 */
final class Mostrador_Loader {

	const HANDLE = 'mostrador-loader';
	const BASKET = 'mostrador-basket';

	/** Without the address of its own file the loader cannot find the panel, so it must stay a file and never wait for a click. */
	const LEAVE_ALONE = array(
		'data-no-optimize'       => '1',
		'data-no-minify'         => '1',
		'data-no-defer'          => '1',
		'data-noptimize'         => '1',
		'data-cfasync'           => 'false',
		'data-pagespeed-no-defer' => '1',
		'data-jetpack-boost'     => 'ignore',
		'nowprocket'             => '',
	);

	public static function register() {
		add_action( 'template_redirect', array( 'Mostrador_Proof', 'keep_private' ), 5 );
		add_action( 'wp_enqueue_scripts', array( __CLASS__, 'enqueue' ) );
		add_filter( 'script_loader_tag', array( __CLASS__, 'complete_tag' ), 10, 2 );
		foreach ( array( 'rocket_delay_js_exclusions', 'rocket_exclude_defer_js', 'rocket_exclude_js', 'litespeed_optimize_js_excludes', 'litespeed_optm_js_defer_exc', 'perfmatters_delay_js_exclusions', 'perfmatters_defer_js_exclusions' ) as $filter ) {
			add_filter( $filter, array( __CLASS__, 'exclude_file' ) );
		}
		foreach ( array( 'sgo_js_minify_exclude', 'sgo_javascript_combine_exclude', 'sgo_js_async_exclude' ) as $filter ) {
			add_filter( $filter, array( __CLASS__, 'exclude_handle' ) );
		}
		add_filter( 'autoptimize_filter_js_exclude', array( __CLASS__, 'exclude_text' ) );
	}

	public static function enqueue() {
		if ( ! Mostrador_Connection::get() || ! Mostrador_Choices::allow( Mostrador_Page::name() ) ) {
			return;
		}
		foreach ( array( self::HANDLE => 'assets/widget/loader.js', self::BASKET => 'assets/basket.js' ) as $handle => $file ) {
			// An array is "in the footer" to a WordPress before 6.3, which knows no strategy.
			wp_enqueue_script( $handle, plugins_url( $file, MOSTRADOR_FILE ), array(), self::version( $file ), array( 'strategy' => 'defer', 'in_footer' => true ) );
		}
	}

	/**
	 * @param string $tag    The script element.
	 * @param string $handle Its name.
	 * @return string
	 */
	public static function complete_tag( $tag, $handle ) {
		if ( self::HANDLE === $handle ) {
			$told = self::circumstances();
		} elseif ( self::BASKET === $handle ) {
			$told = array( 'data-cart' => rest_url( 'wc/store/v1/cart' ) );
		} else {
			return $tag;
		}
		$words = preg_match( '/<script\b[^>]*\s(?:defer|async)\b/i', $tag ) ? '' : ' defer';
		foreach ( array_merge( $told, self::LEAVE_ALONE ) as $name => $value ) {
			$words .= '' === $value ? ' ' . $name : sprintf( ' %s="%s"', $name, esc_attr( $value ) );
		}
		$put = static function ( $found ) use ( $words ) {
			return $found[0] . $words;
		};
		return (string) preg_replace_callback( '/<script\b(?=[^>]*\ssrc=)/i', $put, $tag, 1 );
	}

	/**
	 * @return array<string,string> What the widget may know of this page: nothing that names a person.
	 */
	private static function circumstances() {
		$connection = Mostrador_Connection::get();
		if ( ! $connection ) {
			return array();
		}
		$told = array(
			'data-store'   => $connection['store'],
			'data-api'     => $connection['service'],
			'data-steps'   => implode( ' ', Mostrador_Page::steps() ),
			'data-locale'  => Mostrador_Language::of_page(),
			'data-accent'  => Mostrador_Choices::accent(),
			'data-corner'  => Mostrador_Choices::get()['corner'],
			'data-product' => is_product() ? (string) get_queried_object_id() : '',
			'data-proof'   => Mostrador_Proof::of_page(),
		);
		return array_filter( $told, 'strlen' );
	}

	/** A copy with other files gets another address, also when its version number is the same. */
	private static function version( $file ) {
		$path = dirname( MOSTRADOR_FILE ) . '/' . $file;
		return MOSTRADOR_VERSION . ( is_readable( $path ) ? '-' . hash_file( 'crc32b', $path ) : '' );
	}

	/**
	 * @param mixed $list Parts of script addresses that a caching plugin leaves alone.
	 * @return mixed
	 */
	public static function exclude_file( $list ) {
		if ( is_array( $list ) ) {
			$list[] = '/mostrador/assets/';
		}
		return $list;
	}

	/**
	 * @param mixed $list Names of scripts that a caching plugin leaves alone.
	 * @return mixed
	 */
	public static function exclude_handle( $list ) {
		return is_array( $list ) ? array_merge( $list, array( self::HANDLE, self::BASKET ) ) : $list;
	}

	/**
	 * @param mixed $list The same as text with commas.
	 * @return mixed
	 */
	public static function exclude_text( $list ) {
		return is_string( $list ) ? ltrim( $list . ', mostrador/assets/', ', ' ) : self::exclude_file( $list );
	}
}
