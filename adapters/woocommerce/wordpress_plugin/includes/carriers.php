<?php
/**
 * Names of carriers to choose from.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * Suggestions only: a carrier is free text. Those of the shop's own country come first.
 */
final class Mostrador_Carriers {

	const OF_COUNTRY = array(
		'AR' => array( 'Andreani', 'Correo Argentino', 'OCA', 'Urbano' ),
		'BO' => array( 'Correos de Bolivia' ),
		'BR' => array( 'Correios', 'Jadlog', 'Loggi', 'Total Express', 'Azul Cargo Express' ),
		'CL' => array( 'Chilexpress', 'Starken', 'Blue Express', 'CorreosChile' ),
		'CO' => array( 'Servientrega', 'Interrapidísimo', 'Coordinadora', 'Envía', 'TCC', 'Deprisa', '4-72', 'Domina' ),
		'CR' => array( 'Correos de Costa Rica' ),
		'EC' => array( 'Servientrega', 'Tramaco', 'Laar Courier', 'Urbano' ),
		'ES' => array( 'Correos', 'Correos Express', 'SEUR', 'MRW', 'GLS', 'Nacex', 'CTT Express' ),
		'GB' => array( 'Royal Mail', 'Evri', 'DPD', 'Parcelforce' ),
		'GT' => array( 'Cargo Expreso', 'Guatex' ),
		'MX' => array( 'Estafeta', 'Paquetexpress', 'Redpack', 'Correos de México', '99minutos', 'J&T Express' ),
		'PA' => array( 'Fletes Chavale', 'Uno Express' ),
		'PE' => array( 'Olva Courier', 'Shalom', 'Serpost', 'Urbano' ),
		'PT' => array( 'CTT', 'CTT Expresso', 'DPD', 'GLS', 'MRW', 'Nacex' ),
		'US' => array( 'USPS', 'UPS', 'FedEx', 'OnTrac' ),
		'UY' => array( 'Correo Uruguayo', 'DAC', 'UES' ),
	);

	const EVERYWHERE = array( 'DHL', 'FedEx', 'UPS' );

	/**
	 * @param string $country ISO 3166 code of the shop's base.
	 * @return string[]
	 */
	public static function suggest( $country ) {
		$near = isset( self::OF_COUNTRY[ $country ] ) ? self::OF_COUNTRY[ $country ] : array();
		$far  = array_merge( ...array_values( self::OF_COUNTRY ) );
		sort( $far, SORT_STRING | SORT_FLAG_CASE );
		return array_values( array_unique( array_merge( $near, self::EVERYWHERE, $far ) ) );
	}
}
