<?php
/**
 * The shop's timed jobs, which carry WooCommerce's webhooks.
 *
 * @package Mostrador
 */

defined( 'ABSPATH' ) || exit;

/**
 * WordPress runs its jobs when somebody visits; a stopped cron means that the server hears nothing.
 */
final class Mostrador_Cron {

	const OPTION = 'mostrador_cron_ran_at';

	/** A job is late when it should have run so long ago (seconds). */
	const LATE = 600;

	/** More waiting jobs than this are not counted. */
	const MOST = 1000;

	public static function register() {
		add_action( 'init', array( __CLASS__, 'remember' ) );
	}

	/** Every run is proof that the cron lives; written down at most every five minutes. */
	public static function remember() {
		if ( wp_doing_cron() && time() - (int) get_option( self::OPTION, 0 ) > 300 ) {
			update_option( self::OPTION, time(), false );
		}
	}

	/**
	 * @return array{disabled:bool,last_run_gmt:string|null,overdue:int,pending:int}
	 */
	public static function describe() {
		$ran_at = max( (int) get_option( self::OPTION, 0 ), self::last_action_at() );
		return array(
			'disabled'     => defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON,
			'last_run_gmt' => $ran_at > 0 ? gmdate( 'Y-m-d\TH:i:s', $ran_at ) : null,
			'overdue'      => self::count_late_events() + self::count_actions( true ),
			'pending'      => self::count_actions( false ),
		);
	}

	private static function count_late_events() {
		$late  = 0;
		$array = function_exists( '_get_cron_array' ) ? _get_cron_array() : array();
		foreach ( is_array( $array ) ? $array : array() as $due_at => $hooks ) {
			if ( (int) $due_at < time() - self::LATE && is_array( $hooks ) ) {
				$late += array_sum( array_map( 'count', array_filter( $hooks, 'is_array' ) ) );
			}
		}
		return $late;
	}

	private static function count_actions( $late ) {
		$wanted = array(
			'status'   => 'pending',
			'per_page' => self::MOST,
		);
		if ( $late ) {
			$wanted['date']         = gmdate( 'Y-m-d H:i:s', time() - self::LATE );
			$wanted['date_compare'] = '<=';
		}
		return count( self::ask( $wanted ) );
	}

	private static function last_action_at() {
		$done = self::ask(
			array(
				'status'   => 'complete',
				'orderby'  => 'date',
				'order'    => 'DESC',
				'per_page' => 1,
			)
		);
		if ( ! $done || ! class_exists( 'ActionScheduler' ) ) {
			return 0;
		}
		try {
			return (int) ActionScheduler::store()->get_date( reset( $done ) )->getTimestamp();
		} catch ( Throwable $e ) {
			return 0;
		}
	}

	private static function ask( array $wanted ) {
		if ( ! function_exists( 'as_get_scheduled_actions' ) ) {
			return array();
		}
		try {
			return (array) as_get_scheduled_actions( $wanted, 'ids' );
		} catch ( Throwable $e ) {
			return array();
		}
	}
}
