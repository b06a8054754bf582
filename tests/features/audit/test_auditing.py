"""Each kind of contradiction is told in its smallest document, and its right twin is not."""

from __future__ import annotations

import pytest

from audited_documents import audited, codes, reading, told
from reportgen.features.audit.auditing import audit

SENTENCES = [
    ("获批项目30个，其中重点产业类10个、转型升级类20个。", "30个", "33个", "A105", "30个"),
    # what is right, what is wrong, the code, the number that it should be
    ("受理诉求2486个，解决2273个，问题办结率91.43%。", "91.43%", "94.13%", "A103", "91.43%"),
    (
        "全年预算2392.94万元，决算支出3241.81万元，预算执行率135.47%。",
        "135.47",
        "135.42",
        "A103",
        "135.47%",
    ),
    ("收入5296万元，比上年1171万元增加4125万元。", "4125", "4215", "A104", "4125万元"),
    ("支出2851.5万元，比上年1171.2万元增长143.47%。", "143.47", "134.47", "A102", "143.47%"),
    ("全市税收由40亿元增长到43亿元，增长7.5%。", "7.5%", "5.7%", "A102", "7.5%"),
    ("总支出2851万元。基本支出858万元，占总支出的30.09%。", "30.09", "30.90", "A101", "30.09%"),
    (
        "共有编制57人，其中：行政编制38人，工勤编制1人，事业编制18人。",
        "57人",
        "75人",
        "A105",
        "57人",
    ),
    (
        "资金2208.68万元（其中：本级2170.55万元，监测站38.13万元）。",
        "2170.55",
        "2170.65",
        "A105",
        "2208.78万元",
    ),
    (
        "项目总投入4426万元，实际支出1993万元，结转结余2433万元。",
        "2433",
        "2443",
        "A106",
        "2433万元",
    ),
    ("完成年初计划（366.76亿元）的101.47%，总产值372.15亿元。", "101.47", "101.47", "", ""),
    (
        "总产值372.15亿元，完成年初目标计划（366.76亿元）的101.47%。",
        "101.47",
        "101.74",
        "A103",
        "101.47%",
    ),
    (
        "项目资金2240万元（产业类1360万元，转型类880万元）。",
        "2240",
        "2420",
        "A105",
        "2240万元",
    ),
    ("年度计划培训2000人次，实际培训2315人次，超计划15.75%。", "15.75", "17.55", "A103", "15.75%"),
    ("补助对象320户，户均1500元，共发放48万元。", "1500", "1600", "A121", "1500元"),
    ("项目计划总投资25亿元，全年完成投资27亿元，完成比例108%。", "108%", "117.39%", "A103", "108%"),
]


@pytest.mark.parametrize(("sentence", "right", "wrong", "code", "computed"), SENTENCES)
def test_a_number_that_others_beside_it_do_not_give_is_told(
    sentence: str, right: str, wrong: str, code: str, computed: str
) -> None:
    assert codes(sentence) == []
    if not code:
        return
    (finding,) = told(sentence.replace(right, wrong))
    assert finding.code == code
    assert finding.params["computed"] == computed


@pytest.mark.parametrize(
    "sentence",
    [
        "全市规模工业增加值增长6.8%，排名全省第9位；工业投资增长28.5%。",
        "新增中小企业58家，其中省级12家、市级29家。",  # parts need not be all there are
        "工业投资增长39.9%，高出全省平均31.8个百分点。",
        "2021年6月10日，根据湘财绩〔2022〕3号文件开展自评。",
        "收集问题4361个，问题解决率达96.0%。",
        "资金约500万元，比上年400万元增加近100万元，增长近25%。",
        "十大产业链产值2845.8亿元，占全市规模工业总产值的78.5%。",
        "完成投资3.97亿元，占年度计划的149.8%，预计完成投资4.53亿元，占年度计划的170%。",
    ],
)
def test_what_cannot_be_held_to_others_is_not_told(sentence: str) -> None:
    assert codes(sentence) == []


@pytest.mark.parametrize(
    "bound",
    [
        "不足计划100家的90%",
        "不到计划100家的90%",
        "不足计划90%",
        "不足计划的九成",
        "不及年度目标的90%",
        "低于计划100家的90%",
        "达不到计划（100家）的90%",
        "超过计划的80%",
        "接近计划的90%",
        "完成率不到90%",
    ],
)
def test_a_bound_is_not_told_as_if_it_were_the_ratio_itself(bound: str) -> None:
    assert codes(f"年初计划培育100家，全年完成85家，{bound}。") == []
    assert codes("年初计划培育100家，全年完成85家，为计划的90%。") == ["A103"]


