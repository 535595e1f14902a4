<?php
/**
 * "Open the desk": signs the merchant in at the server, once.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * The proof is minted when the button is pressed, lives a minute, is good for one use, and travels in the body of a POST:
 * never in an address.
 */
final class Mostrador_Desk_Door {

	const LIFE = 60;

	public static function register() {
		add_action( 'admin_post_mostrador_desk', array( __CLASS__, 'open' ) );
	}

	public static function open() {
		Mostrador_Screen_Forms::require_merchant( 'desk' );
		$connection = Mostrador_Connection::get();
		if ( ! $connection ) {
			wp_safe_redirect( Mostrador_Screen::address() );
			exit;
		}
		nocache_headers();
		header( 'Content-Type: text/html; charset=utf-8' );
		header( 'X-Frame-Options: DENY' );
		// The server wants to know the origin of the form, nobody the address of the page.
		header( 'Referrer-Policy: strict-origin' );
		self::show( $connection );
		exit;
	}

	private static function show( array $connection ) {
		$user    = wp_get_current_user();
		$claims  = array(
			's'    => $connection['store'],
			'm'    => (string) $user->ID,
			'mail' => (string) $user->user_email,
			'name' => (string) $user->display_name,
			'n'    => bin2hex( random_bytes( 16 ) ),
			'e'    => time() + self::LIFE,
		);
		$proof   = Mostrador_Token::seal( $connection['secret'], 'desk', $claims );
		$address = $connection['service'] . '/desk/enter/woocommerce';
		wp_register_script( 'mostrador-desk', plugins_url( 'assets/desk.js', MOSTRADOR_FILE ), array(), MOSTRADOR_VERSION, array( 'in_footer' => true ) );
		?><!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title><?php esc_html_e( 'Open the desk', 'mostrador' ); ?></title>
</head>
<body>
<main>
<h1><?php esc_html_e( 'Open the desk', 'mostrador' ); ?></h1>
<p><?php esc_html_e( 'If nothing happens, press the button within a minute.', 'mostrador' ); ?></p>
<form id="mostrador-desk" method="post" action="<?php echo esc_url( $address ); ?>">
<input type="hidden" name="proof" value="<?php echo esc_attr( $proof ); ?>">
<button type="submit"><?php esc_html_e( 'Open the desk', 'mostrador' ); ?></button>
</form>
</main>
		<?php wp_print_scripts( 'mostrador-desk' ); ?>
</body>
</html>
		<?php
	}
}
