"""What the commands that serve pages on loopback have in common: a port, and saying where it is."""

from __future__ import annotations

import socket

import typer

from reportgen.cli.options import Lang
from reportgen.cli.output import print_aside
from reportgen.project.loopback import address, listen

_TAKEN = {
    "zh": "端口 {port} 及其后几个都被占用，用 --port 换一个",
    "en": "port {port} and those after it are taken: name another with --port",
}


def open_port(port: int, lang: Lang, saying: dict[str, str]) -> socket.socket:
    """Return a socket at `port` or after it, and print its address, or exit with 2."""
    try:
        listening = listen(port)
    except OSError:
        print_aside(_TAKEN[lang.value].format(port=port))
        raise typer.Exit(2) from None
    print(saying[lang.value].format(url=address(listening)), flush=True)
    return listening
