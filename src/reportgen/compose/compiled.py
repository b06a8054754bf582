"""Keeps compiled templates as long as their texts stay the same: a preview renders them often."""

from __future__ import annotations

from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache

MOST = 5_000
"""How many are kept: a report has some hundred, and lines that move make new ones."""


class Compiled(BytecodeCache):
    """The code of each template, by its path, with the checksum of the text it came from.

    The code must hold nothing of the environment that compiled it.
    """

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give `bucket` the code of its text, if that was compiled before."""
        checksum, code = self.kept.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code of `bucket` in place of that of an earlier text."""
        if len(self.kept) >= MOST:
            self.kept.clear()
        if bucket.code is not None:
            self.kept[bucket.key] = (bucket.checksum, bucket.code)


COMPILED = Compiled()
"""What this process has compiled."""
