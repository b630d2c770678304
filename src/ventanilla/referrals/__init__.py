"""Protocols between units, referrals sent under them, and the counter-referrals that answer them."""
