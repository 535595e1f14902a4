"""Measures the promises of speed: `python -m bench`. Start reading in `__main__`."""
