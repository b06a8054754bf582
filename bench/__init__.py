"""Measurements as ratios: each writer against the engine below it, the report against others.

`python -m bench` from the root of the repository. Whatever is compared takes turns in the same
run, so that a busy machine slows both; times are medians. `sides` holds what makes a document
(ours and the bare engines), `writers` and `reports` are the two parts.
"""
