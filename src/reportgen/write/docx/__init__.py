"""The Word file: a frame made in Word, filled by docxtpl, and the body written into it.

In comes a `Document` and the frame of its edition, out come the bytes of a .docx, the same
for the same input. Pages, styles and footers are the frame's, every word is the Document's.

`frame` is filled, `section` reads its pages; `body` goes through the `blocks`, made of `text`
in its styles, `table` and `picture`; `package` zips it all.
"""

from __future__ import annotations

from reportgen.model.document import Document
from reportgen.model.edition import Edition
from reportgen.write.docx.body import write_body, write_title
from reportgen.write.docx.frame import BODY, SECTION, TITLE, fill
from reportgen.write.docx.package import assemble
from reportgen.write.docx.text import DocxBuilder

__all__ = ["write_docx"]


def write_docx(document: Document, edition: Edition) -> bytes:
    """Return `document` as a Word file.

    Raises `FrameError` when the frame is unfit, `GridError` when a table's spans do not fit,
    `UnwritableCharacterError` for a character that XML cannot hold.
    """
    frame = fill(edition.frame, document)
    explained = edition.comments and document.audience != "public"
    builder = DocxBuilder(frame.styles, document.notes if explained else {}, edition.drawings)
    body, section = write_body(document, builder, frame.portrait, frame.landscape)
    main = frame.main.replace(TITLE, write_title(document, builder))
    main = main.replace(SECTION, section).replace(BODY, body)
    return assemble(frame, main, document, builder)
