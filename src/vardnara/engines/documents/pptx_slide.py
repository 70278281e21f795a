"""Slides: 16:9, one face, Swedish, titles in their placeholders, no placeholder left empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO, Any, Final, cast

from vardnara.engines.documents.chart_view import chart_alternative, chart_in_millions, chart_ticks, chart_unit
from vardnara.engines.documents.decision_parts import Chart, ChartKind
from vardnara.kernel.swedish import MILLION

FACE: Final = "Arial"
LANGUAGE: Final = "sv-SE"
INK, QUIET, ACCENT, BAND = "16302E", "485856", "0A5C68", "EEF3F2"
TONES: Final = ("0A5C68", "D9A441", "7A8F8C", "8C3B5E", "3F6FB0")
WIDE, HIGH, MARGIN = 13.333, 7.5, 0.75  # inches
TOP: Final = 1.75  # of the content, below the title
LABEL_ROOM: Final = 0.14  # of the axis
TITLE_SLIDE, TEXT_SLIDE, TITLE_ONLY = 0, 1, 5  # layouts of python-pptx's own template


class Deck:
    """A presentation that is being written."""

    def __init__(self, organisation: str, registry_number: str) -> None:
        from pptx import Presentation
        from pptx.util import Inches

        self.made: Any = Presentation()
        self.foot = " · ".join(text for text in (organisation, registry_number) if text)
        self.titles: dict[str, int] = {}
        stretch = WIDE / 10
        self.made.slide_width, self.made.slide_height = Inches(WIDE), Inches(HIGH)
        master = self.made.slide_master
        for shapes in (master.shapes, *(layout.shapes for layout in master.slide_layouts)):
            for shape in shapes:
                if shape.element.xpath(".//a:xfrm/a:off"):
                    shape.left, shape.width = int(shape.left * stretch), int(shape.width * stretch)
        for part in master.part.package.iter_parts():
            if "theme" in str(part.partname):
                part._blob = part.blob.replace(b'typeface="Calibri"', f'typeface="{FACE}"'.encode())

    def properties(self, title: str, author: str, subject: str, at: datetime) -> None:
        """What the file says of itself."""
        about = self.made.core_properties
        about.title, about.author, about.subject = title[:255], author[:255], subject[:255]
        about.last_modified_by, about.language, about.revision = author[:255], LANGUAGE, 1
        about.created = about.modified = at.replace(tzinfo=None)

    def save(self, to: IO[bytes]) -> None:
        """Write the file."""
        self.made.save(to)

    def title_slide(self, title: str, lines: Sequence[str]) -> None:
        """The first slide."""
        slide = self.made.slides.add_slide(self.made.slide_layouts[TITLE_SLIDE])
        _place(slide.shapes.title, MARGIN, 2.1, WIDE - 2 * MARGIN, 1.9)
        _fill(slide.shapes.title.text_frame, [title], _points(title, 38, 70), bold=True, bottom=True, colour=ACCENT)
        under = slide.placeholders[1]
        _place(under, MARGIN, 4.2, WIDE - 2 * MARGIN, 2)
        _fill(under.text_frame, lines, 20, colour=QUIET)
        if not lines:
            under.element.getparent().remove(under.element)

    def text_slide(self, title: str, paragraphs: Sequence[str], *, bullets: bool = False) -> None:
        """Running text, or bullets."""
        slide = self._slide(TEXT_SLIDE, title)
        _fill(self._body(slide), paragraphs, 24, bullets=bullets, after=10)

    def points_slide(self, title: str, lines: Sequence[tuple[str, int, str]]) -> None:
        """Numbered points: (kind, number, text) with kinds ``lead``, ``point``, ``plain``, ``below``."""
        slide = self._slide(TEXT_SLIDE, title)
        frame = self._body(slide)
        _fill(frame, [text for _, _, text in lines], 22, after=8)
        for paragraph, (kind, number, _) in zip(frame.paragraphs, lines, strict=True):
            if kind == "point":
                _numbered(paragraph, "arabicPeriod", number, 0)
            if kind == "below":
                _numbered(paragraph, "alphaLcParenR", number, 1)

    def table_slide(
        self,
        title: str,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        shares: Sequence[float],
        numeric: Sequence[int] = (),
    ) -> None:
        """A table with a header row."""
        from pptx.util import Inches

        slide = self._slide(TITLE_ONLY, title)
        width, count = WIDE - 2 * MARGIN, len(rows) + 1
        frame = slide.shapes.add_table(
            count, len(header), Inches(MARGIN), Inches(TOP), Inches(width), Inches(0.5 * count)
        )
        _describe(frame, title, f"Tabell: {title}. Kolumner: {', '.join(header)}.")
        table = frame.table
        table.first_row, table.horz_banding = True, False
        for at, share in enumerate(shares):
            table.columns[at].width = Inches(width * share)
        for row, cells in enumerate((header, *rows)):
            for column, text in enumerate(cells):
                _cell(table.cell(row, column), text, head=row == 0, right=column in numeric)

    def chart_slide(self, chart: Chart) -> None:
        """A chart that can be edited, with its numbers."""
        from pptx.chart.data import CategoryChartData
        from pptx.enum.chart import XL_CHART_TYPE
        from pptx.util import Inches

        slide = self._slide(TITLE_ONLY, chart.title)
        million = chart_in_millions(chart)
        unit = chart_unit(chart)
        form = "0.0%" if chart.unit == "share" else number_form(unit, million=million)
        data: Any = cast(Any, CategoryChartData)(number_format=form)
        data.categories = chart.categories
        for one in chart.series:
            data.add_series(one.name, [float(value / MILLION if million else value) for value in one.values])
        kind = XL_CHART_TYPE.BAR_CLUSTERED if chart.kind is ChartKind.BAR else XL_CHART_TYPE.LINE_MARKERS
        frame = slide.shapes.add_chart(
            kind, Inches(MARGIN), Inches(TOP), Inches(WIDE - 2 * MARGIN), Inches(HIGH - TOP - 0.9), data
        )
        _describe(frame, chart.title, chart_alternative(chart))
        _chart_look(frame.chart, chart, form)
        _axes_number(frame.chart)

    def _slide(self, layout: int, title: str) -> Any:
        """A slide with its title; one that goes on says so."""
        slide = self.made.slides.add_slide(self.made.slide_layouts[layout])
        number = self.titles[title] = self.titles.get(title, 0) + 1
        shown = f"{title} ({number})" if number > 1 else title
        _place(slide.shapes.title, MARGIN, 0.45, WIDE - 2 * MARGIN, 1.1)
        _fill(slide.shapes.title.text_frame, [shown], _points(shown, 30, 48), bold=True, bottom=True, colour=ACCENT)
        self._foot(slide)
        return slide

    def _body(self, slide: Any) -> Any:
        body = slide.placeholders[1]
        _place(body, MARGIN, TOP, WIDE - 2 * MARGIN, HIGH - TOP - 0.9)
        return body.text_frame

    def _foot(self, slide: Any) -> None:
        from pptx.util import Inches

        number = str(len(self.made.slides))
        box = slide.shapes.add_textbox(Inches(MARGIN), Inches(HIGH - 0.65), Inches(WIDE - 2 * MARGIN), Inches(0.4))
        box.name = "Sidfot"
        _fill(box.text_frame, [f"{self.foot} · {number}" if self.foot else number], 12, colour=QUIET)


def _points(text: str, largest: float, signs: int) -> float:
    """The size of a title: as large as it may be for a text of so many signs, smaller for longer ones."""
    return largest if len(text) <= signs else max(20, largest * (signs / len(text)) ** 0.5)


def _place(shape: Any, left: float, top: float, width: float, height: float) -> None:
    from pptx.util import Inches

    shape.left, shape.top, shape.width, shape.height = map(Inches, (left, top, width, height))


def _fill(
    frame: Any,
    paragraphs: Sequence[str],
    points: float,
    *,
    bold: bool = False,
    bottom: bool = False,
    bullets: bool = False,
    after: float = 4,
    colour: str = INK,
) -> None:
    """Text with no bullets but those asked for, in Swedish, shrunk by the program if a region's face is wider."""
    from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.TEXT_TO_FIT_SHAPE
    frame.vertical_anchor = MSO_ANCHOR.BOTTOM if bottom else MSO_ANCHOR.TOP
    for at, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        paragraph.space_after = Pt(after)
        _run(paragraph, text, points, bold=bold, colour=colour)
        if not bullets:
            properties = paragraph._p.get_or_add_pPr()
            properties.set("marL", "0")
            properties.set("indent", "0")
            _child(properties, "a:buNone")


