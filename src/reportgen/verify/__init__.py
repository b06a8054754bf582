"""Verify: read finished files back with independent readers and compare with the Document.

In the order in which to read:

- `outputs` verifies the files of a report: reads each from when it is written, compares,
  searches. `opened` is a file that is parsed once for all of that.
- Readers, which share no code with the writers and give a `readback`: `docx`, `filled` for Word
  forms, `html`, `pdf` with its structure in `pdf_tree`.
- `expected` is what they must find, `frame_texts` what a Word frame says besides; `comparison` says
  what differs.
- `self_contained`: what a file of any audience would load, run or hold from elsewhere.
- `proof` says what is to be proven: what no file may hold. `spellings` are the words and codes,
  `amounts` the numbers of what is kept back, `written_amounts` the digits that these may have;
  `proof_record` keeps what a proof is made of, `number_index` numbers for many proofs.
- `search` looks for it in every `part` of a file (`package`, `markup`, `pdf_parts`): `leaks`,
  with the readers of `language/`, and the `hidden_content` of public files.
"""
