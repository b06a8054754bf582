"""Every limit of what is read, worked out and written, in one table: its size, unit and reason.

A guard takes its limit from here when it runs; what passes one is a finding at its place. The
limits lie far above what a bureau needs and far below what would stop the machine. docs/limits.md
is made of this table.
"""

from __future__ import annotations

from reportgen.model.limit import Limit

# Numbers

NUMBER_DIGITS = Limit(
    40,
    "位 digits",
    "S209 F107",
    ("数据和公式里的一个数", "a number in data or in a formula"),
    ("再长就是多按了键，不是预算", "a longer one is a slip of the keyboard, and no budget"),
)
DIGIT_RUN = Limit(
    100,
    "位 digits",
    "L133",
    ("任何文件里连着写的数字", "digits that stand together in any file"),
    ("没有这样的号码，逐位换算却很慢", "no number of anything is as long, and to read it is slow"),
)
DERIVED_DIGITS = Limit(
    100,
    "位 digits",
    "F115",
    ("算出的数的整数部分", "the whole part of a derived number"),
    ("两个最长的数相乘也不到", "the product of two of the longest numbers has fewer"),
)
EXACT_DIGITS = Limit(
    4_000,
    "位 digits",
    "F115",
    ("算出的数化成分数，分子或分母", "numerator or denominator of a derived number, exact"),
    (
        "几百个比率相加也不到；逐级相乘每级加倍",
        "sums of hundreds of ratios have fewer; squares of squares double at each step",
    ),
)
EXACT_DECIMALS = Limit(
    1_000,
    "位 digits",
    "—",
    (
        "figures.json 里一个数的小数，再多写成分数",
        "decimals of a value in figures.json; with more it is written as a fraction",
    ),
    ("小数位数是分母的好几倍", "decimals are several times as long as the denominator"),
)
FORMULA_CHARACTERS = Limit(
    4_000,
    "字符 characters",
    "F114",
    ("一个公式", "a formula"),
    ("再长没有人能复核", "nobody can review a longer one"),
)
FORMULA_DEPTH = Limit(
    20,
    "层 levels",
    "F114",
    ("公式里括号和正负号的嵌套", "brackets and signs inside each other in a formula"),
    ("计算按嵌套逐层进行", "evaluation recurses as deep"),
)

LAST_YEAR = Limit(
    2_999,
    "年 year",
    "—",
    ("命令行上的年度，四位数", "a year on the command line, of four digits"),
    (
        "日历到 9999 年为止，期限还要往后推",
        "calendars end with 9999, and deadlines lie behind a year",
    ),
)

# Files

SOURCE_BYTES = Limit(
    4_000_000,
    "字节 bytes",
    "L111",
    ("data/ 和 templates/ 里的一个文件", "a file in data/ or templates/"),
    ("一个单位一年的数据约 50 千字节", "a year of a bureau is some 50 kB"),
)
PICTURE_PIXELS = Limit(
    4_000_000,
    "像素 pixels",
    "T160",
    ("表格里的一张图片", "a picture in a form"),
    ("印章、标志有几十万个", "a seal or a logo has some hundred thousand"),
)
YAML_DEPTH = Limit(
    32,
    "层 levels",
    "L109",
    ("数据文件的嵌套", "groups and lists inside each other in a data file"),
    ("最多需要六层", "six are needed"),
)
POLICY_TERMS = Limit(
    1_000,
    "条 terms",
    "D164",
    (
        "一处 disclosure: 的条目、别名、缩写、保留的名称和个人信息栏目，合计",
        "entries, aliases, initials, names kept and personal fields of one disclosure:, together",
    ),
    ("每个都要在全部成品里找", "each is searched for in every finished file"),
)
GIVEN_BYTES = Limit(
    30_000_000,
    "字节 bytes",
    "G108 L111",
    ("命令行指明的一个文件", "a file that the command line names"),
    ("最大的成品不到它的六分之一", "the largest report is not a sixth of it"),
)
WORKBOOK_BYTES = Limit(
    20_000_000,
    "字节 bytes",
    "X104",
    ("要导入的电子表格", "a spreadsheet to be imported"),
    ("几千行的表不到一兆字节", "some thousand rows are not a megabyte"),
)
JSON_BYTES = Limit(
    50_000_000,
    "字节 bytes",
    "G108 G116",
    ("一份清单或 figures.json", "a manifest or a figures.json"),
    ("一份报告的约一兆字节", "that of a report is about a megabyte"),
)
JSON_DEPTH = Limit(
    32,
    "层 levels",
    "G108 G116",
    ("清单或 figures.json 的嵌套", "groups and lists inside each other in these"),
    ("最多需要六层", "six are needed"),
)
SENTENCES = Limit(
    20_000,
    "句 sentences",
    "G108",
    ("要核对的文件里的句子和单元格", "sentences and cells of a file to be verified"),
    (
        "最长的报告有几千，比较要逐句对照",
        "the longest report has some thousand",
    ),
)

