<?php
/** The mails to shoppers, with the filter that may stop each and the action that may add to it. */

class WC_Email {
	public $id;
	public $object;
	public $title;
	public $enabled        = 'yes';
	public $customer_email = true;
	private $subject;

	public function __construct( $id, $subject ) {
		$this->id      = $id;
		$this->title   = $subject;
		$this->subject = $subject;
		$settings      = get_option( 'woocommerce_' . $id . '_settings', array() );
		if ( isset( $settings['enabled'] ) ) {
			$this->enabled = $settings['enabled'];
		}
	}

	/** Remembered: the settings screens ask this with no order at hand. */
	public function is_enabled() {
		return apply_filters( 'woocommerce_email_enabled_' . $this->id, 'yes' === $this->enabled, $this->object, $this );
	}

	public function is_customer_email() {
		return $this->customer_email;
	}

	/** Observed: sent at once, inside the request that changed the order. */
	public function trigger( $order_id, $order = false ) {
		$this->object = $order instanceof WC_Order ? $order : wc_get_order( $order_id );
		if ( ! $this->object || ! $this->is_enabled() ) {
			return false;
		}
		foreach ( array( false, true ) as $plain ) {
			ob_start();
			echo $plain ? "Hola\n" : '<p>Hola</p>';
			$this->double_show_table( $plain );
			do_action( 'woocommerce_email_customer_details', $this->object, ! $this->customer_email, $plain, $this );
			$bodies[ $plain ? 'text' : 'html' ] = ob_get_clean();
		}
		$mails   = get_option( 'double_mails', array() );
		$mails[] = array(
			'id' => $this->id, 'to' => $this->customer_email ? $this->object->get_billing_email() : get_option( 'admin_email' ),
			'subject' => $this->subject, 'order' => $this->object->get_id(), 'html' => $bodies['html'], 'text' => $bodies['text'],
		);
		update_option( 'double_mails', $mails, false );
		return true;
	}

	/** A parcel's mail has no table of the order, and its hooks get the fulfillment as well (read in the real templates). */
	private function double_show_table( $plain ) {
		$admin = ! $this->customer_email;
		if ( 0 === strpos( $this->id, 'customer_fulfillment_' ) ) {
			do_action( 'woocommerce_email_before_fulfillment_table', $this->object, new stdClass(), $admin, $plain, $this );
			do_action( 'woocommerce_email_after_fulfillment_table', $this->object, new stdClass(), $admin, $plain, $this );
			return;
		}
		do_action( 'woocommerce_email_before_order_table', $this->object, $admin, $plain, $this );
		do_action( 'woocommerce_email_after_order_table', $this->object, $admin, $plain, $this );
		do_action( 'woocommerce_email_order_meta', $this->object, $admin, $plain, $this );
	}
}

class WC_Emails {
	public $emails = array();

	public function __construct() {
		foreach (
			array(
				'new_order' => 'New order', 'customer_on_hold_order' => 'On hold', 'customer_processing_order' => 'Received',
				'customer_completed_order' => 'Completed', 'customer_refunded_order' => 'Refunded',
				'customer_partially_refunded_order' => 'Partly refunded', 'customer_failed_order' => 'Failed',
				'customer_cancelled_order' => 'Cancelled', 'customer_note' => 'Note', 'customer_fulfillment_created' => 'Sent',
			) as $id => $subject
		) {
			$this->emails[ $id ] = new WC_Email( $id, $subject );
		}
		$this->emails['new_order']->customer_email = false;
	}

	public function get_emails() {
		return $this->emails;
	}

	/** Observed: which change of status mails what. completed -> processing -> completed mails twice. */
	public function double_tell_status( WC_Order $order, $from, $to ) {
		if ( in_array( $to, array( 'processing', 'on-hold', 'completed', 'refunded', 'failed', 'cancelled' ), true ) ) {
			if ( 'pending' === $from && in_array( $to, array( 'processing', 'on-hold', 'completed' ), true ) ) {
				$this->emails['new_order']->trigger( $order->get_id(), $order );
			}
			$this->emails[ 'customer_' . str_replace( '-', '_', $to ) . '_order' ]->trigger( $order->get_id(), $order );
		}
	}
}
