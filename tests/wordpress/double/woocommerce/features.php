<?php
/** What plugins declare and ask about features. */

namespace Automattic\WooCommerce\Utilities {
	/** Keeps what was declared, so that a test can read it. */
	class FeaturesUtil {
		private static $declared = array();

		public static function declare_compatibility( string $feature_id, string $plugin_file, bool $positive_compatibility = true ): bool {
			if ( ! doing_action( 'before_woocommerce_init' ) ) {
				_doing_it_wrong( __METHOD__, 'declare_compatibility belongs into before_woocommerce_init', '7.0' );
				return false;
			}
			self::$declared[ plugin_basename( $plugin_file ) ][ $feature_id ] = $positive_compatibility;
			return true;
		}

		/** The double's own, for tests. */
		public static function double_declared(): array {
			return self::$declared;
		}

		public static function feature_is_enabled( string $feature_id ): bool {
			return in_array( $feature_id, array( 'custom_order_tables', 'cart_checkout_blocks' ), true );
		}
	}

	/** High-Performance Order Storage is on. */
	class OrderUtil {
		public static function custom_orders_table_usage_is_enabled(): bool {
			return true;
		}

		public static function get_order_admin_edit_url( int $order_id ): string {
			return admin_url( 'admin.php?page=wc-orders&action=edit&id=' . $order_id );
		}

		public static function is_order( $order_id, $types = array() ) {
			return (bool) wc_get_order( $order_id );
		}

		public static function get_order_type( $order_id ) {
			return wc_get_order( $order_id ) ? 'shop_order' : null;
		}
	}
}

namespace Automattic\WooCommerce\Internal\DataStores\Orders {
	class CustomOrdersTableController {
		public function custom_orders_table_usage_is_enabled(): bool {
			return true;
		}
	}
}

namespace Automattic\WooCommerce\Internal\Utilities {
	/** Read in the real one: ten minutes after an order its key alone shows a guest nothing; the address is asked for. */
	class Users {
		public static function should_user_verify_order_email( $order_id, $supplied_email = null, $context = 'view' ) {
			$order = wc_get_order( $order_id );
			$mail  = $order->get_billing_email();
			if ( ! $mail || ( $order->get_customer_id() && get_current_user_id() === $order->get_customer_id() ) ) {
				return false;
			}
			if ( time() - $order->get_date_created()->getTimestamp() <= 600 || current_user_can( 'read_private_shop_orders' ) ) {
				return false;
			}
			return empty( $supplied_email ) || 0 !== strcasecmp( $supplied_email, $mail );
		}
	}
}

namespace {
	/** The logger of WooCommerce; its lines go into an option that tests read. */
	class WC_Logger {
		public function log( $level, $message, $context = array() ) {
			$lines   = get_option( 'double_log', array() );
			$lines[] = array( $level, (string) $message, $context );
			update_option( 'double_log', $lines, false );
		}

		public function __call( $level, $given ) {
			$this->log( $level, $given[0], isset( $given[1] ) ? $given[1] : array() );
		}
	}

	function wc_get_logger() {
		return new WC_Logger();
	}

	/** One row of WooCommerce > Settings > Advanced > Webhooks. Secrets never leave by REST; here they may be read. */
	class WC_Webhook {
		private $row = array(
			'webhook_id'    => 0,
			'name'          => '',
			'status'        => 'active',
			'topic'         => 'order.updated',
			'delivery_url'  => '',
			'secret'        => '',
			'user_id'       => 0,
			'failure_count' => 0,
		);

		public function __construct( $id = 0 ) {
			global $wpdb;
			$row = $id ? $wpdb->get_row( $wpdb->prepare( "SELECT * FROM {$wpdb->prefix}wc_webhooks WHERE webhook_id = %d", $id ), ARRAY_A ) : null;
			if ( $row ) {
				$this->row = array_merge( $row, array( 'failure_count' => (int) $row['failure_count'] ) );
			}
		}

		public function get_id() {
			return (int) $this->row['webhook_id'];
		}

		public function __call( $name, $given ) {
			$field = substr( $name, 4 );
			if ( 0 === strpos( $name, 'get_' ) && array_key_exists( $field, $this->row ) ) {
				return $this->row[ $field ];
			}
			if ( 0 === strpos( $name, 'set_' ) && array_key_exists( $field, $this->row ) ) {
				$this->row[ $field ] = $given[0];
				return;
			}
			throw new BadMethodCallException( 'The double has no WC_Webhook::' . $name );
		}

		public function save() {
			global $wpdb;
			$wpdb->replace( $wpdb->prefix . 'wc_webhooks', $this->get_id() ? $this->row : array_diff_key( $this->row, array( 'webhook_id' => 0 ) ) );
			$this->row['webhook_id'] = (int) $wpdb->insert_id;
			return $this->get_id();
		}

		public function delete( $force_delete = false ) {
			global $wpdb;
			$wpdb->delete( $wpdb->prefix . 'wc_webhooks', array( 'webhook_id' => $this->get_id() ) );
			return true;
		}
	}

	function wc_get_webhook( $id ) {
		$hook = new WC_Webhook( $id instanceof WC_Webhook ? $id->get_id() : $id );
		return $hook->get_id() ? $hook : null;
	}

	/** Remembered: `search_webhooks` gives ids; without a limit it gives ten. */
	class WC_Data_Store {
		public static function load( $type ) {
			if ( 'webhook' !== $type ) {
				throw new Exception( 'Invalid data store.' );
			}
			return new self();
		}

		public function search_webhooks( $args ) {
			$args = wp_parse_args( $args, array( 'limit' => 10, 'offset' => 0, 'status' => '', 'paginate' => false ) );
			$ids  = $this->get_webhooks_ids( $args['status'] );
			$ids  = array_slice( $ids, $args['offset'], $args['limit'] < 0 ? null : $args['limit'] );
			return $args['paginate'] ? (object) array( 'webhooks' => $ids, 'total' => count( $ids ), 'max_num_pages' => 1 ) : $ids;
		}

		public function get_webhooks_ids( $status = '' ) {
			global $wpdb;
			$rows = $wpdb->get_results( "SELECT webhook_id, status FROM {$wpdb->prefix}wc_webhooks ORDER BY webhook_id" );
			if ( '' !== $status ) {
				$rows = array_filter( $rows, function ( $row ) use ( $status ) { return $row->status === $status; } );
			}
			return array_map( 'intval', wp_list_pluck( array_values( $rows ), 'webhook_id' ) );
		}
	}

	/** Action Scheduler, as far as one asks it. */
	function as_get_scheduled_actions( $args = array(), $return_format = OBJECT ) {
		return array();
	}

	function as_next_scheduled_action( $hook, $args = null, $group = '' ) {
		return false;
	}

	function as_unschedule_all_actions( $hook, $args = array(), $group = '' ) {
	}
}
