"""Check: what must agree with what, and what a pack demands of the facts."""
