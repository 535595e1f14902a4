<?php
/** wp-admin: the menu, and the order screen of High-Performance Order Storage with its meta boxes. */

function wc_get_page_screen_id( $for ) {
	return 'shop-order' === str_replace( '_', '-', $for ) ? 'woocommerce_page_wc-orders' : 'woocommerce_page_wc-' . $for;
}

/** Remembered: what a meta box complains about is shown on the screen that comes after saving. */
class WC_Admin_Meta_Boxes {
	public static function add_error( $text ) {
		update_option( 'double_errors', array_merge( get_option( 'double_errors', array() ), array( $text ) ), false );
	}
	public static function double_show_errors() {
		foreach ( get_option( 'double_errors', array() ) as $text ) {
			echo '<div id="woocommerce_errors" class="error notice is-dismissible"><p>' . wp_kses_post( $text ) . '</p></div>';
		}
		delete_option( 'double_errors' );
	}
}

function wc_get_screen_ids() {
	return array( 'toplevel_page_woocommerce', 'woocommerce_page_wc-orders', 'woocommerce_page_wc-settings' );
}

add_action(
	'admin_menu',
	function () {
		add_menu_page( 'WooCommerce', 'WooCommerce', 'edit_others_shop_orders', 'woocommerce', '__return_null', 'dashicons-cart', 55 );
		$screen = add_submenu_page( 'woocommerce', 'Orders', 'Orders', 'edit_others_shop_orders', 'wc-orders', 'double_show_orders' );
		add_submenu_page( 'woocommerce', 'Settings', 'Settings', 'manage_woocommerce', 'wc-settings', '__return_null' );
		add_action( 'load-' . $screen, 'double_save_order' );
	},
	9
);

/** Remembered: the order is saved by its own screen, after its nonce, and plugins by this action. */
function double_save_order() {
	$order = double_screen_order();
	if ( ! $order ) {
		return;
	}
	if ( isset( $_POST['action'] ) && 'edit_order' === $_POST['action'] ) {
		check_admin_referer( 'update-order_' . $order->get_id() );
		do_action( 'woocommerce_process_shop_order_meta', $order->get_id(), $order );
		$order = wc_get_order( $order->get_id() );
		if ( isset( $_POST['order_status'] ) ) {
			$order->set_status( sanitize_key( $_POST['order_status'] ) );
		}
		$order->save();
		wp_safe_redirect( add_query_arg( 'message', 1, $order->get_edit_order_url() ) );
		exit;
	}
	wp_enqueue_script( 'postbox' );
	add_screen_option( 'layout_columns', array( 'max' => 2, 'default' => 2 ) );
	do_action( 'add_meta_boxes', wc_get_page_screen_id( 'shop-order' ), $order );
	do_action( 'add_meta_boxes_' . wc_get_page_screen_id( 'shop-order' ), $order );
}

function double_screen_order() {
	$asked = isset( $_GET['action'], $_GET['id'] ) && 'edit' === $_GET['action'];
	return $asked ? wc_get_order( absint( $_GET['id'] ) ) : false;
}

function double_show_orders() {
	$order = double_screen_order();
	if ( ! $order ) {
		echo '<div class="wrap"><h1>Orders</h1></div>';
		return;
	}
	$screen   = wc_get_page_screen_id( 'shop-order' );
	$statuses = '';
	foreach ( wc_get_order_statuses() as $slug => $name ) {
		$statuses .= '<option value="' . esc_attr( $slug ) . '"' . selected( $slug, 'wc-' . $order->get_status(), false ) . '>' . esc_html( $name ) . '</option>';
	}
	?>
	<div class="wrap">
		<h1 class="wp-heading-inline"><?php echo esc_html( 'Order #' . $order->get_order_number() ); ?></h1>
		<hr class="wp-header-end">
		<?php WC_Admin_Meta_Boxes::double_show_errors(); ?>
		<form name="order" action="<?php echo esc_url( $order->get_edit_order_url() ); ?>" method="post" id="order">
			<?php wp_nonce_field( 'update-order_' . $order->get_id() ); ?>
			<?php wp_nonce_field( 'closedpostboxes', 'closedpostboxesnonce', false ); ?>
			<?php wp_nonce_field( 'meta-box-order', 'meta-box-order-nonce', false ); ?>
			<input type="hidden" name="action" value="edit_order">
			<div id="poststuff"><div id="post-body" class="metabox-holder columns-2">
				<div id="postbox-container-1" class="postbox-container">
					<div class="postbox"><div class="postbox-header"><h2>Order actions</h2></div><div class="inside">
						<p><button type="submit" class="button save_order button-primary" name="save" value="Update">Update</button></p>
					</div></div>
					<?php do_meta_boxes( $screen, 'side', $order ); ?>
				</div>
				<div id="postbox-container-2" class="postbox-container">
					<div class="postbox"><div class="inside">
						<p><label for="order_status">Status:</label> <select id="order_status" name="order_status"><?php echo $statuses; // phpcs:ignore ?></select></p>
						<p><?php echo esc_html( $order->get_billing_first_name() . ' ' . $order->get_billing_last_name() ); ?>, <?php echo esc_html( $order->get_shipping_address_1() . ', ' . $order->get_shipping_city() ); ?></p>
						<table class="widefat striped"><tbody>
						<?php foreach ( $order->get_items() as $item ) : ?>
							<tr><td><?php echo esc_html( $item->get_name() ); ?> × <?php echo (int) $item->get_quantity(); ?></td><td><?php echo wp_kses_post( wc_price( $item->get_total() ) ); ?></td></tr>
						<?php endforeach; ?>
						<tr><td><?php echo esc_html( $order->get_shipping_method() ); ?></td><td><?php echo wp_kses_post( wc_price( $order->get_total() ) ); ?></td></tr>
						</tbody></table>
					</div></div>
					<?php do_meta_boxes( $screen, 'normal', $order ); ?>
					<?php do_meta_boxes( $screen, 'advanced', $order ); ?>
				</div>
			</div></div>
		</form>
	</div>
	<?php
}

add_filter(
	'map_meta_cap',
	function ( $caps, $cap ) {
		return in_array( $cap, array( 'edit_shop_order', 'read_shop_order' ), true ) ? array( 'edit_shop_orders' ) : $caps;
	},
	10,
	2
);
