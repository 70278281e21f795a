"""What PDF/UA-1 asks of a file's structure and a machine can see.

Matterhorn checkpoints 01, 06, 07, 09, 11, 13, 14, 15, 28 and 31.
Not a whole validator: it does not judge whether the reading order makes sense or a colour has contrast.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdf
from pypdf.generic import ContentStream

SHOWN = {b"Tj", b"TJ", b"'", b'"', b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"Do", b"sh", b"EI"}


@dataclass(frozen=True)
class Tag:
    """A part of the tree: kind, alternative text, kinds above it, numbers of its content."""

    kind: str
    alternative: str
    above: tuple[str, ...]
    children: tuple[str, ...]


def tags_of(pdf: pypdf.PdfReader) -> list[Tag]:
    """Every part of the tree of tags, in reading order."""
    return list(_tags(pdf.trailer["/Root"]["/StructTreeRoot"], ()))


def _tags(node: object, above: tuple[str, ...]) -> Iterator[Tag]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for one in node:
            yield from _tags(one, above)
    if not isinstance(node, dict):
        return
    below = above
    if "/S" in node:
        kind = str(node["/S"])
        children = node.get("/K", [])
        children = children.get_object() if hasattr(children, "get_object") else children
        kinds = [
            str(one.get_object()["/S"])
            for one in (children if isinstance(children, list) else [children])
            if isinstance(one.get_object() if hasattr(one, "get_object") else one, dict) and "/S" in one.get_object()
        ]
        yield Tag(kind, str(node.get("/Alt", "")), above, tuple(kinds))
        below = (*above, kind)
    if "/K" in node:
        yield from _tags(node["/K"], below)


def pdf_ua_faults(content: bytes) -> list[str]:
    """What a reader with a screen reader would miss; empty if nothing is found."""
    pdf = pypdf.PdfReader(io.BytesIO(content))
    root = pdf.trailer["/Root"]
    return [*_document_faults(pdf, root), *_tag_faults(tags_of(pdf)), *_content_faults(pdf), *_font_faults(pdf)]


def _document_faults(pdf: pypdf.PdfReader, root: object) -> Iterator[str]:
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Z]{2})?", str(root.get("/Lang", ""))):
        yield f"no language: {root.get('/Lang')}"
    if not (pdf.metadata and pdf.metadata.title):
        yield "no title"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "the window shows the file's name instead of the title"
    about = root["/Metadata"].get_object().get_data().decode() if "/Metadata" in root else ""
    if "pdfuaid:part>1<" not in about:
        yield "does not claim PDF/UA-1"
    if "dc:title" not in about:
        yield "no title in the metadata"
    if pdf.is_encrypted:
        yield "encrypted"


def _tag_faults(tags: list[Tag]) -> Iterator[str]:
    last = 0
    for tag in tags:
        if heading := re.fullmatch(r"/H([1-6])", tag.kind):
            if int(heading[1]) > last + 1:
                yield f"a heading of level {heading[1]} after level {last}"
            last = int(heading[1])
        if tag.kind == "/Figure" and not tag.alternative:
            yield "a figure without words"
        if tag.kind == "/L" and not set(tag.children) <= {"/LI", "/L", "/Caption"}:
            yield f"a list of {tag.children}"
        if tag.kind == "/LI" and "/LBody" not in tag.children:
            yield "a point without a body"
        if tag.kind in {"/TD", "/TH"} and "/TR" not in tag.above:
            yield "a cell without a row"
        if tag.kind == "/Table" and not {"/THead", "/TR"} & set(tag.children):
            yield "a table without rows"
        if tag.kind == "/THead" and "/Table" not in tag.above:
            yield "a header without a table"
    if last == 0:
        yield "no heading"
    heads = sum(tag.kind == "/THead" for tag in tags)
    if heads < sum(tag.kind == "/Table" for tag in tags):
        yield "a table without a header row"


def _content_faults(pdf: pypdf.PdfReader) -> Iterator[str]:
    """Everything drawn is either an artifact or content of a tag, by number."""
    for number, page in enumerate(pdf.pages, 1):
        if page.get("/StructParents") is None:
            yield f"page {number} is not in the tree's list"
        open_marks: list[bool] = []
        numbers: list[int] = []
        for operands, operator in ContentStream(page.get_contents(), pdf).operations:
            if operator in {b"BDC", b"BMC"}:
                named = operands[1] if len(operands) > 1 and isinstance(operands[1], dict) else {}
                open_marks.append(operands[0] == "/Artifact" or "/MCID" in named)
                numbers += [int(named["/MCID"])] if "/MCID" in named else []
            elif operator == b"EMC":
                open_marks.pop()
            elif operator in SHOWN and not any(open_marks):
                yield f"page {number} draws outside every tag"
                break
        if len(numbers) != len(set(numbers)):
            yield f"page {number} uses a number of content twice"


def _font_faults(pdf: pypdf.PdfReader) -> Iterator[str]:
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            whole = font.get_object()
            inner = whole["/DescendantFonts"][0].get_object() if "/DescendantFonts" in whole else whole
            described = inner["/FontDescriptor"].get_object()
            if not {"/FontFile", "/FontFile2", "/FontFile3"} & described.keys():
                yield f"{whole['/BaseFont']} is not embedded"
            if "/ToUnicode" not in whole:
                yield f"{whole['/BaseFont']} cannot be read aloud"
