<?php
// All that is kept in the database, for a comparison of before and after.
global $wpdb;
$names = array();
foreach ( $wpdb->get_results( "SELECT option_name, option_value FROM {$wpdb->options} WHERE option_name NOT LIKE '%transient%'" ) as $row ) {
	$names[ $row->option_name ] = $row->option_value;
}
return array(
	'options' => $names,
	'user'    => $wpdb->get_col( "SELECT CONCAT(user_id, ' ', meta_key) FROM {$wpdb->usermeta} WHERE meta_key <> 'session_tokens' ORDER BY 1" ),
	'post'    => $wpdb->get_col( "SELECT CONCAT(post_id, ' ', meta_key) FROM {$wpdb->postmeta} ORDER BY 1" ),
	'cron'    => array_values( array_unique( array_merge( ...array_map( 'array_keys', array_values( _get_cron_array() ) ) ) ) ),
	'tables'  => $wpdb->get_col( 'SHOW TABLES' ),
	'orders'  => array_map( function ( $order ) { return array_column( $order->get_meta_data(), 'key' ); }, wc_get_orders( array( 'limit' => -1 ) ) ),
	'hooks'   => $wpdb->get_col( "SELECT delivery_url FROM {$wpdb->prefix}wc_webhooks" ),
);
