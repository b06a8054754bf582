"""What may be wrong with a page in a browser, measured by the browser itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pagecheck.breaks import MOST_LINES
from pagecheck.examined import Fault

WIDTHS = (390, 1280)
"""A phone and a desk, in CSS pixels."""

MEASURE = """most => {
  const found = [];
  const say = (kind, text, measure) => found.push([kind, text.slice(0, 24), measure || ""]);
  const article = document.querySelector("article, main") || document.body;
  const isTurned = element => element
    && (getComputedStyle(element).page === "landscape" || isTurned(element.parentElement));
  const unseen = "[role=tooltip], .unseen, script, style, template, svg";
  const blocks = "p, h1, h2, h3, h4, h5, h6, li, td, th, caption, figcaption, dt, dd, summary, div";
  const page = document.documentElement;
  if (page.scrollWidth > innerWidth)
    say("sideways", document.title, page.scrollWidth - innerWidth + " px");

  // The characters of each block that one sees, each with the line that it stands on.
  const held = new Map();
  const texts = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest(unseen) || !parent.checkVisibility()) continue;
    const block = parent.closest(blocks);
    if (block) held.set(block, [...(held.get(block) || []), node]);
  }
  const range = document.createRange();
  for (const [block, nodes] of held) {
    if (!getComputedStyle(block).writingMode.startsWith("horizontal")) continue;
    const glyphs = [];
    for (const node of nodes)
      for (let index = 0; index < node.data.length; index++) {
        if (/\\s/.test(node.data[index])) continue;
        range.setStart(node, index);
        range.setEnd(node, index + 1);
        const box = range.getBoundingClientRect();
        if (box.width) glyphs.push({ text: node.data[index], box });
      }
    const lines = [];
    for (const glyph of glyphs) {
      const line = lines.at(-1);
      const middle = (glyph.box.top + glyph.box.bottom) / 2;
      if (line && middle < line.bottom && middle > line.top) line.text += glyph.text;
      else lines.push({ text: glyph.text, top: glyph.box.top, bottom: glyph.box.bottom,
                        broken: glyph.box });
      lines.at(-1).right = glyph.box.right;
    }
    const outer = block.getBoundingClientRect();
    const inner = outer.right - parseFloat(getComputedStyle(block).paddingRight);
    lines.forEach((line, index) => {
      const next = lines[index + 1];
      line.full = next && inner - line.right < next.broken.width + 1.5;
      if (!line.full) return;
      const both = line.text.slice(-8) + "/" + next.text.slice(0, 6);
      if (/\\d[.,]?\\/[.,]?[\\d%％‰]/.test(both)) say("figure-cut", both);
      if (block.closest("td, th") && /[万亿]\\/元|个\\/百分点|百\\/分点|百分\\/点/.test(both))
        say("unit-parted", both);
    });
    const cell = block.closest("td, th");
    if (cell) {
      const empty = [cell.previousElementSibling, cell.nextElementSibling]
        .some(each => each && each.checkVisibility() && !each.textContent.trim());
      let run = 1, longest = 1;
      for (const line of lines) {
        run = line.full ? run + 1 : 1;
        longest = Math.max(longest, run);
      }
      const upright = lines.every(line => [...line.text].length < 2);
      // A wide form is printed on a page that is turned, which a window is not.
      const turned = matchMedia("print").matches && isTurned(cell);
      if (empty && !turned && !upright && longest > most)
        say("cell-narrow", lines.map(line => line.text).join(""), longest + " lines");
      if (upright && lines.length > 2 && lines[0].full && !block.querySelector("br"))
        say("text-upright", lines.map(line => line.text).join(""), lines.length + " lines");
    }
    const edge = cell ? cell.getBoundingClientRect() : outer;
    const over = glyphs.find(({ box }) => box.right > edge.right + 1.5 || box.left < edge.left - 1.5
      || (cell && (box.bottom > edge.bottom + 3 || box.top < edge.top - 3)));
    if (over) say("text-outside", lines.map(line => line.text).join(""));
    // What scrolls sideways may stand beyond the window; nothing else may.
    const scrolls = element => element && element !== page
      && (["auto", "scroll"].includes(getComputedStyle(element).overflowX)
        || scrolls(element.parentElement));
    const right = Math.max(...glyphs.map(({ box }) => box.right));
    if (right > innerWidth + 1 && !scrolls(block)) say("beyond-window", lines[0].text);
  }
  return found;
}"""

PRINTED = 590
"""The width of the text on paper, 156 mm, in CSS pixels."""


def narrow_in_print(page: Any) -> Iterator[Fault]:  # noqa: ANN401
    """Yield the cells that are too narrow on paper: Chromium's PDF says nothing of empty ones."""
    page.emulate_media(media="print")
    yield from (each for each in measured(page, PRINTED) if each.kind == "cell-narrow")
    page.emulate_media(media="null")


def measured(page: Any, width: int) -> Iterator[Fault]:  # noqa: ANN401
    """Yield what is wrong with the page that a browser shows, in a window of `width` pixels."""
    page.set_viewport_size({"width": width, "height": 844})
    for kind, text, measure in page.evaluate(MEASURE, MOST_LINES):
        yield Fault(kind, 0, text, measure)
