"""The site of the public versions: static pages made of finished public files and their records.

`versions` holds what is published. `settings` reads `site.toml`, `record` keeps in `site.json` what
stands on a site, `existing` says whether it may be changed. `collecting` finds in folders of builds
what comes to it, `withdrawal` takes off what must not stay, `outdated` tells builds that are older
than their data. `pages` plans the pages one by one as `planning` says, `report_page` that of a
report, with its text by `fragments`; `search` makes the index that the page of the search asks, of
the words that `search_words` finds in texts. A version has a dataset: `public_figures` takes from
its record what is printed, `recomputation` says how it is worked out, `datasets` writes it, many at
once by `built_datasets`, and `linked_data` tells machines of it. `feeds` tells of what was
published and corrected, `site_map` search engines of all pages. `making` takes all of it through a
run, and puts it in its place in one step, `changes` says what a run is asked and did; `serving`
hands it out on loopback to look at.

`page_proof` searches all that is made for what is withheld, but for what `proven_before` knows:
`report_secrets` reads that from the records of builds, `searched_page` opens the files, `own_texts`
are what may stand anyway; `index_proof` holds the words of the search to what is public,
`dataset_proof` the numbers of a dataset to what is printed.

`corrections` reads signed notices and says which version each explains; `older_pages` shows them,
and says of the versions before that they hold no more.
"""
