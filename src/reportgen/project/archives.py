"""What is raised for a zip archive that is damaged, or packed as Python cannot read it."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

DAMAGED_ARCHIVE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(EOFError, OSError, RuntimeError),
)
"""What `zipfile` raises: each packer has its own errors, bzip2 OSError, and RuntimeError (with
NotImplementedError) stands for passwords and for what the module does not know."""
