<?php
/**
 * The server that this copy was built for; `make wordpress-plugin SERVICE=…` writes it, '' when it is asked for later.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

return '';
