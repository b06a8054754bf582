"""The live preview: serves pages of drafts on loopback and tells browsers when they change.

`watch` hears of saved files, `desk` keeps what is shown of each report and drafts it anew,
`drafting` drafts, `page` puts findings (`told`, in `words` of two languages, at the element that
`placing` finds) and editor `links` into the page, `app` answers requests, `server` listens.
"""
