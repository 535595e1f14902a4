"""HTTP and nothing else: no SQL, no platform's name."""