def test_a_share_of_another_base_is_told_at_its_number() -> None:
    text = "基本支出2195.62万元。其中：工资福利支出1270.44万元，占基本支出的17.83%。"
    (finding,) = told(text)
    assert finding.code == "A101"
    assert finding.span.place == "p1"
    assert text[finding.span.column - 1 :].startswith("17.83%")


def test_what_rounding_may_explain_is_only_a_note() -> None:
    (finding,) = told("收入5296万元，比上年1171万元增加4125万元，增长352.13%。")
    assert (finding.code, finding.severity) == ("A102", "note")


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("收入1000万元，比上年1200万元增加200万元。", "A113"),
        ("支出900万元，比上年800万元下降12.5%。", "A113"),
        ("群众满意率达102.5%。", "A114"),
        ("其中教育支出占总支出的120%。", "A114"),
        ("自评得分为94分，自评等级为良。", "A115"),
        ("内设科室4个。内设科室分别是办公室、人事科、综合科。", "A201"),
        ("详见附件3。", "A203"),
        ("支出100万元，其中：工资80万元，补助131.5万元。", "A119"),
        ("新增标准厂房128.93万平方米，预计全年建成厂房150万平方千米。", "A310"),
        ("资金使用率99.14%%。", "A301"),
        ("对企业补助占基本支出的46.%。", "A301"),
        ("我局组织编制《产业发展规划和实施方案，按时完成各项任务。", "A302"),
        ("签约资金131.75亿，创历史新高。", "A303"),
        ("采购物资约130余吨。", "A308"),
        ("资金到位。。全部使用。", "A309"),
        ("联系电话13812345678。", "A401"),
        ("联系人：王小明", "A402"),
        ("由张××局长负责。", "A403"),
    ],
)
def test_other_slips_are_told(sentence: str, code: str) -> None:
    assert codes(sentence) == [code]


def test_a_change_that_two_amounts_before_it_give_but_for_last_digits_is_told() -> None:
    before = "预算收入2392.94万元，决算支出3241.81万元。"
    assert codes(before, "预算执行较年初预算多848.87万元。") == []
    (finding,) = told(before, "预算执行较年初预算多848.86万元。")
    assert (finding.code, finding.severity) == ("A104", "note")
    assert codes(before, "专项资金较年初预算多850.12万元。") == []


@pytest.mark.parametrize(
    ("listed", "there", "expected"),
    [
        ("附件：1.基础数据表", ["附件1", "附件2"], ["A204"]),
        ("附件：1.基础数据表", ["附件1"], []),
        ("附件：1.基础数据表", ["附件2"], []),  # other files
    ],
)
def test_a_list_of_attachments_is_held_to_those_that_are_there(
    listed: str, there: list[str], expected: list[str]
) -> None:
    assert codes(listed, *there) == expected


def test_the_list_of_attachments_goes_on_for_lines() -> None:
    lines = ("附件：1.基础数据表", "2.自评表", "3.佐证材料清单")
    assert codes(*lines, "附件1", "附件2") == ["A204"]
    assert codes(*lines, "附件1", "附件2", "附件3") == []


def test_personal_numbers_are_not_repeated_in_full() -> None:
    (finding,) = told("联系电话13812345678。")
    assert "13812345678" not in str(dict(finding.params))


def test_one_number_stated_twice_is_told_with_both_places() -> None:
    sentence = "截止12月15日，全市有8077家中小企业上云，完成目标任务的201.93%，涉及企业{}家。"
    (finding,) = told(sentence.format(4000), sentence.format(4100))
    assert finding.code == "A111"
    assert [place.span.place for place in finding.places] == ["p2", "p1"]


def test_numbers_of_one_style_and_another_are_told_once() -> None:
    assert codes("支出2,851万元。", "支出2851万元，基本持平。", "支出2851万元。") == ["A304"]


def test_a_missing_section_is_told() -> None:
    assert codes("一、基本情况", "二、资金情况", "四、存在问题") == ["A202"]


def test_forecasts_in_a_report_signed_after_the_year_are_told() -> None:
    lines = ("2022年度绩效自评报告", "预计全年新增企业5家。", "2023年6月30日")
    assert codes(*lines) == ["A305"]
    assert codes(lines[0], "预计2025年新增企业5家。", lines[2]) == []


