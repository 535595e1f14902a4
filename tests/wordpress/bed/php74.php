<?php
// Prints, as JSON, what in the named files came after PHP 7.4, found in the tokens of the source.
$newer = array( 'T_MATCH', 'T_ENUM', 'T_READONLY', 'T_NULLSAFE_OBJECT_OPERATOR', 'T_ATTRIBUTE' );
$functions = array( 'str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'get_resource_id', 'fdiv', 'array_is_list',
    'array_find', 'array_find_key', 'array_any', 'array_all', 'json_validate', 'mb_str_pad', 'mb_trim', 'str_increment', 'fsync', 'preg_last_error_msg',
    'enum_exists', 'ini_parse_quantity', 'mb_ucfirst', 'mb_lcfirst', 'iterator_apply_all' );
$types = array( 'mixed', 'never', 'null', 'false', 'true' );
$faults = array();
foreach ( array_slice( $argv, 1 ) as $file ) {
    $all = array();
    foreach ( token_get_all( file_get_contents( $file ) ) as $one ) {
        if ( ! is_array( $one ) || ! in_array( $one[0], array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ), true ) ) {
            $all[] = is_array( $one ) ? array( token_name( $one[0] ), $one[1], $one[2] ) : array( $one, $one, 0 );
        }
    }
    $line = 0;
    $heads = array();
    foreach ( $all as $at => $one ) {
        $line = $one[2] ? $one[2] : $line;
        $next = isset( $all[ $at + 1 ] ) ? $all[ $at + 1 ] : array( '', '', 0 );
        $last = $at ? $all[ $at - 1 ] : array( '', '', 0 );
        $after = isset( $all[ $at + 2 ] ) ? $all[ $at + 2 ] : array( '', '', 0 );
        $say = function ( $words ) use ( &$faults, $file, &$line ) { $faults[] = basename( $file ) . ":$line: $words"; };
        if ( in_array( $one[0], $newer, true ) ) { $say( $one[1] ); }
        if ( 'T_STRING' === $one[0] && '(' === $next[1] && in_array( strtolower( $one[1] ), $functions, true )
            && ! in_array( $last[0], array( 'T_OBJECT_OPERATOR', 'T_DOUBLE_COLON', 'T_FUNCTION' ), true ) ) { $say( $one[1] . '()' ); }
        // A named argument: `f( name: $x )`, but neither `? a : b` nor `case A:`.
        if ( 'T_STRING' === $one[0] && ':' === $next[1] && in_array( $last[1], array( '(', ',' ), true ) ) { $say( 'argument ' . $one[1] . ':' ); }
        // A catch without a variable.
        if ( ')' === $one[1] && 'T_STRING' === $last[0] && isset( $all[ $at - 3 ] ) && 'T_CATCH' === $all[ $at - 3 ][0] ) { $say( 'catch without a variable' ); }
        // Union types and new type names, in parameters, results and properties.
        if ( 'T_VARIABLE' === $one[0] && in_array( strtolower( $last[1] ), $types, true ) ) { $say( 'type ' . $last[1] ); }
        if ( 'T_VARIABLE' === $one[0] && $at > 2 && '|' === $all[ $at - 2 ][1] && 'T_STRING' === $last[0] && in_array( $all[ $at - 3 ][0], array( 'T_STRING', 'T_ARRAY' ), true )
            && ( $at < 5 || 'T_CATCH' !== $all[ $at - 5 ][0] ) ) { $say( 'union type' ); }
        if ( ':' === $one[1] && ')' === $last[1] && ( in_array( strtolower( $next[1] ), array( 'mixed', 'never', 'static' ), true ) || '|' === $after[1] ) && '{' !== $next[1] ) { $say( 'result type' ); }
        // Promoted properties: a visibility right after ( or , in a list of parameters.
        if ( in_array( $one[0], array( 'T_PUBLIC', 'T_PRIVATE', 'T_PROTECTED' ), true ) && in_array( $last[1], array( '(', ',' ), true ) ) { $say( 'promoted property' ); }
        // `throw` as an expression, first-class callables, trailing commas in parameters.
        if ( 'T_THROW' === $one[0] && ! in_array( $last[1], array( ';', '{', '}', ')', ':', '' ), true ) ) { $say( 'throw as an expression' ); }
        if ( 'T_ELLIPSIS' === $one[0] && '(' === $last[1] && ')' === $next[1] ) { $say( 'first-class callable' ); }
        if ( 'T_FUNCTION' === $one[0] || 'T_FN' === $one[0] ) { $heads[] = $at; }
    }
    foreach ( $heads as $at ) {
        $depth = 0;
        for ( $to = $at; $to < count( $all ); $to++ ) {
            $depth += '(' === $all[ $to ][1] ? 1 : 0;
            if ( ')' === $all[ $to ][1] && 0 === --$depth ) {
                if ( ',' === $all[ $to - 1 ][1] ) { $faults[] = basename( $file ) . ': trailing comma in parameters'; }
                break;
            }
        }
    }
}
echo json_encode( $faults );
