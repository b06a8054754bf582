"""The nouns: frozen values without I/O, known by every stage and knowing none.

- Numbers: `quantity`, `units`, `numerals`, `indicator`.
- A report on its way: `facts`, `figures`, `disclosed`, `document` (of `inlines`, tables as
  `grid`, its `places`), `edition`, `readback`.
- What is prescribed: `pack`, `rules`, `formula`, `scoring`, `policy`, `personal`, `publication`.
- Where things stand: `source`.
"""
