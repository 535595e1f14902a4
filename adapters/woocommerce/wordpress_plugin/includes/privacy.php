<?php
/**
 * What the plugin says and does about personal data.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Per order the shop keeps one note: which mails the server wrote instead of WooCommerce. Everything else is on the server.
 */
final class Mostrador_Privacy {

	const PAGE = 50;

	public static function register() {
		add_action( 'admin_init', array( __CLASS__, 'suggest' ) );
		add_filter( 'wp_privacy_personal_data_exporters', array( __CLASS__, 'add_exporter' ) );
		// Before WooCommerce's, which takes the address off the orders by which we would find them.
		add_filter( 'wp_privacy_personal_data_erasers', array( __CLASS__, 'add_eraser' ), 1 );
	}

	/**
	 * @return string One paragraph, without HTML.
	 */
	public static function summary() {
		$server = Mostrador_Connection::server();
		return sprintf(
			/* translators: %s: the address of a server */
			__( 'After Connect, the Mostrador server (%s) reads orders through WooCommerce’s own interface, to tell shoppers where their order is. When a shopper opens the widget, their browser asks that server for help articles; what they write there, and their e-mail address if they leave it, is kept by it. Before it is opened the widget sends and stores nothing, and no page of the shop carries a name, address or e-mail for it.', 'mostrador' ),
			'' !== $server ? $server : __( 'not chosen yet', 'mostrador' )
		);
	}

	public static function suggest() {
		if ( ! function_exists( 'wp_add_privacy_policy_content' ) ) {
			return;
		}
		$server = Mostrador_Connection::server();
		$words  = sprintf(
			/* translators: %s: the address of a server */
			__( 'We use Mostrador (%s) to answer questions and to tell you about your order. It receives your orders with your name, e-mail address and delivery address, and the messages you write in the help window. The help window stores nothing in your browser before you open it. Ask us for a copy of these data, or to erase them.', 'mostrador' ),
			'' !== $server ? $server : __( 'address of the server', 'mostrador' )
		);
		wp_add_privacy_policy_content( __( 'Mostrador', 'mostrador' ), '<p class="privacy-policy-tutorial">' . esc_html__( 'Suggested words:', 'mostrador' ) . '</p><p>' . esc_html( $words ) . '</p>' );
	}

	/**
	 * @param array $exporters Of all plugins.
	 * @return array
	 */
	public static function add_exporter( $exporters ) {
		$exporters['mostrador'] = array(
			'exporter_friendly_name' => __( 'Mostrador', 'mostrador' ),
			'callback'               => array( __CLASS__, 'export' ),
		);
		return $exporters;
	}

	/**
	 * @param array $erasers Of all plugins.
	 * @return array
	 */
	public static function add_eraser( $erasers ) {
		$erasers['mostrador'] = array(
			'eraser_friendly_name' => __( 'Mostrador', 'mostrador' ),
			'callback'             => array( __CLASS__, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * @param string $email Of the person.
	 * @param int    $page  From 1.
	 * @return array
	 */
	public static function export( $email, $page = 1 ) {
		$orders = self::list_orders( $email, (int) $page );
		$found  = array();
		foreach ( $orders as $order ) {
			$left = $order->get_meta( Mostrador_Core_Mails::LEFT );
			if ( self::is_of( $order, $email ) && is_array( $left ) && $left ) {
				$found[] = self::entry( 'order-' . $order->get_id(), __( 'Mails that Mostrador wrote instead of WooCommerce', 'mostrador' ), $order->get_order_number() . ': ' . implode( ', ', array_filter( $left, 'is_string' ) ) );
			}
		}
		$connection = Mostrador_Connection::get();
		if ( $connection && 1 === (int) $page ) {
			$found[] = self::entry( 'server', __( 'Kept on the Mostrador server: orders, mails about them and conversations', 'mostrador' ), $connection['service'] );
		}
		return array(
			'data' => $found,
			'done' => count( $orders ) < self::PAGE,
		);
	}

	/**
	 * @param string $email Of the person.
	 * @param int    $page  From 1.
	 * @return array
	 */
	public static function erase( $email, $page = 1 ) {
		$orders  = self::list_orders( $email, (int) $page );
		$removed = false;
		foreach ( $orders as $order ) {
			if ( self::is_of( $order, $email ) && $order->meta_exists( Mostrador_Core_Mails::LEFT ) ) {
				$order->delete_meta_data( Mostrador_Core_Mails::LEFT );
				$order->save_meta_data();
				$removed = true;
			}
		}
		$connection = Mostrador_Connection::get();
		$messages   = array();
		if ( $connection && 1 === (int) $page ) {
			/* translators: %s: the address of a server */
			$messages[] = sprintf( __( 'Orders, mails and conversations on the Mostrador server are erased there: ask who runs %s.', 'mostrador' ), $connection['service'] );
		}
		return array(
			'items_removed'  => $removed,
			'items_retained' => false,
			'messages'       => $messages,
			'done'           => count( $orders ) < self::PAGE,
		);
	}

	private static function entry( $id, $name, $value ) {
		return array(
			'group_id'    => 'mostrador',
			'group_label' => __( 'Mostrador', 'mostrador' ),
			'item_id'     => 'mostrador-' . $id,
			'data'        => array(
				array(
					'name'  => $name,
					'value' => $value,
				),
			),
		);
	}

	/** A database may take another spelling for the same address. */
	private static function is_of( WC_Order $order, $email ) {
		return 0 === strcasecmp( (string) $order->get_billing_email(), $email );
	}

	/** @return WC_Order[] One page as the shop finds it: fewer than PAGE is the last. */
	private static function list_orders( $email, $page ) {
		$asked  = array(
			'billing_email' => $email,
			'limit'         => self::PAGE,
			'page'          => max( 1, $page ),
			'orderby'       => 'ID',
			'order'         => 'ASC',
			'type'          => 'shop_order',
		);
		$orders = is_email( $email ) ? wc_get_orders( $asked ) : array();
		return array_values(
			array_filter(
				is_array( $orders ) ? $orders : array(),
				static function ( $order ) {
					return $order instanceof WC_Order;
				}
			)
		);
	}
}
