<?php
/**
 * WooCommerce's own mails to the shopper.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * By default they get our tracking link. When the merchant handed them over, they are kept back order by order, and the order
 * remembers which: neither two mails nor none.
 */
final class Mostrador_Core_Mails {

	const LEFT = '_mostrador_left';

	/** A link in a mail opens a page without name and address; it lives three months. */
	const LINK_LIFE = 7776000;

	/** Mails about an order that is alive; an invoice to pay and a cancellation lead elsewhere. */
	const LINKED = array(
		'customer_processing_order',
		'customer_on_hold_order',
		'customer_completed_order',
		'customer_refunded_order',
		'customer_partially_refunded_order',
		'customer_note',
		'customer_fulfillment_created',
		'customer_fulfillment_updated',
	);

	const PICKED_UP = array( 'local_pickup', 'pickup_location', 'local_pickup_plus', 'legacy_local_pickup' );

	/** @var bool A person asked for this mail again: that is no news, and not ours to keep back. */
	private static $resending = false;

	public static function register() {
		add_action( 'woocommerce_before_resend_order_emails', array( __CLASS__, 'begin_resending' ), 10, 0 );
		add_action( 'woocommerce_after_resend_order_email', array( __CLASS__, 'end_resending' ), 10, 0 );
		add_filter( 'rest_request_before_callbacks', array( __CLASS__, 'begin_resending_by_rest' ), 10, 3 );
		add_filter( 'rest_request_after_callbacks', array( __CLASS__, 'end_resending_by_rest' ), 10, 3 );
		add_action( 'woocommerce_email_after_order_table', array( __CLASS__, 'add_link' ), 20, 4 );
		add_action( 'woocommerce_email_after_fulfillment_table', array( __CLASS__, 'add_link_to_parcel' ), 20, 5 );
		foreach ( Mostrador_Lease::MAILS as $mail ) {
			add_filter(
				'woocommerce_email_enabled_' . $mail,
				static function ( $enabled, $order = null ) use ( $mail ) {
					return self::decide( $enabled, $order, $mail );
				},
				100,
				2
			);
		}
	}

	public static function begin_resending() {
		self::$resending = true;
	}

	public static function end_resending() {
		self::$resending = false;
	}

	/**
	 * The shop's app asks for a mail again by REST, where core does not fire the two actions above.
	 *
	 * @param mixed $answer  What another filter answered already.
	 * @param mixed $handler The route's.
	 * @param mixed $request What was asked.
	 * @return mixed
	 */
	public static function begin_resending_by_rest( $answer, $handler, $request ) {
		if ( self::asks_again( $request ) ) {
			self::begin_resending();
		}
		return $answer;
	}

	/**
	 * @param mixed $answer  The answer.
	 * @param mixed $handler The route's.
	 * @param mixed $request What was asked.
	 * @return mixed
	 */
	public static function end_resending_by_rest( $answer, $handler, $request ) {
		if ( self::asks_again( $request ) ) {
			self::end_resending();
		}
		return $answer;
	}

	private static function asks_again( $request ) {
		return $request instanceof WP_REST_Request && preg_match( '#^/wc/v\d+/orders/\d+/actions/send_email$#', $request->get_route() );
	}

	/**
	 * @param mixed  $enabled What core and the merchant's settings say.
	 * @param mixed  $order   What the mail is about; nothing on a settings screen.
	 * @param string $mail    The mail's id.
	 * @return mixed
	 */
	private static function decide( $enabled, $order, $mail ) {
		if ( ! $enabled || self::$resending || ! $order instanceof WC_Order || ! $order->get_id() || 'shop_order' !== $order->get_type() ) {
			return $enabled;
		}
		$ours = self::speaks( $order, $mail );
		self::note( $order, $mail, $ours );
		return $ours ? false : $enabled;
	}

