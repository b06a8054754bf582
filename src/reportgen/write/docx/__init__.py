"""The Word file: a frame made in Word, filled by docxtpl, and the body written into it.

In comes a `Document` and the frame of its edition, out come the bytes of a .docx, the same
for the same input. Pages, styles and footers are the frame's, every word is the Document's.

`frame` is filled, `section` its pages, `styles` what it must hold; `body` goes through the
`blocks`, made of `text`, `table` and `picture`; `package` zips it all.
"""

from __future__ import annotations

from reportgen.model.document import Document
from reportgen.model.edition import Edition
from reportgen.write.docx.body import write_body, write_title
from reportgen.write.docx.frame import BODY, MAIN, SECTION, TITLE, FrameError, fill
from reportgen.write.docx.package import assemble
from reportgen.write.docx.text import Pen

__all__ = ["FrameError", "write_docx"]


def write_docx(document: Document, edition: Edition) -> bytes:
    """Return `document` as a Word file.

    Raises `FrameError` when the frame is unfit, `GridError` when a table's spans do not fit,
    `ValueError` for a character that XML cannot hold.
    """
    frame = fill(edition.frame, document)
    explained = edition.comments and document.audience != "public"
    pen = Pen(frame.styles, document.notes if explained else {}, edition.drawings)
    content, section = write_body(document, pen, frame.upright, frame.turned)
    main = frame.main.replace(TITLE, write_title(document, pen))
    main = main.replace(SECTION, section).replace(BODY, content)
    return assemble({**frame.members, MAIN: main.encode()}, document, pen)
