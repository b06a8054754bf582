"""What the text of a Word form needs in another file: its styles, lists, pictures and links.

All of it comes under names that are not yet there, so that nothing of the file itself changes. The
defaults of the form, which every file has but once, become a style that the others are based on;
fonts and colours that a theme names become those that it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from hashlib import sha256
from posixpath import basename

from lxml import etree

from reportgen.model.word_form import FilledForm
from reportgen.wordfile.cutting import cleaned
from reportgen.wordfile.package import WordFile
from reportgen.wordfile.part import STRICT, TRANSITIONAL, WordPart
from reportgen.wordfile.tables import attribute, local
from reportgen.write.docx.section import W

_NEW = re.compile(rf"(?!{re.escape(W)})")
"""The name of what is not Word's own."""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_MAIN_RELATIONS = "word/_rels/document.xml.rels"
_NUMBERING = "word/numbering.xml"
_NUMBERING_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
STYLES = "word/styles.xml"
_PURL = {
    STRICT: TRANSITIONAL,
    "http://purl.oclc.org/ooxml/officeDocument/relationships": OFFICE,
    "http://purl.oclc.org/ooxml/officeDocument/math": (
        "http://schemas.openxmlformats.org/officeDocument/2006/math"
    ),
    "http://purl.oclc.org/ooxml/drawingml/": "http://schemas.openxmlformats.org/drawingml/2006/",
}
"""The namespaces of the strict conformance class, and those of the other (ISO/IEC 29500-4)."""
_TO_STYLES = ("pStyle", "rStyle", "tblStyle", "basedOn")
_DROPPED = ("aliases", "next", "link", "autoRedefine", "rsid")
"""What a style of a form says of others that do not come along."""
_PARAGRAPH_ORDER = (
    "keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd"
    " tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN"
    " bidi adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc"
    " textDirection textAlignment textboxTightWrap outlineLvl"
).split()
_RUN_ORDER = (
    "rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof"
    " snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd"
    " fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath"
).split()
"""The order of properties (ISO/IEC 29500-1, A.1: CT_PPrBase, EG_RPrBase)."""
_PARAGRAPH_DEFAULTS = {
    "snapToGrid": {"val": "0"},
    "spacing": {"before": "0", "after": "0", "line": "240", "lineRule": "auto"},
}
"""How paragraphs stand where nothing says so. The lines of a form are set as in its own file: the
grid of the page that it comes to is another."""
_FONT = "Times New Roman"
_RUN_DEFAULTS = {
    "rFonts": {"ascii": _FONT, "hAnsi": _FONT, "eastAsia": _FONT, "cs": _FONT},
    "snapToGrid": {"val": "0"},
    "kern": {"val": "0"},
    "sz": {"val": "20"},
    "szCs": {"val": "20"},
}
_SCRIPTS = {
    "ascii": ("asciiTheme", "latin"),
    "hAnsi": ("hAnsiTheme", "latin"),
    "eastAsia": ("eastAsiaTheme", "ea"),
    "cs": ("cstheme", "cs"),
}
"""What names the font of a script, and what a theme calls such a font."""
_THEMED = re.compile(r"\}(?:\w+Theme|theme\w*|cstheme)\Z")


DEFAULTS = "-defaults"
"""How the id ends of the style that the defaults of a form become."""


def transitional(xml: str) -> str:
    """Return XML with the namespaces of the transitional conformance class."""
    for strict, usual in _PURL.items():
        xml = xml.replace(strict, usual)
    return xml


