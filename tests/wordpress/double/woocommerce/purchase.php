<?php
/**
 * What the pages show: the classic shortcodes and the blocks, each firing the hooks that were observed to fire there.
 *
 * The real blocks draw themselves in the browser; these are drawn here. What counts is which PHP hooks run where.
 */

/** Observed: order data only with the right key, and an order of a customer only to that customer. */
function double_may_see_order( $order, $key ) {
	if ( ! $order || ! is_string( $key ) || ! hash_equals( $order->get_order_key(), $key ) ) {
		return false;
	}
	return ! $order->get_customer_id() || get_current_user_id() === $order->get_customer_id();
}

function double_draw_lines() {
	$rows = '';
	foreach ( WC()->cart->get_cart() as $line ) {
		$rows .= sprintf(
			'<tr><td>%s × %d</td><td>%s</td></tr>',
			esc_html( $line['data']->get_name() ),
			$line['quantity'],
			wc_price( $line['data']->get_price() * $line['quantity'] )
		);
	}
	return '<table class="shop_table"><tbody>' . $rows . '<tr><th>Total</th><th>' . WC()->cart->get_total() . '</th></tr></tbody></table>';
}

function double_draw_fields( $suffix ) {
	$fields = '';
	foreach ( array( 'email' => 'Correo electrónico', 'name' => 'Nombre y apellido', 'address' => 'Dirección', 'city' => 'Ciudad' ) as $id => $label ) {
		$fields .= sprintf( '<p><label for="%1$s-%3$s">%2$s</label><input id="%1$s-%3$s" type="text"></p>', $id, $label, $suffix );
	}
	return $fields . '<p><label><input type="radio" checked> Pago contra entrega</label></p>';
}

function double_draw_order( $order ) {
	ob_start();
	do_action( 'woocommerce_order_details_before_order_table', $order );
	echo '<table class="shop_table order_details"><tbody><tr><td>', esc_html( $order->get_items()[0]->get_name() ), '</td><td>', wp_kses_post( wc_price( $order->get_total() ) ), '</td></tr></tbody></table>';
	do_action( 'woocommerce_order_details_after_order_table', $order );
	do_action( 'woocommerce_after_order_details', $order );
	return ob_get_clean();
}

/** Observed: classic carts fire before/after_cart; an empty one another hook (remembered). */
function double_classic_cart() {
	ob_start();
	echo '<div class="woocommerce">';
	if ( WC()->cart->is_empty() ) {
		do_action( 'woocommerce_cart_is_empty' );
		echo '<p class="cart-empty">Tu carrito está vacío.</p>';
	} else {
		do_action( 'woocommerce_before_cart' );
		echo '<form class="woocommerce-cart-form">';
		do_action( 'woocommerce_before_cart_table' );
		echo double_draw_lines(); // phpcs:ignore
		do_action( 'woocommerce_after_cart_table' );
		echo '</form><div class="cart-collaterals">';
		do_action( 'woocommerce_before_cart_collaterals' );
		do_action( 'woocommerce_cart_collaterals' );
		do_action( 'woocommerce_proceed_to_checkout' );
		echo '<a class="button wp-element-button" href="', esc_url( wc_get_checkout_url() ), '">Finalizar compra</a></div>';
		do_action( 'woocommerce_after_cart' );
	}
	echo '</div>';
	return ob_get_clean();
}

/** Observed: thankyou hooks fire for an order that may be seen; else a sentence without data. */
function double_thank_you( $with_table = true ) {
	global $wp;
	$order = wc_get_order( $wp->query_vars['order-received'] );
	$key   = isset( $_GET['key'] ) ? wp_unslash( $_GET['key'] ) : '';
	if ( ! double_may_see_order( $order, $key ) ) {
		return '<p class="woocommerce-notice">Gracias. Hemos recibido tu pedido.</p>';
	}
	ob_start();
	do_action( 'woocommerce_before_thankyou', $order->get_id() );
	echo '<p class="woocommerce-notice">Gracias. Hemos recibido tu pedido n.º ', esc_html( $order->get_order_number() ), '.</p>';
	do_action( 'woocommerce_thankyou_' . $order->get_payment_method(), $order->get_id() );
	echo double_draw_order( $order ); // phpcs:ignore
	do_action( 'woocommerce_thankyou', $order->get_id() );
	return ob_get_clean();
}

function double_pay() {
	global $wp;
	$order = wc_get_order( $wp->query_vars['order-pay'] );
	$key   = isset( $_GET['key'] ) ? wp_unslash( $_GET['key'] ) : '';
	if ( ! double_may_see_order( $order, $key ) ) {
		return '<ul class="woocommerce-error"><li>Este pedido no se puede pagar.</li></ul>';
	}
	ob_start();
	do_action( 'before_woocommerce_pay' );
	do_action( 'woocommerce_before_pay_action', $order );
	echo '<form id="order_review"><p>Total: ', wp_kses_post( wc_price( $order->get_total() ) ), '</p>';
	do_action( 'woocommerce_pay_order_before_submit' );
	echo '<button type="button">Pagar el pedido</button>';
	do_action( 'woocommerce_pay_order_after_submit' );
	echo '</form>';
	do_action( 'after_woocommerce_pay' );
	return ob_get_clean();
}

