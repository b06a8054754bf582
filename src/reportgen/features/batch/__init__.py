"""Takes many reports through the flow at once: on one machine or on a cluster.

`tasks` is what is done for one report, as a function of a value that another process, or another
machine, can take; how many of them are done at once is the business of `flow/parallel`. `cluster`
has the workers of a Dask cluster for it, `environment` compares what they build with.
`repositories` are those that the reports of many units stand in.
"""
