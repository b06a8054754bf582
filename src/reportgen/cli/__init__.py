"""The command `reportgen`: the only package that prints, exits or reads the environment.

Read in this order. `options` says what a command is and takes, and holds the options that several
share; `commands` is the table of all commands, `drafting_commands` its first part and
`review_commands` that on many reports; `parser` makes typer's commands of it, with their pages;
`usage_errors` tells misuse in two languages. These import nothing of the stages, the flow or the
features, so that help, completion and misuse answer at once.

What a command does stands in the handlers, imported when it runs: `build` and `reports` (check,
list, todo), both by `batch` for many reports at once; `explain` (explain, codes), `past` (rebuild,
verify), `diff`, `drafting` (fmt, new-year, init, numbers), `spreadsheet` (import, export), `audit`,
`adopt`, `preview`, `packs` (new-pack, check-pack, schema; start, update-packs, git-setup,
merge-driver), `site`, `overview`, `doctor`; `output` prints for all, and says what packages a
command lacks; `waiting` shows that something happens, `serving` opens the ports of `preview` and
`site`. `complete` is imported when Tab is pressed.
"""

from __future__ import annotations

import codecs
import gc
import io
import os
import sys

GARBAGE_THRESHOLD = 500_000
"""How many objects more there are before cycles among them are looked for (Python: 700).

Nearly all that a command makes it keeps until it ends, so that looking often finds nothing and
costs a tenth of its time: a build of three formats makes 150,000 objects, and one look at them
takes 40 ms. A preview, which runs for hours, still frees what it dropped.
"""


def run() -> None:
    """Run the command; a fault of the program is one line and exit code 2, never a traceback."""
    gc.set_threshold(GARBAGE_THRESHOLD)  # before the first import that counts
    import typer  # noqa: PLC0415

    from reportgen.cli.parser import command_group, load  # noqa: PLC0415
    from reportgen.cli.usage_errors import print_usage_error  # noqa: PLC0415

    _print_every_character()
    try:
        code = command_group().main(prog_name="reportgen", standalone_mode=False)
        sys.stdout.flush()  # what cannot be printed is told here, not when the process ends
    except KeyboardInterrupt:
        code = 130
    except typer.TyperException as error:
        print_usage_error(error)
        code = error.exit_code
    except OSError as error:
        if "REPORTGEN_DEBUG" in os.environ:
            raise
        code = load("output:print_refusal")(error)
    except Exception as error:
        if "_REPORTGEN_COMPLETE" in os.environ:  # Tab was pressed: nothing to offer or to say
            raise SystemExit(1) from None
        if "REPORTGEN_DEBUG" in os.environ:
            raise
        code = load("output:print_failure")(error)
    gc.freeze()  # the process ends: its memory goes back at once, without a search for cycles
    raise SystemExit(code or 0)


def _print_every_character() -> None:
    """Let a terminal of few characters (GBK, ASCII) print those that it lacks as JSON does."""
    codecs.register_error("escape_as_json", _escaped)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="escape_as_json")


def _escaped(error: UnicodeError) -> tuple[str, int]:
    r"""Return what a stream cannot print as \u2713, in two halves beyond \uffff; where it ends."""
    assert isinstance(error, UnicodeEncodeError)
    halves = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex(" ", 2)
    return "".join(f"\\u{half}" for half in halves.split()), error.end
