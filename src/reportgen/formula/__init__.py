"""The expression language of rules: parsed and walked, never `eval`ed (design D3).

Metrics (derive) and relations (check) are written in it, so it belongs to neither stage.
"""
