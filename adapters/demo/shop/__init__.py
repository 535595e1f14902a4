"""A small ceramics shop in a process of its own: what the demo connects, and what tests buy in.

It knows Mostrador only by a signature (`adapters.demo.sign`, `sign_proof`), an address to deliver to and a
script tag. Start reading at ``README.md``, then ``__main__``.
"""