FUNDS = [
    ["项目名称", "预算数（万元）", "决算数（万元）", "资金使用率（%）"],
    ["合计", "91", "76.58", "84.15%"],
    ["协调经费", "20", "20", "100%"],
    ["帮扶经费", "21", "20.82", "99.14%"],
    ["竞赛经费", "35", "25.76", "73.60%"],
    ["规划经费", "15", "10", "66.67%"],
]


def test_a_table_that_agrees_is_not_told() -> None:
    assert codes(tables=[FUNDS]) == []


@pytest.mark.parametrize(
    ("row", "column", "text", "code", "place"),
    [
        (1, 1, "81", "A107", "t1r2c2"),
        (3, 2, "28.02", "A107", "t1r2c3"),
        (4, 3, "37.60%", "A109", "t1r5c4"),
        (1, 3, "85.14%", "A109", "t1r2c4"),
    ],
)
def test_a_number_that_does_not_fit_its_table_is_told(
    row: int, column: int, text: str, code: str, place: str
) -> None:
    table = [list(cells) for cells in FUNDS]
    table[row][column] = text
    found = told(tables=[table])
    assert (code, place) in [(finding.code, finding.span.place) for finding in found]


def test_totals_across_are_held_to_their_columns() -> None:
    table = [
        ["机构", "合计", "人员支出", "公用支出"],
        ["本级", "30", "20", "10"],
        ["站", "12", "8", "4"],
        ["中心", "9", "6", "3"],
    ]
    assert codes(tables=[table]) == []
    table[2][1] = "21"
    (finding,) = told(tables=[table])
    assert (finding.code, finding.span.place) == ("A108", "t1r3c2")


SHEET = [
    ["一级指标", "三级指标", "指标值", "实际完成值", "分值", "得分", "扣分原因"],
    ["产出（30分）", "企业数", "≥10家", "12家", "10", "10", ""],
    ["^", "达标率", "100%", "95%", "20", "18", "两家未达标"],
    ["效益（20分）", "满意度", "≥90%", "93%", "20", "20", ""],
    ["总分", "", "", "", "50", "48", ""],
]


def test_a_score_sheet_that_agrees_is_not_told() -> None:
    assert codes("自评得分为48分。", tables=[SHEET]) == []


@pytest.mark.parametrize(
    ("row", "column", "text", "code"),
    [
        (1, 5, "11", "A110"),
        (2, 6, "", "A116"),
        (3, 3, "", "A117"),
        (4, 5, "50", "A107"),
        (1, 0, "产出（40分）", "A107"),
    ],
)
def test_a_slip_in_a_score_sheet_is_told(row: int, column: int, text: str, code: str) -> None:
    sheet = [list(cells) for cells in SHEET]
    sheet[row][column] = text
    assert code in codes(tables=[sheet])


