<?php
/**
 * Plugin Name: Mostrador – chat, FAQ and order tracking for WooCommerce
 * Description: Puts the counter of your shop on every page of the purchase: answers, a chat with your people, and where the order is. Connects to a Mostrador server.
 * Version: @VERSION@
 * Requires at least: 6.1
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 7.0
 * WC tested up to: 11.0
 * Author: The Mostrador authors
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain: mostrador
 * Domain Path: /languages
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

define( 'MOSTRADOR_VERSION', '@VERSION@' );
define( 'MOSTRADOR_FILE', __FILE__ );

foreach ( array( 'language', 'address', 'connection', 'choices', 'token', 'page', 'proof', 'loader', 'help-link', 'lease', 'core-mails', 'carriers', 'parcels', 'parcel-box', 'webhooks', 'neighbours', 'cron', 'status', 'routes', 'screen', 'screen-forms', 'desk-door', 'privacy', 'plugin' ) as $mostrador_part ) {
	require_once __DIR__ . '/includes/' . $mostrador_part . '.php';
}
unset( $mostrador_part );

Mostrador_Plugin::start();
