<?php
/**
 * The settings screen under WooCommerce.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * What is connected, what stands on which page, and the doors to the server. Draws only; Mostrador_Screen_Forms acts.
 */
final class Mostrador_Screen {

	const SLUG = 'mostrador';

	/** What the widget wears when nobody chose a colour. */
	const NO_ACCENT = '#1f2a44';

	public static function register() {
		add_action( 'admin_menu', array( __CLASS__, 'add' ), 60 );
		add_filter( 'plugin_action_links_' . plugin_basename( MOSTRADOR_FILE ), array( __CLASS__, 'add_link' ) );
	}

	public static function add() {
		add_submenu_page( 'woocommerce', __( 'Mostrador', 'mostrador' ), __( 'Mostrador', 'mostrador' ), 'manage_woocommerce', self::SLUG, array( __CLASS__, 'show' ) );
	}

	/**
	 * @param string[] $links Under the plugin's name in the list of plugins.
	 * @return string[]
	 */
	public static function add_link( $links ) {
		array_unshift( $links, sprintf( '<a href="%s">%s</a>', esc_url( self::address() ), esc_html__( 'Settings', 'mostrador' ) ) );
		return $links;
	}

	/**
	 * @param string $told Key of a sentence to show, or ''.
	 * @return string
	 */
	public static function address( $told = '' ) {
		$address = admin_url( 'admin.php?page=' . self::SLUG );
		return '' === $told ? $address : add_query_arg( 'mostrador_told', $told, $address );
	}

	public static function show() {
		if ( ! current_user_can( 'manage_woocommerce' ) ) {
			return;
		}
		echo '<div class="wrap"><h1>' . esc_html__( 'Mostrador', 'mostrador' ) . '</h1>';
		self::show_told();
		$connection = Mostrador_Connection::get();
		if ( $connection ) {
			self::show_connection( $connection );
			self::show_choices();
			self::show_disconnect();
		} else {
			self::show_connect();
		}
		echo '<h2>' . esc_html__( 'What leaves your shop', 'mostrador' ) . '</h2><p style="max-width:60em">' . esc_html( Mostrador_Privacy::summary() ) . '</p></div>';
	}

	private static function show_told() {
		$sentences = array(
			'saved'        => array( 'success', __( 'Saved. If your shop uses a page cache, empty it so that shoppers see the change.', 'mostrador' ) ),
			'server'       => array( 'success', __( 'The address is kept. Now press Connect.', 'mostrador' ) ),
			'no_server'    => array( 'error', __( 'This is not the address of a server. Write it as https://counter.example, without a name, password or question mark in it.', 'mostrador' ) ),
			'disconnected' => array( 'success', __( 'Disconnected: the widget is off, the webhooks are deleted and WooCommerce sends all its mails again.', 'mostrador' ) ),
		);
		// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- chooses one of our own sentences, changes nothing.
		$key = isset( $_GET['mostrador_told'] ) ? sanitize_key( wp_unslash( $_GET['mostrador_told'] ) ) : '';
		if ( isset( $sentences[ $key ] ) ) {
			printf( '<div class="notice notice-%s" role="status"><p>%s</p></div>', esc_attr( $sentences[ $key ][0] ), esc_html( $sentences[ $key ][1] ) );
		}
		if ( 'disconnected' === $key ) {
			self::show_revoke();
		}
	}

	private static function show_connect() {
		$server = Mostrador_Connection::server();
		echo '<p>' . esc_html__( 'Answers, a chat with your people and the state of the order, on every page of the purchase. Nothing leaves your shop before you press Connect.', 'mostrador' ) . '</p>';
		if ( '' === Mostrador_Address::built_in() ) {
			Mostrador_Screen_Forms::open( 'server' );
			echo '<table class="form-table" role="presentation"><tr><th scope="row"><label for="mostrador-server">' . esc_html__( 'Address of your Mostrador server', 'mostrador' ) . '</label></th><td>';
			printf( '<input class="regular-text" id="mostrador-server" name="server" type="url" required placeholder="https://counter.example" value="%s" aria-describedby="mostrador-server-help">', esc_attr( $server ) );
			echo '<p class="description" id="mostrador-server-help">' . esc_html__( 'The one who runs your server knows it.', 'mostrador' ) . '</p></td></tr></table>';
			submit_button( __( 'Keep this address', 'mostrador' ), '' === $server ? 'primary' : 'secondary', 'submit', true );
			echo '</form>';
		}
		if ( '' === $server ) {
			return;
		}
		/* translators: %s: the address of a server */
		echo '<p>' . esc_html( sprintf( __( 'Connect takes you to %s. There you see what will happen, and WooCommerce asks for your consent.', 'mostrador' ), $server ) ) . '</p>';
		printf( '<form method="get" action="%s"><input type="hidden" name="shop" value="%s">', esc_url( $server . '/install/woocommerce' ), esc_attr( home_url() ) );
		printf( '<p><button class="button button-primary button-hero" type="submit">%s</button></p></form>', esc_html__( 'Connect', 'mostrador' ) );
	}

