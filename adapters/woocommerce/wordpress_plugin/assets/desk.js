/** Presses the button of the page that leads to the desk; without scripts the merchant does. */
( function () {
	'use strict';

	var form = document.getElementById( 'mostrador-desk' );
	if ( form ) {
		form.submit();
	}
} )();
