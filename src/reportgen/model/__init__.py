"""Model: the values that every stage knows, frozen and without I/O; they know no stage.

In this order:

- How their classes are made: `frozen`.
- Where things stand: `source`.
- Numbers: `units`, `quantity`.
- The `limits` of everything that is read, worked out or written, each a `limit`.
- A report on its way: `figures` (typed facts, what people stand for, the ledger), `disclosed`,
  `document` with the `grid` of its tables, the `word_form` that it may be, its `locations` and
  `rewrite` for changes of its words, `edition`.
- What is prescribed: `rules`, `scoring`, `pack`, `policy`, `publication`.
- What others wrote, as it was read: `reading`.
"""