class ImportedLook:
    """Takes over what forms need into the `parts` and `types` of a file."""

    def __init__(self, parts: Mapping[str, bytes], types: Mapping[str, str]) -> None:
        self.parts = dict(parts)
        self.types = dict(types)
        self._styles: dict[str, dict[str, str]] = {}

    def fonts(self, form: FilledForm) -> ThemeFonts:
        """Return the fonts of the theme of a form."""
        return ThemeFonts(_part(form, "theme"))

    def styles(self, form: FilledForm) -> dict[str, str]:
        """Return the ids that styles of a form have here, by theirs there.

        At "" is that of a paragraph without any, at "table" that of a table.
        """
        if form.path not in self._styles:
            prefix = f"F{len(self._styles) + 1}"
            self._styles[form.path] = self._with_styles(form, prefix)
        return self._styles[form.path]

    def _with_styles(self, form: FilledForm, prefix: str) -> dict[str, str]:
        theirs = _part(form, "styles")
        if theirs is None:
            theirs = etree.fromstring(f'<w:styles xmlns:w="{TRANSITIONAL}"/>')
        fonts = self.fonts(form)
        root = etree.fromstring(self.parts[STYLES])
        ids = {"": f"{prefix}{DEFAULTS}"}
        root.append(_defaults(theirs, fonts, prefix))
        copies: list[etree._Element] = []
        for style in theirs.iter(f"{W}style"):
            identity = style.get(f"{W}styleId", "")
            ids[identity] = f"{prefix}-{identity}"
            copies.append(_own_style(style, prefix, fonts))
            kind = style.get(f"{W}type")
            if style.get(f"{W}default") in {"1", "true", "on"} and kind in {"paragraph", "table"}:
                ids["" if kind == "paragraph" else "table"] = ids[identity]
        root.extend(copies)
        numbers = self.lists(form, _list_numbers(copies), f"{prefix} styles")
        for copy in copies:
            _refer(copy, ids, numbers)
        self.parts[STYLES] = _bytes(root)
        return ids

    def lists(self, form: FilledForm, used: Iterable[str], name: str) -> dict[str, str]:
        """Return the numbers that lists of a form have here, by theirs there.

        Each list starts anew; `name` tells them from those of others.
        """
        theirs = _part(form, "numbering")
        wanted = sorted(set(used) - {"", "0"})
        if theirs is None or not wanted:
            return {}
        root = self._numbering()
        numbers: dict[str, str] = {}
        for number in wanted:
            numbers[number] = _with_list(root, theirs, number, name)
        self.parts[_NUMBERING] = _bytes(root)
        return numbers

    def _numbering(self) -> etree._Element:
        """Return the lists of the file, which gets some if it has none."""
        if _NUMBERING not in self.parts:
            self.parts[_NUMBERING] = f'<w:numbering xmlns:w="{TRANSITIONAL}"/>'.encode()
            self.types[_NUMBERING] = _NUMBERING_TYPE
            self.relate("numbering", "numbering.xml", "rIdNumbering")
        return etree.fromstring(self.parts[_NUMBERING])

    def relation(self, form: FilledForm, identity: str, name: str) -> str:
        """Return the id of what a form refers to by `identity`, empty for what stays there."""
        file = WordFile(dict(form.members))
        for relation in file.relations(form.main):
            if relation.identity == identity and relation.kind in {"image", "hyperlink"}:
                own = f"{name}{identity}"
                target = relation.target
                if not relation.external:
                    target = f"media/{name}-{basename(target)}"
                    self.parts[f"word/{target}"] = form.members[relation.target]
                    self.types[f"word/{target}"] = form.types[relation.target]
                self.relate(relation.kind, target, own, external=relation.external)
                return own
        return ""

    def relate(self, kind: str, target: str, identity: str, *, external: bool = False) -> None:
        """Add a relation of the main part, unless it is there."""
        root = etree.fromstring(self.parts[_MAIN_RELATIONS])
        if any(each.get("Id") == identity for each in root):
            return
        relation = etree.SubElement(root, f"{{{_RELATIONS}}}Relationship")
        relation.set("Id", identity)
        relation.set("Type", f"{OFFICE}/{kind}")
        relation.set("Target", target)
        if external:
            relation.set("TargetMode", "External")
        self.parts[_MAIN_RELATIONS] = _bytes(root)


