/**
 * When the counter opens: how much is in the basket, asked of the shop itself and told to the widget's element. It helps to
 * choose answers and proves nothing. Listens to nothing of the page, keeps nothing.
 */
( function () {
	'use strict';

	var script = document.currentScript;
	var address = script && script.dataset.cart;
	if ( ! address || ! window.fetch ) {
		return;
	}

	/** "12580000" with two minor digits is "125800.00". */
	function readAmount( digits, minor ) {
		if ( ! /^\d{1,15}$/.test( digits ) || ! ( minor >= 0 && minor <= 4 ) ) {
			return '';
		}
		var padded = digits.padStart( minor + 1, '0' );
		var whole = padded.slice( 0, padded.length - minor );
		return minor ? whole + '.' + padded.slice( -minor ) : whole;
	}

	function readBasket( cart ) {
		var totals = ( cart && cart.totals ) || {};
		var amount = readAmount( String( totals.total_price ), Number( totals.currency_minor_unit ) );
		var known = cart && cart.items_count > 0 && amount && /^[A-Z]{3}$/.test( totals.currency_code );
		return known ? amount + ' ' + totals.currency_code : '';
	}

	document.addEventListener( 'mostrador:open', function ( event ) {
		var widget = event.target;
		if ( ! widget || widget.localName !== 'mostrador-widget' ) {
			return;
		}
		fetch( address, { credentials: 'same-origin', headers: { Accept: 'application/json' } } )
			.then( function ( answer ) {
				return answer.ok ? answer.json() : null;
			} )
			.then( function ( cart ) {
				var basket = readBasket( cart );
				if ( basket ) {
					widget.setAttribute( 'data-basket', basket );
				} else {
					widget.removeAttribute( 'data-basket' );
				}
			} )
			.catch( function () {
				widget.removeAttribute( 'data-basket' );
			} );
	} );
} )();