def _run(paragraph: Any, text: str, points: float, *, bold: bool = False, colour: str = INK) -> None:
    from pptx.util import Pt

    for at, line in enumerate(text.split("\n")):
        if at:
            paragraph.add_line_break()
        run = paragraph.add_run()
        run.text = line.replace("\t", " ")
        run.font.size, run.font.bold = Pt(points), bold
        run.font.color.rgb = _tone(colour)
        run._r.get_or_add_rPr().set("lang", LANGUAGE)


def _tone(code: str) -> Any:
    from pptx.dml.color import RGBColor

    made: Any = RGBColor
    return made.from_string(code)


def _child(properties: Any, tag: str, **attributes: str) -> None:
    from pptx.oxml.xmlchemy import OxmlElement

    for old in properties.xpath("a:buNone | a:buAutoNum"):
        properties.remove(old)
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(name, value)
    properties.append(made)


def _numbered(paragraph: Any, kind: str, number: int, level: int) -> None:
    """PowerPoint's own numbers; a slide that goes on begins where the one before ended."""
    properties = paragraph._p.get_or_add_pPr()
    left = 457200 * (level + 1)  # half an inch a level, in English Metric Units
    properties.set("marL", str(left))
    properties.set("indent", "-457200")
    if level:
        properties.set("lvl", str(level))
    _child(properties, "a:buAutoNum", type=kind, **({"startAt": str(number)} if number > 1 else {}))


