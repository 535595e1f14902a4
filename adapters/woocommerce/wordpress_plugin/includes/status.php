<?php
/**
 * What the server may know about this shop.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Facts for the checklist and the connection doctor; nothing about shoppers.
 */
final class Mostrador_Status {

	/**
	 * @param bool $authorized Whether the Authorization header arrived with this very request.
	 * @return array The answer to `GET status`.
	 */
	public static function describe( $authorized ) {
		$connection = Mostrador_Connection::get();
		$lease      = Mostrador_Lease::current();
		return array(
			'version'        => MOSTRADOR_VERSION,
			'connected'      => (bool) $connection,
			'service'        => $connection ? $connection['service'] : '',
			'store'          => $connection ? $connection['store'] : '',
			'pages'          => (object) self::list_pages(),
			'cart'           => self::describe_page( 'cart' ),
			'checkout'       => self::describe_page( 'checkout' ),
			'theme'          => function_exists( 'wp_is_block_theme' ) && wp_is_block_theme() ? 'block' : 'classic',
			'cron'           => Mostrador_Cron::describe(),
			'time_gmt'       => gmdate( 'Y-m-d\TH:i:s' ),
			'https'          => is_ssl(),
			'permalinks'     => get_option( 'permalink_structure' ) ? 'pretty' : 'plain',
			'caching'        => Mostrador_Neighbours::list_caches(),
			'delays_scripts' => Mostrador_Neighbours::delays_scripts(),
			'mailers'        => Mostrador_Neighbours::list_mailers(),
			'lease'          => array(
				'fresh'       => (bool) $lease,
				'expires_gmt' => $lease ? gmdate( 'Y-m-d\TH:i:s', $lease['e'] ) : null,
			),
			'authorization'  => (bool) $authorized,
			'hooks_failing'  => $connection ? Mostrador_Webhooks::count_failing( $connection['service'] ) : 0,
			'privacy_page'   => (string) get_privacy_policy_url(),
		);
	}

	/**
	 * @return array<string,bool> Step => whether the widget is switched on there; steps without a page are left out.
	 */
	private static function list_pages() {
		$pages = array();
		foreach ( Mostrador_Page::NAMES as $name ) {
			foreach ( Mostrador_Page::exists( $name ) ? Mostrador_Page::steps_of( $name ) : array() as $step ) {
				$pages[ $step ] = Mostrador_Choices::allow( $name );
			}
		}
		return $pages;
	}

	/** What the page is made of: WooCommerce's blocks, its shortcode, or something we do not know. */
	private static function describe_page( $name ) {
		$post = get_post( (int) wc_get_page_id( $name ) );
		if ( ! $post || 'publish' !== $post->post_status ) {
			return 'none';
		}
		if ( has_block( 'woocommerce/' . $name, $post ) ) {
			return 'blocks';
		}
		$classic = has_shortcode( $post->post_content, 'woocommerce_' . $name ) || has_block( 'woocommerce/classic-shortcode', $post );
		if ( $classic ) {
			return 'classic';
		}
		return self::stands_in_template( $name ) ? 'blocks' : 'none';
	}

	/** A block theme may hold the block in the page's template instead of its content; WooCommerce knows. */
	private static function stands_in_template( $name ) {
		$judge = array( 'Automattic\WooCommerce\Blocks\Utils\CartCheckoutUtils', 'is_' . $name . '_block_default' );
		try {
			return is_callable( $judge ) && (bool) call_user_func( $judge );
		} catch ( Throwable $e ) {
			return false;
		}
	}
}