GOALS = "全面完成年度工业投资目标，推动产业转型升级，服务企业发展，扎实做好各项工作"
FORM = [
    ["项目名称", "专项资金", "", "", "", "", ""],
    ["资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    ["年度资金总额", "80", "100", "95", "10", "95%", "9.5"],
    ["年度总体目标", GOALS, "", "", "", GOALS, ""],
    ["绩效指标", "一级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
    ["^", "产出", "企业数", "≥10家", "12家", "50", "50"],
    ["^", "效益", "满意度", "≥90%", "93%", "40", "40"],
]


def test_each_part_of_a_form_has_its_own_heads() -> None:
    assert codes(tables=[FORM]) == []
    form = [list(cells) for cells in FORM]
    form[6][6] = "41"
    form[2][5] = "59%"
    assert codes(tables=[form]) == ["A109", "A110"]


def test_a_rate_of_execution_may_be_of_the_first_budget() -> None:
    form = [list(cells) for cells in FORM]
    form[2][5] = "118.75%"
    assert codes(tables=[form]) == []


def test_results_that_repeat_their_targets_are_told_once() -> None:
    head = ["三级指标", "指标值", "实际完成值", "分值", "得分"]
    rows = [[f"指标{n}", f"{n * 17}家", f"{n * 17}家", "5", "5"] for n in range(2, 7)]
    assert codes(tables=[[head, *rows]]) == ["A120"]
    others = [[name, f"≥{target}", *rest] for name, target, *rest in rows]
    assert codes(tables=[[head, *others]]) == []


def test_points_are_never_rounded() -> None:
    sheet = [["指标", "分值", "得分"], *[[f"指标{n}", "10", "10"] for n in range(10)]]
    found = told(tables=[[*sheet, ["总分", "100", "99"]]])
    assert [(each.code, each.severity) for each in found] == [("A107", "error")]


def test_a_score_of_the_text_is_held_to_the_sheet() -> None:
    assert codes("自评得分为49分。", tables=[SHEET]) == ["A112"]


def test_what_nothing_could_be_held_to_is_counted() -> None:
    result = audited("受理诉求2486个，解决2273个，办结率91.43%。另有企业58家。")
    assert (result.checked, result.unchecked) == (3, 1)


def test_last_year_is_held_to_its_own_document() -> None:
    last = reading("2019年度财政拨款收入1171万元，全部用于基本支出。")
    now = "2020年度财政拨款收入5296万元，比上年{}万元增加{}万元。"
    assert audit(reading(now.format(1171, 4125)), last).findings == ()
    (finding,) = audit(reading(now.format(1117, 4179)), last).findings
    assert (finding.code, finding.params["stated"]) == ("A118", "1117万元")


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("全年共安排5个项目，具体如下：", ["A205"]),
        ("全年共安排3个项目，具体如下：", []),
        ("项目共5个。", ["A205"]),
        ("全年共完成5个项目。", []),
        ("全年共安排5个项目，其中本级项目3个。", []),
        ("全年共安排5个项目单位。", []),
        ("全年共安排5个项目，主要项目如下：", []),
        ("全年安排5个项目。", []),
        ("全年共安排约5个项目。", []),
    ],
)
def test_the_number_of_what_a_table_beside_it_lists_is_held_to_its_rows(
    sentence: str, found: list[str]
) -> None:
    rows = [["序号", "项目名称", "金额（万元）"], ["1", "甲项目", "2"], ["2", "乙项目", "3"]]
    rows += [["3", "丙项目", "4"], ["", "合计", "9"]]
    assert codes(sentence, tables=[rows]) == found
    assert codes(sentence, "另有说明。", tables=[rows]) == []
    grouped = [*rows[:2], ["", "其中：乙项目", "1"], *rows[2:4], ["", "合计", "9"]]
    assert "A205" not in codes(sentence, tables=[grouped])
    assert "A205" not in codes(sentence, tables=[rows, rows])


NOW = ("怀化市工业和信息化局", "2023年度部门整体支出绩效自评报告")
TEXT = "全年组织培训12期，培训企业负责人和技术骨干共计860人次。"


@pytest.mark.parametrize(
    ("title", "found"),
    [
        (("怀化市工业和信息化局", "2022年度部门整体支出绩效自评报告"), ["A306"]),
        (("2022年度怀化市工信局整体支出绩效自评报告",), ["A306"]),
        (("湖南省怀化市工业和信息化局", "部门整体支出绩效自评报告"), ["A306"]),
        (("绩效自评报告", "单位名称：怀化市工业和信息化局（盖章）", "2023年6月30日"), ["A306"]),
        (("绩效自评报告", "怀化市财政局（制）"), ["A306"]),
        (("2022年度怀化市专项资金绩效自评报告",), ["A306"]),
        (("怀化市工业和信息化局", "2021年度部门整体支出绩效自评报告"), ["A311"]),
        (NOW, ["A311"]),
        (("益阳市工业和信息化局", "2022年度部门整体支出绩效自评报告"), ["A312"]),
        (("2022年度绩效自评报告", "部门（单位）名称：怀化市财政局"), ["A312"]),
        (("2022年度益阳市专项资金绩效自评报告",), ["A312"]),
        (("益阳市财政局", "2023年度部门整体支出绩效自评报告"), ["A311", "A312"]),
    ],
)
def test_a_document_of_another_year_or_unit_is_told_and_not_compared(
    title: tuple[str, ...], found: list[str]
) -> None:
    told = audit(reading(*NOW, TEXT), reading(*title, TEXT)).findings
    assert sorted(each.code for each in told) == found


def test_a_sentence_that_is_last_years_word_for_word_is_told() -> None:
    sentence = "全年组织培训12期，培训企业负责人和技术骨干共计860人次。"
    assert [each.code for each in audit(reading(sentence), reading(sentence)).findings] == ["A306"]
    changed = sentence.replace("860", "910")
    assert audit(reading(changed), reading(sentence)).findings == ()


def test_numbers_of_a_sentence_without_end_are_read_in_parts() -> None:
    many = audited("支出100万元，占总支出的3%，" * 3_000)
    assert sum(map(len, many.statements.sentences)) == 6_000
    assert max(map(len, many.statements.sentences)) <= 60