function double_classic_checkout() {
	if ( is_wc_endpoint_url( 'order-received' ) ) {
		return '<div class="woocommerce"><div class="woocommerce-order">' . double_thank_you() . '</div></div>';
	}
	if ( is_wc_endpoint_url( 'order-pay' ) ) {
		return '<div class="woocommerce">' . double_pay() . '</div>';
	}
	ob_start();
	echo '<div class="woocommerce">';
	do_action( 'woocommerce_before_checkout_form', (object) array() );
	echo '<form class="checkout woocommerce-checkout">';
	do_action( 'woocommerce_checkout_before_customer_details' );
	echo double_draw_fields( 'classic' ); // phpcs:ignore
	do_action( 'woocommerce_checkout_after_customer_details' );
	do_action( 'woocommerce_checkout_before_order_review' );
	echo '<div id="order_review">', double_draw_lines(); // phpcs:ignore
	do_action( 'woocommerce_review_order_before_payment' );
	do_action( 'woocommerce_review_order_before_submit' );
	echo '<button type="button" id="place_order" class="button wp-element-button">Realizar el pedido</button>';
	do_action( 'woocommerce_review_order_after_submit' );
	do_action( 'woocommerce_review_order_after_payment' );
	echo '</div>';
	do_action( 'woocommerce_checkout_after_order_review' );
	echo '</form>';
	do_action( 'woocommerce_after_checkout_form', (object) array() );
	echo '</div>';
	return ob_get_clean();
}

function double_account() {
	global $wp;
	ob_start();
	echo '<div class="woocommerce">';
	if ( ! is_user_logged_in() ) {
		do_action( 'woocommerce_before_customer_login_form' );
		echo '<form class="woocommerce-form-login">';
		do_action( 'woocommerce_login_form_start' );
		echo '<p><label for="username">Usuario</label><input id="username"></p>';
		do_action( 'woocommerce_login_form' );
		do_action( 'woocommerce_login_form_end' );
		echo '</form>';
		do_action( 'woocommerce_after_customer_login_form' );
	} else {
		do_action( 'woocommerce_before_account_navigation' );
		do_action( 'woocommerce_account_navigation' );
		do_action( 'woocommerce_after_account_navigation' );
		echo '<div class="woocommerce-MyAccount-content">';
		do_action( 'woocommerce_account_content' );
		$endpoint = WC()->query->get_current_endpoint();
		if ( 'view-order' === $endpoint ) {
			$order = wc_get_order( $wp->query_vars['view-order'] );
			if ( $order && $order->get_customer_id() && get_current_user_id() === $order->get_customer_id() ) {
				do_action( 'woocommerce_view_order', $order->get_id() );
				echo double_draw_order( $order ); // phpcs:ignore
			} else {
				echo '<div class="woocommerce-error">Pedido no válido.</div>';
			}
		} elseif ( '' === $endpoint ) {
			echo '<p>Hola.</p>';
			do_action( 'woocommerce_account_dashboard' );
		} else {
			do_action( 'woocommerce_account_' . $endpoint . '_endpoint', '' );
		}
		echo '</div>';
	}
	echo '</div>';
	return ob_get_clean();
}

add_action(
	'init',
	function () {
		add_shortcode( 'woocommerce_cart', 'double_classic_cart' );
		add_shortcode( 'woocommerce_checkout', 'double_classic_checkout' );
		add_shortcode( 'woocommerce_my_account', 'double_account' );
		double_register_blocks();
	},
	10
);

