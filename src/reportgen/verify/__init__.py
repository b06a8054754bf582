"""Verify: read finished files back with independent readers and compare with the Document."""
