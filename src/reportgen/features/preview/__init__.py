"""The live preview: serves pages of drafts on loopback and tells browsers when they change.

Read `sessions` first: it keeps the state of each report and drafts it anew. `page` makes pages of
what comes out: it puts findings, in `words` of two languages, at the elements that they concern,
with `links` that open an editor. `app` answers requests, hears of saved files and listens.
"""
