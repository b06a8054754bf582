"""Verify: read finished files back with independent readers and compare with the Document.

- Readers: `docx`, `html`, `pdf`, with `tags`, `captions` and `stream`; `expected` is what they
  must find, `agree` compares, `outputs` does it for a report.
- The proof: `proof` searches every `part` that `parts` gives (`package`, `markup`, `pdf_parts`,
  `pictures`) for `leaks`: `spellings` of words, `amounts` against the `numbers` that are read;
  then for `patterns` of persons' numbers and what may not be `inside`.
"""