def _cell(cell: Any, text: str, *, head: bool, right: bool) -> None:
    from pptx.enum.text import PP_ALIGN

    paragraph = cell.text_frame.paragraphs[0]
    _run(paragraph, text, 16, bold=head)
    paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
    cell.fill.solid()
    cell.fill.fore_color.rgb = _tone("D5E3E1" if head else "FFFFFF")


def _describe(frame: Any, name: str, text: str) -> None:
    about = frame._element.nvGraphicFramePr.cNvPr
    about.set("name", name)
    about.set("descr", text)


def _chart_look(drawn: Any, chart: Chart, form: str) -> None:
    from pptx.enum.chart import XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    drawn.has_title = False
    drawn.font.size, drawn.font.name = Pt(16), FACE
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    drawn.value_axis.tick_labels.number_format = form
    drawn.value_axis.tick_labels.number_format_is_linked = False
    drawn.value_axis.major_gridlines.format.line.color.rgb = _tone("D5DDDB")
    drawn.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    values = [float(point) for series in drawn.plots[0].series for point in series.values]
    _scale(drawn.value_axis, values, bars=chart.kind is ChartKind.BAR)
    plot = drawn.plots[0]
    if len(chart.categories) * len(chart.series) <= 16:
        plot.has_data_labels = True
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = form, False
        plot.data_labels.font.size = Pt(14)
        if chart.kind is ChartKind.LINE:
            plot.data_labels.position = XL_LABEL_POSITION.ABOVE
    for at, series in enumerate(plot.series):
        tone = _tone(TONES[at % len(TONES)])
        if chart.kind is ChartKind.BAR:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = tone
        else:
            series.format.line.color.rgb = tone
            series.smooth = False
    if chart.kind is ChartKind.BAR:
        drawn.category_axis.reverse_order = True
        drawn.value_axis.visible = False
        drawn.value_axis.has_major_gridlines = False
        plot.gap_width, plot.overlap = 60, -5


def _axes_number(drawn: Any) -> None:
    """Axes numbered as the format allows: python-pptx writes negative ones."""
    numbers: dict[str, str] = {}
    for node in drawn._chartSpace.xpath(".//c:axId | .//c:crossAx"):
        node.set("val", numbers.setdefault(node.get("val"), str(len(numbers) + 1)))


def number_form(unit: str, *, million: bool) -> str:
    """A number format with the unit behind."""
    digits = "#,##0.0##" if million else "#,##0.##" if unit != "kr" else "#,##0"
    quoted = unit.replace('"', "").replace(";", ",")
    return f'{digits}" {quoted}"' if quoted else digits


def _scale(axis: Any, values: Sequence[float], *, bars: bool) -> None:
    """Bars: room for labels beyond the longest, on both sides. Lines: round numbers from below to above."""
    low, high = min(0.0, *values), max(0.0, *values)
    if bars:
        room = (high - low or 1.0) * LABEL_ROOM
        axis.minimum_scale, axis.maximum_scale = low - room if low < 0 else 0.0, high + room
        return
    ticks = chart_ticks(Decimal(str(low)), Decimal(str(high)))
    axis.minimum_scale, axis.maximum_scale = float(ticks[0]), float(ticks[-1])
    axis.major_unit = float(ticks[1] - ticks[0])