	private static function show_connection( array $connection ) {
		/* translators: 1: the address of a server, 2: name of the shop, 3: public number of the store */
		$words = sprintf( __( 'Connected to %1$s as “%2$s” (%3$s).', 'mostrador' ), $connection['service'], $connection['name'], $connection['store'] );
		echo '<p><span class="dashicons dashicons-yes-alt" aria-hidden="true" style="color:#007017"></span> ' . esc_html( $words ) . '</p>';
		$lease = Mostrador_Lease::current();
		echo '<p>' . esc_html(
			$lease
			? __( 'Order mails: Mostrador writes them; WooCommerce takes over at once when the server is silent.', 'mostrador' )
			: __( 'Order mails: WooCommerce writes them, with the link to the order’s tracking page.', 'mostrador' )
		) . '</p>';
		Mostrador_Screen_Forms::open( 'desk', '_blank' );
		printf( '<p><button class="button button-primary" type="submit">%s</button></p></form>', esc_html__( 'Open the desk (new tab)', 'mostrador' ) );
	}

	private static function show_choices() {
		$choices = Mostrador_Choices::get();
		$accent  = Mostrador_Choices::accent();
		echo '<h2>' . esc_html__( 'The widget', 'mostrador' ) . '</h2>';
		Mostrador_Screen_Forms::open( 'save' );
		echo '<table class="form-table" role="presentation"><tr><th scope="row">' . esc_html__( 'Pages', 'mostrador' ) . '</th><td><fieldset><legend class="screen-reader-text"><span>' . esc_html__( 'Pages with the widget', 'mostrador' ) . '</span></legend>';
		foreach ( self::name_pages() as $name => $words ) {
			self::show_page( $name, $words );
		}
		echo '</fieldset></td></tr><tr><th scope="row">' . esc_html__( 'Help link', 'mostrador' ) . '</th><td>';
		printf( '<label><input type="checkbox" name="help" value="1" %s> %s</label>', checked( $choices['help'], true, false ), esc_html__( 'Show a plain link to the help pages on cart, checkout, order and account pages', 'mostrador' ) );
		echo '</td></tr><tr><th scope="row"><label for="mostrador-accent">' . esc_html__( 'Colour', 'mostrador' ) . '</label></th><td>';
		printf( '<input id="mostrador-accent" name="accent" type="color" value="%s">', esc_attr( '' !== $accent ? $accent : self::NO_ACCENT ) );
		echo '</td></tr><tr><th scope="row"><label for="mostrador-corner">' . esc_html__( 'Corner', 'mostrador' ) . '</label></th><td><select id="mostrador-corner" name="corner">';
		foreach ( array(
			'end'   => __( 'Bottom right', 'mostrador' ),
			'start' => __( 'Bottom left', 'mostrador' ),
		) as $corner => $words ) {
			printf( '<option value="%s" %s>%s</option>', esc_attr( $corner ), selected( $choices['corner'], $corner, false ), esc_html( $words ) );
		}
		echo '</select></td></tr></table>';
		submit_button( __( 'Save', 'mostrador' ) );
		echo '</form>';
	}

	private static function show_page( $name, $words ) {
		$exists  = Mostrador_Page::exists( $name );
		$address = Mostrador_Page::address( $name );
		$state   = $exists ? ( Mostrador_Choices::allow( $name ) ? __( 'live', 'mostrador' ) : __( 'off', 'mostrador' ) ) : __( 'your shop has no such page', 'mostrador' );
		printf(
			'<p><label><input type="checkbox" name="pages[]" value="%s" %s> %s</label> – %s',
			esc_attr( $name ),
			checked( Mostrador_Choices::allow( $name ), true, false ),
			esc_html( $words ),
			esc_html( $state )
		);
		if ( '' !== $address ) {
			/* translators: %s: name of a page */
			printf( ' <a href="%s" target="_blank" rel="noopener" aria-label="%s">%s</a>', esc_url( $address ), esc_attr( sprintf( __( 'Look at: %s', 'mostrador' ), $words ) ), esc_html__( 'Look', 'mostrador' ) );
		}
		echo '</p>';
	}

	private static function name_pages() {
		return array(
			'home'         => __( 'Home', 'mostrador' ),
			'catalogue'    => __( 'Shop, categories and product search', 'mostrador' ),
			'product'      => __( 'Product', 'mostrador' ),
			'cart'         => __( 'Cart', 'mostrador' ),
			'checkout'     => __( 'Checkout', 'mostrador' ),
			'order_pay'    => __( 'Pay for an order', 'mostrador' ),
			'thank_you'    => __( 'Order received', 'mostrador' ),
			'order_status' => __( 'An order in the account', 'mostrador' ),
			'account'      => __( 'Account', 'mostrador' ),
			'other'        => __( 'All other pages', 'mostrador' ),
		);
	}

	private static function show_disconnect() {
		echo '<h2>' . esc_html__( 'Disconnect', 'mostrador' ) . '</h2><p>' . esc_html__( 'The widget disappears, the webhooks of Mostrador are deleted and WooCommerce sends all its mails again. Your choices above are kept.', 'mostrador' ) . '</p>';
		self::show_revoke();
		Mostrador_Screen_Forms::open( 'disconnect' );
		printf( '<p><button class="button" type="submit">%s</button></p></form>', esc_html__( 'Disconnect', 'mostrador' ) );
	}

	/** No program can take a key back: the merchant does. */
	private static function show_revoke() {
		printf(
			'<p>%s <a href="%s">%s</a></p>',
			esc_html__( 'Afterwards revoke the key of Mostrador yourself, WooCommerce lets no program do it:', 'mostrador' ),
			esc_url( admin_url( 'admin.php?page=wc-settings&tab=advanced&section=keys' ) ),
			esc_html__( 'WooCommerce > Settings > Advanced > REST API', 'mostrador' )
		);
	}
}