def _part(form: FilledForm, kind: str) -> etree._Element | None:
    """Return the part of a form that its body refers to as `kind`, None without one.

    Nothing is left in it that no report may publish, nor what only newer programs know.
    """
    for relation in WordFile(dict(form.members)).relations(form.main):
        if relation.kind == kind and relation.target in form.members:
            part = WordPart.read(relation.target, form.members[relation.target])
            return WordPart.of(part.name, transitional(cleaned(part))).root
    return None


def _without_news(root: etree._Element) -> None:
    """Take out what only newer programs know: elements and attributes of other namespaces."""
    for element in list(root.iter(etree.Element)):
        for key in set(filter(_NEW.match, map(str, element.attrib))):
            del element.attrib[key]
        if _NEW.match(element.tag):
            remove(element)


def remove(element: etree._Element) -> None:
    """Take an element out of what holds it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


# Styles


def _own_style(style: etree._Element, prefix: str, fonts: ThemeFonts) -> etree._Element:
    """Return a style of a form under a name of its own; it is none by default."""
    copy = deepcopy(style)
    _without_news(copy)
    copy.attrib.pop(f"{W}default", "")
    copy.set(f"{W}customStyle", "1")
    copy.set(f"{W}styleId", f"{prefix}-{style.get(f'{W}styleId', '')}")
    for name in _DROPPED:
        for element in copy.findall(f"{W}{name}"):
            copy.remove(element)
    label = copy.find(f"{W}name")
    if label is not None:
        label.set(f"{W}val", f"{label.get(f'{W}val', '')} {prefix}")
        if style.get(f"{W}type") == "paragraph" and copy.find(f"{W}basedOn") is None:
            based = etree.Element(f"{W}basedOn")
            based.set(f"{W}val", "")
            label.addnext(based)
    fonts.settle(copy)
    return copy


def _refer(style: etree._Element, ids: Mapping[str, str], numbers: Mapping[str, str]) -> None:
    """Let a style refer to styles and lists by the names that they have here."""
    for reference in style.iter(*(f"{W}{name}" for name in _TO_STYLES)):
        theirs = reference.get(f"{W}val", "")
        own = ids.get(theirs, "")
        if not theirs:
            own = f"{style.get(f'{W}styleId', '').partition('-')[0]}{DEFAULTS}"
        reference.set(f"{W}val", own)
    for number in style.iter(f"{W}numId"):
        number.set(f"{W}val", numbers.get(number.get(f"{W}val", ""), "0"))


def _list_numbers(styles: Iterable[etree._Element]) -> Iterator[str]:
    for style in styles:
        for number in style.iter(f"{W}numId"):
            yield number.get(f"{W}val", "")


def _defaults(styles: etree._Element, fonts: ThemeFonts, prefix: str) -> etree._Element:
    """Return the defaults of a form as a style."""
    style = etree.Element(f"{W}style", nsmap={"w": TRANSITIONAL})
    style.set(f"{W}type", "paragraph")
    style.set(f"{W}customStyle", "1")
    style.set(f"{W}styleId", f"{prefix}{DEFAULTS}")
    etree.SubElement(style, f"{W}name").set(f"{W}val", f"defaults {prefix}")
    for name, least in (("pPr", _PARAGRAPH_DEFAULTS), ("rPr", _RUN_DEFAULTS)):
        stated = styles.find(f"{W}docDefaults/{W}{name}Default/{W}{name}")
        style.append(_completed(name, stated, least, fonts))
    return style


def _completed(
    name: str,
    stated: etree._Element | None,
    least: Mapping[str, Mapping[str, str]],
    fonts: ThemeFonts,
) -> etree._Element:
    """Return properties with those that hold where nothing is stated, in their order."""
    properties = etree.Element(f"{W}{name}") if stated is None else deepcopy(stated)
    _without_news(properties)
    fonts.settle(properties)
    for each, values in least.items():
        element = properties.find(f"{W}{each}")
        if element is None:
            element = etree.SubElement(properties, f"{W}{each}")
        if each == "snapToGrid":
            element.attrib.clear()
        for key, value in values.items():
            element.set(f"{W}{key}", element.get(f"{W}{key}", value))
    properties[:] = ordered(name, {local(each): each for each in properties})
    return properties


def ordered(name: str, known: Mapping[str, etree._Element]) -> list[etree._Element]:
    """Return properties of a paragraph (`pPr`) or a run in their order."""
    order = _PARAGRAPH_ORDER if name == "pPr" else _RUN_ORDER
    return [known[each] for each in order if each in known]


class ThemeFonts:
    """The fonts that the theme of a form names."""

    def __init__(self, theme: etree._Element | None) -> None:
        self._fonts: dict[str, str] = {}
        for kind in ("major", "minor"):
            for font in () if theme is None else theme.iterfind(f".//{{*}}{kind}Font/*"):
                name = font.get("script") or local(font)
                self._fonts[f"{kind}{name}"] = font.get("typeface", "")

    def settle(self, root: etree._Element) -> None:
        """Let what a theme names below `root` be what it is; colours stand beside their names."""
        for element in root.iter(f"{W}rFonts"):
            for script, (named, face) in _SCRIPTS.items():
                font = self._font(element.get(f"{W}{named}", ""), face)
                if font:
                    element.set(f"{W}{script}", font)
        for element in root.iter(etree.Element):
            for key in filter(_THEMED.search, map(str, element.attrib)):
                del element.attrib[key]

    def _font(self, named: str, face: str) -> str:
        """Return the font that a theme has by a name such as `minorEastAsia`."""
        kind = named[:5]
        found = self._fonts.get(f"{kind}{face}", "")
        return found or (self._fonts.get(f"{kind}Hans", "") if face == "ea" else "")


# Lists


def _with_list(root: etree._Element, theirs: etree._Element, number: str, name: str) -> str:
    """Add a list of a form to those in `root`; return its number there, "0" for none."""
    list_ = _by_id(theirs, "num", "numId", number)
    abstract = None if list_ is None else _abstract(theirs, list_)
    if list_ is None or abstract is None:
        return "0"
    own, kind = _next(root, "num", "numId"), _next(root, "abstractNum", "abstractNumId")
    look = deepcopy(abstract)
    _without_news(look)
    look.set(f"{W}abstractNumId", kind)
    ThemeFonts(None).settle(look)
    for element in list(look.iter(*_NOT_OF_LIST)):
        remove(element)
    session = etree.Element(f"{W}nsid")
    session.set(f"{W}val", sha256(f"{name} {number}".encode()).hexdigest()[:8].upper())
    look.insert(0, session)  # lists of one such number are one to Word
    copy = deepcopy(list_)
    copy.set(f"{W}numId", own)
    copy[0].set(f"{W}val", kind)
    root.insert(len(root.findall(f"{W}numPicBullet")), look)
    root.append(copy)
    return own


_NOT_OF_LIST = [
    f"{W}{name}" for name in "nsid tmpl styleLink numStyleLink lvlPicBulletId pStyle name".split()
]


def _abstract(theirs: etree._Element, list_: etree._Element) -> etree._Element | None:
    """Return the look of a list, that of the style which it leads to if it does."""
    identity = attribute(list_.find(f"{W}abstractNumId"), "val")
    found = _by_id(theirs, "abstractNum", "abstractNumId", identity)
    leads = None if found is None else attribute(found.find(f"{W}numStyleLink"), "val")
    for each in theirs.iter(f"{W}abstractNum") if leads else ():
        if attribute(each.find(f"{W}styleLink"), "val") == leads:
            return each
    return found


def _by_id(root: etree._Element, name: str, key: str, value: str) -> etree._Element | None:
    for element in root.iter(f"{W}{name}"):
        if element.get(f"{W}{key}") == value:
            return element
    return None


def _next(root: etree._Element, name: str, key: str) -> str:
    """Return a number that no list of `root` has."""
    taken = [int(each.get(f"{W}{key}", "0")) for each in root.iter(f"{W}{name}")]
    return str(max(taken, default=0) + 1)
