"""What a site says of a published page, and what its files say of themselves, as values."""

from __future__ import annotations

from reportgen.model.frozen import frozen


@frozen
class Properties:
    """The properties of a file, as Word, the web page and PDF hold them."""

    creator: str
    title: str
    subject: str
    keywords: str = ""


@frozen
class Publication:
    """The metadata block of a government site and what its <meta> elements say.

    What is empty is not known, and is nowhere shown. `date` is ISO, `time` HH:MM. The names of
    the <meta> elements are those of 国办发〔2017〕47号 《政府网站发展指引》.
    """

    name: str = ""
    publisher: str = ""
    date: str = ""
    time: str = ""
    index_number: str = ""
    document_number: str = ""
    topic: str = ""
    validity: str = ""
    source: str = ""
    keywords: str = ""
    description: str = ""
    site_name: str = ""
    column_name: str = ""
    column_type: str = ""
    column_description: str = ""
    column_keywords: str = ""

    @property
    def block(self) -> tuple[tuple[str, str], ...]:
        """Return the lines of the metadata block that are known, label and text."""
        lines = (
            ("索引号", self.index_number),
            ("文号", self.document_number),
            ("主题分类", self.topic),
            ("发布机构", self.publisher),
            ("发布日期", f"{self.date} {self.time}".rstrip() if self.date else ""),
            ("时效性", self.validity),
            ("名称", self.name),
        )
        return tuple((label, text) for label, text in lines if text)

    @property
    def metas(self) -> tuple[tuple[str, str], ...]:
        """Return the <meta> elements that are known, name and content.

        PubDate has a minute; where none is known it is that of midnight.
        """
        moment = f"{self.date} {self.time or '00:00'}" if self.date else ""
        source = self.source or self.publisher
        metas = (
            ("SiteName", self.site_name),
            ("ColumnName", self.column_name),
            ("ColumnType", self.column_type),
            ("ColumnDescription", self.column_description),
            ("ColumnKeywords", self.column_keywords),
            ("ArticleTitle", self.name),
            ("PubDate", moment),
            ("ContentSource", source),
            ("Keywords", self.keywords),
            ("Description", self.description),
        )
        return tuple((name, content) for name, content in metas if content)