	/** Whether the server tells the shopper instead of this mail. */
	private static function speaks( WC_Order $order, $mail ) {
		$lease   = Mostrador_Lease::current();
		$created = $order->get_date_created();
		if ( ! $lease || ! in_array( $mail, $lease['mails'], true ) || ! $created || $created->getTimestamp() < $lease['since'] ) {
			return false;
		}
		return 'customer_completed_order' !== $mail || self::travels( $order );
	}

	/** Writes down what core sends itself after all; only a change is saved. */
	private static function note( WC_Order $order, $mail, $ours ) {
		$before = $order->get_meta( self::LEFT );
		$before = is_array( $before ) ? array_values( $before ) : array();
		$after  = array_values( array_diff( $before, array( $mail ) ) );
		if ( $ours ) {
			$after[] = $mail;
		}
		sort( $after );
		if ( $after === $before ) {
			return;
		}
		if ( $after ) {
			$order->update_meta_data( self::LEFT, $after );
		} else {
			$order->delete_meta_data( self::LEFT );
		}
		$order->save_meta_data();
	}

	/** Something of the order goes with a carrier: a "shipped" mail will be written. */
	private static function travels( WC_Order $order ) {
		if ( Mostrador_Parcels::of( $order ) ) {
			return true;
		}
		foreach ( $order->get_items( 'shipping' ) as $line ) {
			$method = explode( ':', (string) $line->get_method_id() )[0];
			if ( ! in_array( $method, self::PICKED_UP, true ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * A parcel's mail has a table of its own and not the order's.
	 *
	 * @param mixed $order         The order.
	 * @param mixed $parcel        WooCommerce's fulfillment.
	 * @param mixed $sent_to_admin Whether the mail goes to the shop.
	 * @param mixed $plain_text    Whether it is written without HTML.
	 * @param mixed $email         The mail.
	 */
	public static function add_link_to_parcel( $order, $parcel = null, $sent_to_admin = false, $plain_text = false, $email = null ) {
		self::add_link( $order, $sent_to_admin, $plain_text, $email );
	}

	/**
	 * @param mixed $order         The order.
	 * @param mixed $sent_to_admin Whether the mail goes to the shop.
	 * @param mixed $plain_text    Whether it is written without HTML.
	 * @param mixed $email         The mail; some plugins leave it out.
	 */
	public static function add_link( $order, $sent_to_admin = false, $plain_text = false, $email = null ) {
		$connection = Mostrador_Connection::get();
		$id         = is_object( $email ) && isset( $email->id ) ? $email->id : '';
		if ( ! $connection || $sent_to_admin || ! $order instanceof WC_Order || ! in_array( $id, self::LINKED, true ) ) {
			return;
		}
		$address = self::address( $connection, $order );
		if ( '' === $address ) {
			return;
		}
		if ( $plain_text ) {
			echo "\n" . esc_html( wp_strip_all_tags( __( 'Where is my order, and what happens next:', 'mostrador' ) ) ) . "\n" . esc_url_raw( $address ) . "\n\n";
			return;
		}
		printf( '<p style="margin:16px 0"><a href="%s">%s</a></p>', esc_url( $address ), esc_html__( 'Where is my order?', 'mostrador' ) );
	}

	/** Where the link of a mail leads; '' for an order that is kept nowhere. */
	private static function address( array $connection, WC_Order $order ) {
		// The order of WooCommerce's preview is an invented one, in some versions with a number that another order has.
		// phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- WooCommerce's own question.
		if ( apply_filters( 'woocommerce_is_email_preview', false ) ) {
			return Mostrador_Connection::help_address( Mostrador_Language::of_page() );
		}
		if ( ! $order->get_id() ) {
			return '';
		}
		$claims = array(
			's' => $connection['store'],
			'o' => (string) $order->get_id(),
			'e' => time() + self::LINK_LIFE,
		);
		return $connection['service'] . '/t/woocommerce/' . Mostrador_Token::seal( $connection['secret'], 'link', $claims );
	}
}
