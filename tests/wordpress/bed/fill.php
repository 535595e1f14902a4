<?php
// Run once in WordPress' own context with the double active: pages, products and people of the shop.
double_install();
$made = array();
foreach (
	array(
		'shop'             => array( 'Tienda', '' ),
		'cart'             => array( 'Carrito', '[woocommerce_cart]' ),
		'checkout'         => array( 'Finalizar compra', '[woocommerce_checkout]' ),
		'myaccount'        => array( 'Mi cuenta', '[woocommerce_my_account]' ),
		'home'             => array( 'Inicio', '<p>Cerámica hecha a mano.</p>' ),
		'about'            => array( 'Nosotros', '<p>Un taller en Bogotá.</p>' ),
	) as $name => $page
) {
	$made[ $name ] = wp_insert_post(
		array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => $page[0], 'post_name' => $name, 'post_content' => $page[1], 'post_author' => 1 )
	);
	if ( in_array( $name, array( 'shop', 'cart', 'checkout', 'myaccount' ), true ) ) {
		update_option( 'woocommerce_' . $name . '_page_id', $made[ $name ] );
	}
}
update_option( 'show_on_front', 'page' );
update_option( 'page_on_front', $made['home'] );
$term = wp_insert_term( 'Tazas', 'product_cat', array( 'slug' => 'tazas' ) );
$made['product'] = wp_insert_post(
	array( 'post_type' => 'product', 'post_status' => 'publish', 'post_title' => 'Taza Sol', 'post_name' => 'taza-sol', 'post_content' => 'Cerámica esmaltada.', 'post_author' => 1 )
);
update_post_meta( $made['product'], '_price', '62900' );
wp_set_object_terms( $made['product'], array( $term['term_id'] ), 'product_cat' );
foreach ( array( 'maria' => 'shop_manager', 'clara' => 'customer', 'diego' => 'customer' ) as $name => $role ) {
	$made[ $name ] = wp_insert_user( array( 'user_login' => $name, 'user_pass' => $name . '-password', 'user_email' => $name . '@example.com', 'display_name' => ucfirst( $name ), 'role' => $role ) );
}
flush_rewrite_rules( false );
foreach ( array( 1, 2, 3 ) as $example ) {
	wp_delete_post( $example, true ); // WordPress' own examples.
}
delete_option( 'fresh_site' );
return $made;