/** Observed: the blocks fire their own hooks and none of the classic ones. */
function double_register_blocks() {
	register_block_type(
		'woocommerce/cart',
		array(
			'render_callback' => function ( $attributes, $content ) {
				do_action( 'woocommerce_blocks_enqueue_cart_block_scripts_before' );
				do_action( 'woocommerce_blocks_enqueue_cart_block_scripts_after' );
				if ( WC()->cart->is_empty() ) {
					return '<div class="wp-block-woocommerce-cart"><p>Tu carrito está vacío.</p></div>';
				}
				return '<div class="wp-block-woocommerce-cart">' . double_draw_lines() .
					'<a class="wp-element-button" href="' . esc_url( wc_get_checkout_url() ) . '">Proceder al pago</a></div>';
			},
		)
	);
	register_block_type(
		'woocommerce/checkout',
		array(
			'render_callback' => function ( $attributes, $content ) {
				// Observed: they also fire on order-pay, and with a classic theme on order-received.
				do_action( 'woocommerce_blocks_enqueue_checkout_block_scripts_before' );
				do_action( 'woocommerce_blocks_checkout_enqueue_data' );
				do_action( 'woocommerce_blocks_enqueue_checkout_block_scripts_after' );
				if ( is_wc_endpoint_url( 'order-received' ) || is_wc_endpoint_url( 'order-pay' ) ) {
					return double_classic_checkout();
				}
				return '<div class="wp-block-woocommerce-checkout"><form>' . double_draw_fields( 'blocks' ) . double_draw_lines() .
					'<button type="button" class="wc-block-components-checkout-place-order-button wp-element-button">Realizar el pedido</button></form></div>';
			},
		)
	);
	// The confirmation template of block themes is made of these three.
	register_block_type(
		'woocommerce/order-confirmation-status',
		array(
			'render_callback' => function () {
				return double_confirmation(
					function ( $order ) {
						do_action( 'woocommerce_before_thankyou', $order->get_id() );
						echo '<p>Gracias. Hemos recibido tu pedido n.º ', esc_html( $order->get_order_number() ), '.</p>';
					},
					'<p>Gracias. Hemos recibido tu pedido.</p>'
				);
			},
		)
	);
	register_block_type(
		'woocommerce/order-confirmation-totals',
		array(
			'render_callback' => function () {
				return double_confirmation( function ( $order ) { echo double_draw_order( $order ); }, '' ); // phpcs:ignore
			},
		)
	);
	register_block_type(
		'woocommerce/order-confirmation-additional-information',
		array(
			'render_callback' => function () {
				return double_confirmation(
					function ( $order ) {
						do_action( 'woocommerce_thankyou_' . $order->get_payment_method(), $order->get_id() );
						do_action( 'woocommerce_thankyou', $order->get_id() );
					},
					''
				);
			},
		)
	);
}

function double_confirmation( $draw, $else ) {
	global $wp;
	$order = isset( $wp->query_vars['order-received'] ) ? wc_get_order( $wp->query_vars['order-received'] ) : false;
	if ( ! double_may_see_order( $order, isset( $_GET['key'] ) ? wp_unslash( $_GET['key'] ) : '' ) ) {
		return $else;
	}
	ob_start();
	$draw( $order );
	return '<div class="wp-block-woocommerce-order-confirmation">' . ob_get_clean() . '</div>';
}

/** Block themes show the thank-you page through a template of its own, not through the page's content. */
add_filter(
	'page_template_hierarchy',
	function ( $templates ) {
		if ( function_exists( 'wp_is_block_theme' ) && wp_is_block_theme() && is_order_received_page() ) {
			array_unshift( $templates, 'order-confirmation' );
		}
		return $templates;
	}
);
add_filter(
	'get_block_templates',
	function ( $found, $query, $type ) {
		$slugs = isset( $query['slug__in'] ) ? $query['slug__in'] : array();
		if ( 'wp_template' === $type && in_array( 'order-confirmation', $slugs, true ) ) {
			$made                 = new WP_Block_Template();
			$made->id             = 'woocommerce/woocommerce//order-confirmation';
			$made->theme          = get_stylesheet();
			$made->slug           = 'order-confirmation';
			$made->type           = 'wp_template';
			$made->source         = 'plugin';
			$made->status         = 'publish';
			$made->has_theme_file = false;
			$made->is_custom      = false;
			$made->title          = 'Order confirmation';
			$made->content        = _inject_theme_attribute_in_block_template_content(
				'<!-- wp:template-part {"slug":"header","tagName":"header"} /-->' .
				'<!-- wp:group {"tagName":"main","layout":{"type":"constrained"}} --><main class="wp-block-group">' .
				'<!-- wp:woocommerce/order-confirmation-status /--><!-- wp:woocommerce/order-confirmation-totals /-->' .
				'<!-- wp:woocommerce/order-confirmation-additional-information /--></main><!-- /wp:group -->' .
				'<!-- wp:template-part {"slug":"footer","tagName":"footer"} /-->'
			);
			array_unshift( $found, $made );
		}
		return $found;
	},
	10,
	3
);

/** Just enough looks for a picture. */
add_action(
	'wp_enqueue_scripts',
	function () {
		wp_register_style( 'double-shop', false, array(), WC_VERSION );
		wp_enqueue_style( 'double-shop' );
		wp_add_inline_style(
			'double-shop',
			'.shop_table{width:100%;border-collapse:collapse;margin:1rem 0}.shop_table td,.shop_table th{padding:.6rem;border-bottom:1px solid #ccc;text-align:left}
			.woocommerce form p,.wp-block-woocommerce-checkout form p{margin:.6rem 0}.woocommerce label,.wp-block-woocommerce-checkout label{display:block;font-size:.9rem}
			form input[type=text]{width:100%;max-width:26rem;padding:.5rem;border:1px solid #888;border-radius:4px;font:inherit}
			form input[type=radio]{margin-right:.5rem}form .shop_table{max-width:30rem}.woocommerce-checkout .shop_table{table-layout:fixed}'
		);
	}
);
