"""The site of the public versions: static pages made of finished public files and their records.

`versions` holds what is published.
"""
