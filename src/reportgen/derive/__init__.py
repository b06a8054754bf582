"""Derive: work out every figure of a report from its facts by the rules of its pack."""