# Archives: Word files and workbooks

ARCHIVE_MEMBERS = Limit(
    5_000,
    "个 files",
    "W104 X104 G108 V104 D102",
    ("压缩包里的文件", "files in an archive"),
    ("Word 文件有二三十个", "a Word file has some thirty"),
)
ARCHIVE_RATIO = Limit(
    200,
    "倍 times",
    "W104 X104 G108 V104 D102",
    (
        "压缩包里一个文件解压后与压缩时之比",
        "what a file in an archive unpacks to, by its packed size",
    ),
    (
        "文字和表格压到几十分之一，压得更小的是陷阱",
        "texts and tables pack to a few hundredths; what packs better is a trap",
    ),
)
ARCHIVE_TAGS = Limit(
    4_000_000,
    "个 tags",
    "W104 X104 G108 V104 D102",
    ("压缩包里 XML 的标签", "tags of XML in an archive"),
    ("读成树以后每个占几百字节内存", "in a tree each takes some hundred bytes of memory"),
)
FRAME_UNPACKED = Limit(
    8_000_000,
    "字节 bytes",
    "W104",
    ("frame.docx 解压后", "what frame.docx unpacks to"),
    ("框架没有正文，约半兆字节", "a frame without a body has about half a megabyte"),
)
WORD_FORM_UNPACKED = Limit(
    50_000_000,
    "字节 bytes",
    "T140",
    ("forms/ 里的 Word 表解压后", "what a Word form in forms/ unpacks to"),
    ("一张表连印章图片约一兆字节", "a form with the picture of a seal has about a megabyte"),
)
FOREIGN_DOCUMENT = Limit(
    100_000_000,
    "字节 bytes",
    "A501",
    ("要审核的文件", "a document to be audited"),
    ("带扫描图的报告几十兆字节", "a report with scanned pictures has some dozens of megabytes"),
)
PDF_PAGES = Limit(
    500,
    "页 pages",
    "A501",
    ("要审核的 PDF", "a PDF to be audited"),
    ("最长的决算汇编三百多页", "the longest volumes of accounts have some three hundred"),
)
PDF_SECONDS = Limit(
    120,
    "秒 seconds",
    "A501",
    ("读一个 PDF", "reading a PDF"),
    ("一页十分之一秒，五百页约一分钟", "a page takes a tenth of a second, 500 pages a minute"),
)
PDF_MEMORY = Limit(
    1_500_000_000,
    "字节 bytes",
    "A501",
    ("读一个 PDF 所用的内存", "memory used to read a PDF"),
    ("五百页的汇编约三百兆字节", "a volume of 500 pages takes some 300 megabytes"),
)
PDF_PAGE_BYTES = Limit(
    10_000_000,
    "字节 bytes",
    "A506",
    ("要审核的 PDF 一页的内容", "what a page of a PDF to be audited holds"),
    (
        "一页表格几十千字节，一张地图几兆字节",
        "a page of a table has some kilobytes, a map megabytes",
    ),
)
PDF_RULES = Limit(
    6_000,
    "条 lines",
    "A506",
    ("要审核的 PDF 一页上的线", "lines drawn on a page of a PDF to be audited"),
    ("一页几百格的表约两千条", "a page of a table with hundreds of cells draws some 2,000"),
)
DOCUMENT_CHARACTERS = Limit(
    3_000_000,
    "字 characters",
    "A501",
    ("要审核的文件的文字", "the text of a document to be audited"),
    ("五百页的汇编约五十万字", "a volume of 500 pages has some 500,000"),
)
WORKBOOK_UNPACKED = Limit(
    50_000_000,
    "字节 bytes",
    "X104",
    ("要导入的工作簿解压后", "what a workbook to be imported unpacks to"),
    ("两万行两百列之内的表用不到", "no table within the limits of rows and columns needs as much"),
)
OUTPUT_UNPACKED = Limit(
    100_000_000,
    "字节 bytes",
    "G108 V104 D102",
    ("要核对的 Word 文件解压后", "what a Word file to be verified unpacks to"),
    ("最长的报告不到它的二十分之一", "the longest report is not a twentieth of it"),
)
MERGED_CELLS = Limit(
    100_000,
    "格 cells",
    "X104",
    ("要导入的工作簿里合并的单元格", "merged cells of a workbook to be imported"),
    ("表头和合计合并几十格", "heads and totals merge some dozens"),
)
PDF_UNPACKED = Limit(
    200_000_000,
    "字节 bytes",
    "A501 G108 V104 D102",
    ("要核对的 PDF 解压后", "what a PDF to be verified unpacks to"),
    ("一份报告连字体几兆字节", "a report is some megabytes, fonts and all"),
)
PDF_OBJECTS = Limit(
    50_000,
    "个 objects",
    "G108 V104 D102",
    ("PDF 一页上的对象", "objects on a page of a PDF"),
    ("一页写满约一千个", "a full page has about a thousand"),
)
SHEET_ROWS = Limit(
    20_000,
    "行 rows",
    "X104",
    ("要导入的一张工作表", "a sheet to be imported"),
    ("再多不是一个单位一年的明细", "more are not the entries of a bureau's year"),
)
SHEET_COLUMNS = Limit(
    200,
    "列 columns",
    "X104",
    ("要导入的一张工作表", "a sheet to be imported"),
    ("多半是整行填了格式", "most often a format was put into whole rows"),
)
FILES_IN_FILES = Limit(
    8,
    "层 levels",
    "D102",
    ("成品里套着的文件", "files inside each other in a finished file"),
    ("Word 文件里的图片是第二层", "a picture in a Word file is the second"),
)
PICTURE_TEXT = Limit(
    1_000_000,
    "字节 bytes",
    "D102",
    ("PNG 图片里压缩的一段文字", "a packed text in a PNG picture"),
    ("署名和说明只有几行", "authors and remarks are a few lines"),
)
PANDOC_BYTES = Limit(
    2_000_000_000,
    "字节 bytes",
    "G108 V104",
    ("pandoc 读回一个 Word 文件用的内存", "memory of pandoc while it reads a Word file back"),
    ("它的语法树比文件大上百倍", "its tree is a hundred times the size of the file"),
)
GIT_SECONDS = Limit(
    20,
    "秒 seconds",
    "G102 G103",
    ("git 答一次话的时间", "time of git for one answer"),
    ("整个项目也不到一秒", "a whole project takes less than one"),
)
FETCH_SECONDS = Limit(
    600,
    "秒 seconds",
    "G121",
    ("git 取来另一个仓库的时间", "time of git to fetch another repository"),
    ("一个局十年的数据不到一分钟", "ten years of a bureau take less than a minute"),
)
PANDOC_SECONDS = Limit(
    120,
    "秒 seconds",
    "G108 V104",
    ("pandoc 读回一个 Word 文件的时间", "time of pandoc to read a Word file back"),
    ("一份报告要半秒", "a report takes half a second"),
)
TYPST_SECONDS = Limit(
    60,
    "秒 seconds",
    "W103 W107",
    ("Typst 排一份改过的 .typ 模板的时间", "time of Typst to set by a changed template"),
    ("一份报告要半秒，一万行的表要十秒", "a report takes half a second, 10,000 rows ten"),
)
TYPST_BYTES = Limit(
    3_000_000_000,
    "字节 bytes",
    "W103 W107",
    ("Typst 排版用的内存", "memory of Typst while it sets such a template"),
    ("一万行的表要 1.6 GB", "10,000 rows take 1.6 GB"),
)

