"""reportgen: prescribed performance self-evaluation reports from facts, with proof.

The steps, in the order in which `pipeline.build` takes them:

1. `load`: find the project's files, read YAML with positions, hold it to the schema;
2. `derive`: work out every figure from the facts by the pack's formulas;
3. `check`: compare what must agree, and what the pack prescribes of the facts;
4. `disclose`: leave out what the audience may not see;
5. `compose`: fill the pack's body and forms, giving one `Document`;
6. `write`: turn the Document into Word, web page and PDF, in memory;
7. `verify`: read the finished files back and compare them with the Document;
8. `publish`: move all files of the report into build/ together.

Nouns stand in `model`, findings in `findings`, the language of rules in `formula`; stages do not
know each other. The modules here stand on the stages:

- the flow: `pipeline` with its `job`, what is chosen (`selection`), last year (`yearly`), the
  `record` of what was kept back, the `audit` of what readers (`reader`) can work out, `publish`;
- questions: `explain`, `explain_rules` and `lookup`; `doctor` about the machine;
- the past: `history` in git, `manifests` and `program`, by which `attest` proves a file;
  `scope`, `states` and `diff` compare, `correct` drafts a correction;
- files of people: `packs`, `shapes` and `misspelt` for pack authors, `saving` for whatever is
  written.

Folders beside them: `compare`, `edit`, `sheets`, `preview`, and `cli` above everything.
"""

from __future__ import annotations

__version__ = "0.1.0"