# Templates and forms

PLACES = Limit(
    10,
    "位 digits",
    "T108",
    ("过滤器 places 的小数位数", "decimals of the filter places"),
    ("没有报告印这么多位", "no report prints as many"),
)
TABLE_PLACES = Limit(
    200_000,
    "格 places",
    "P203 G108 V104",
    ("一张表的行乘列", "rows by columns of a table"),
    ("两万行十列已没有人看", "nobody reads twenty thousand rows of ten columns"),
)
SPAN = Limit(
    1_000,
    "格 places",
    "T111",
    ("合并的行数、列数和列宽", "rows or columns of a span, and the width of a column"),
    ("再大就是写错了", "a larger number is mistyped"),
)
TEMPLATE_STEPS = Limit(
    1_000_000,
    "步 steps",
    "T121 W104 W105",
    ("一个模板的循环、调用和印出的值", "loops, calls and printed values of a template"),
    (
        "一份报告几千步；层层循环几行就没有尽头",
        "a report takes thousands; loops in loops never end",
    ),
)
TEMPLATE_CHARACTERS = Limit(
    5_000_000,
    "字符 characters",
    "T121 W104 W105",
    ("一个模板、一个宏印出的文字", "what a template or a macro prints"),
    ("最长的正文约十万字", "the longest text has a hundred thousand"),
)
TEMPLATE_TAGS = Limit(
    20_000,
    "个 tags",
    "T121 W104 W105",
    ("一个模板里的 {{ 和 {%", "{{ and {% of a template"),
    ("最长的有几百个", "the longest has some hundred"),
)
