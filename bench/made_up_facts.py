"""Draws the facts of made-up reports, so that what must agree does.

Amounts are in 万元, exact to the hundredth. What a unit has in a year is near what it has in
others; one in 25 is far behind with its projects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any, NamedTuple

from bench.made_up_lines import (
    BEHIND,
    COUNTED,
    ECONOMIC,
    FUNDS,
    HUAIHUA,
    IMPROVEMENTS,
    PROBLEMS,
    SOURCES,
    YIYANG,
    YUEYANG,
    YUEYANG_FUND,
)

FIRST_YEAR = 2021
CENT = Decimal("0.01")
Facts = dict[str, Any]


class Unit(NamedTuple):
    """A bureau: its folder and names, its report, how large it is (1 in the middle).

    `texts` is the file in models/ that has the texts of its report.
    """

    folder: str
    city: str
    field: str
    report: str
    texts: str
    size: float


class Draw:
    """Draws the facts of a unit in a year; the same each time it is asked.

    `home` draws the same in every year, `random` another each year.
    """

    def __init__(self, unit: Unit, year: int) -> None:
        self.unit = unit
        self.year = year
        self.home = Random(unit.folder)
        self.random = Random(f"{unit.folder} {year}")
        self.growth = (1 + unit.size / 40) ** (year - FIRST_YEAR)

    def money(self, low: float, high: float) -> Decimal:
        """Return an amount that suits the size of the unit, and is near that of other years."""
        return cents(self._sized(low, high))

    def part(self, amount: Decimal, low: float, high: float) -> Decimal:
        """Return a part of an amount, between two shares of it."""
        return cents(float(amount) * self.random.uniform(low, high))

    def count(self, low: int, high: int) -> int:
        """Return a number that suits the size of the unit, and is near that of other years."""
        return max(1, round(self._sized(low, high)))

    def _sized(self, low: float, high: float) -> float:
        size = self.unit.size * self.growth * self.random.uniform(0.93, 1.07)
        return self.home.uniform(low, high) * size

    def rate(self, low: float, high: float) -> Decimal:
        """Return a percentage with one decimal."""
        return Decimal(str(round(self.random.uniform(low, high), 1)))

    def lost(self, points: int) -> Decimal:
        """Return what is lost of so many points, mostly nothing."""
        most = Decimal(points) / 5
        chosen = self.random.choice([0, 0, 0, 0, 1, 2])
        return min(most, Decimal(chosen) / 2)


def cents(value: float) -> Decimal:
    """Return a number of 万元 to two decimals."""
    return Decimal(str(value)).quantize(CENT, ROUND_HALF_UP)


def common(draw: Draw) -> Facts:
    """Return what every report has: names, its work, its problems."""
    unit, random = draw.unit, draw.random
    facts: Facts = {
        "name": f"{unit.city}{unit.field}局",
        "short_name": f"市{unit.field}局",
        "city": unit.city,
        "field": unit.field,
        "mark": unit.city[0] + "市",
        "year": draw.year,
        "next_year": draw.year + 1,
        "number": random.randint(2, 90),
        "problem": random.choice(PROBLEMS),
        "improvement": random.choice(IMPROVEMENTS),
        "folder": f"data/{unit.folder}/{draw.year}/{unit.report}",
        "satisfied": draw.rate(90.5, 99),
    }
    for name, low, high in COUNTED:
        facts[f"{name}_target"] = draw.count(low, high)
        facts[name] = facts[f"{name}_target"] + random.randint(0, facts[f"{name}_target"] // 5)
    for name in ("handled_rate", "mended_rate"):
        facts[f"{name}_target"] = Decimal(random.choice(["90", "92", "95"]))
        facts[name] = facts[f"{name}_target"] + draw.rate(0.5, 4.5)
    return facts


def share_spent(draw: Draw) -> tuple[float, float]:
    """Return between which shares projects spend their budgets: few units fall far behind."""
    return (0.45, 0.7) if draw.random.random() < 0.04 else (0.91, 0.995)


def fund_rows(draw: Draw, count: int, spent: tuple[float, float]) -> list[Facts]:
    """Return so many funds with budget and outturn."""
    rows = []
    for number, name in enumerate(draw.home.sample(FUNDS, count), start=1):
        budget = draw.money(8, 60)
        row = {"id": f"fund{number}", "name": f"{draw.unit.field}{name}经费", "budget": budget}
        rows.append({**row, "outturn": draw.part(budget, *spent)})
    return rows


def total(rows: Sequence[Mapping[str, Any]], column: str) -> Decimal:
    """Return the sum of a column, in which what is not there is nothing."""
    return sum((row[column] for row in rows if row[column] != ""), Decimal(0))


def department_of_huaihua(draw: Draw) -> Facts:
    """Return the facts of 怀化市部门整体支出."""
    facts = common(draw)
    spent = share_spent(draw)
    funds = []
    for row, source in zip(fund_rows(draw, 12, spent), SOURCES, strict=True):
        category = "业务工作经费" if len(funds) < 5 else "市级专项资金"
        initial = "" if source == "上级" else row["budget"]
        outturn = cents(float(row["outturn"]) / 10) if source == "上级" else row["outturn"]
        more = {"category": category, "source": source, "initial": initial, "outturn": outturn}
        funds.append({**row, **more})
    economic = []
    for number, (name, category, low, high) in enumerate(ECONOMIC, start=1):
        item = {"id": f"item{number}", "name": name, "category": category}
        economic.append({**item, "outturn": draw.money(low, high)})
    goods_rows = [row for row in economic if row["category"] == "商品和服务支出"]
    basic, goods = total(economic, "outturn"), total(goods_rows, "outturn")
    project = total(funds, "outturn")
    nontax = total([row for row in funds if row["source"] == "非税"], "outturn")
    other = draw.money(1, 6)
    vehicles, reception = draw.money(4, 20) / 2, draw.money(1, 5) / 2
    shrinking = Decimal(30 - (draw.year - FIRST_YEAR)) / 30
    vehicles, reception = cents(float(vehicles * shrinking)), cents(float(reception * shrinking))
    facts |= {
        **_staff(draw),
        "funds": funds,
        "economic": economic,
        "basic_initial": basic + draw.money(2, 30),
        "goods": goods,
        "goods_initial": goods + draw.money(0, 5),
        "other": other,
        "nontax": nontax,
        "general": basic + project - nontax - other,
        "vehicles": vehicles,
        "vehicles_initial": vehicles + draw.money(0, 2),
        "reception": reception,
        "reception_initial": reception + draw.money(0, 1),
        "cars": draw.count(2, 8),
        "procurement": draw.money(5, 40),
    }
    for name, share in (("office", 0.2), ("travel", 0.25), ("meetings", 0.1)):
        facts[name] = draw.part(goods, share / 2, share)
        facts[f"{name}_initial"] = draw.part(goods, share / 2, share)
    facts["procurement_initial"] = facts["procurement"] + draw.money(0, 4)
    facts["approved"] = facts["basic_initial"] + total(funds, "initial")
    rate = min(Decimal(1), (basic + project) / facts["approved"])
    facts["ratings"] = _ratings(draw, rate, HUAIHUA)
    return facts


def _staff(draw: Draw) -> Facts:
    """Return the posts of a bureau and who is in them."""
    administrative, service, institution = draw.count(20, 60), draw.count(1, 3), draw.count(8, 30)
    quota = administrative + service + institution
    posts = {"administrative": administrative, "service": service, "institution": institution}
    staff = quota - draw.random.randint(0, quota // 8)
    return {**posts, "quota": quota, "staff": staff, "retired": draw.count(5, 40)}


def _ratings(draw: Draw, rate: Decimal, lines: Sequence[tuple[str, ...]]) -> list[Facts]:
    """Return ratings of `lines`: id, name, levels, target, actual, points, and the level reached.

    The execution of the budget gets what its rate is worth; what has a level is judged.
    """
    rows = []
    for id_, name, level1, level2, target, actual, points, level in lines:
        scored = Decimal(points) - draw.lost(int(points))
        score = rate * 10 // Decimal("0.1") / 10 if id_ == "execution" else scored
        reason = BEHIND if score < Decimal(points) else ""
        row = {"id": id_, "name": name, "level1": level1, "level2": level2, "points": points}
        row |= {"target": target, "actual": actual, "level": level}
        rows.append({**row, "score": score, "deviation": reason})
    return rows


def fund_of_huaihua(draw: Draw) -> Facts:
    """Return the facts of 怀化市专项资金."""
    facts = common(draw)
    funds = []
    for number, row in enumerate(fund_rows(draw, 11, share_spent(draw))):
        initial = "" if number == 10 else draw.part(row["budget"], 0.85, 1)
        category = "市级专项资金" if initial == "" else "业务工作经费"
        funds.append({**row, "category": category, "initial": initial})
    facts |= {"funds": funds, "approved": total(funds, "budget"), "score": draw.rate(78, 99)}
    return facts


def fund_of_yiyang(draw: Draw) -> Facts:
    """Return the facts of 益阳市专项资金."""
    facts = common(draw)
    funds = []
    for number, row in enumerate(fund_rows(draw, 8, share_spent(draw))):
        funds.append(
            {**row, "aspect": ("公共服务类项目", "能力建设类项目", "奖励类项目")[number % 3]}
        )
    budget = total(funds, "budget")
    facts |= {"funds": funds, "initial": budget, "budget": budget}
    ratings = _ratings(draw, Decimal(1), YIYANG)
    for row in ratings:
        if not row["level"] and row["id"] not in {"on_time", "economy"}:
            row["score"] = row["deviation"] = ""
    if total(funds, "outturn") < budget:
        ratings[0]["deviation"] = BEHIND
    facts["ratings"] = ratings
    return facts


def department_of_yongzhou(draw: Draw) -> Facts:
    """Return the facts of 永州市部门整体支出."""
    facts = common(draw)
    funds = fund_rows(draw, 7, share_spent(draw))
    pay, goods = draw.money(500, 900), draw.money(90, 200)
    project = total(funds, "outturn")
    added = draw.money(5, 40)
    facts |= {
        **_staff(draw),
        "funds": funds,
        "pay": pay,
        "goods": goods,
        "project": project,
        "project_initial": draw.part(project, 0.3, 0.8),
        "added": added,
        "basic_initial": pay + goods - added,
        "income": pay + goods + total(funds, "budget") + draw.money(1, 30),
        "spending": pay + goods + project,
        "score": draw.rate(78, 99),
    }
    return facts


def department_of_yueyang(draw: Draw) -> Facts:
    """Return the facts of 岳阳市部门整体支出."""
    facts = common(draw)
    rows = []
    for id_, name in (("bureau", "局机关"), ("center", f"{draw.unit.field}事务中心")):
        project = draw.money(150, 600)
        row = {
            "id": id_,
            "name": name,
            "personnel": draw.money(200, 700),
            "operating": draw.money(40, 120),
            "project": project,
            "other": draw.money(1, 20),
            "carried": draw.part(project, 0.15, 0.4),
            "reception": draw.money(0.5, 3),
            "vehicles": draw.money(2, 9),
            "assets": draw.money(300, 2000),
        }
        row["general"] = row["personnel"] + row["operating"] + draw.part(project, 0.86, 0.99)
        rows.append(row)
    personnel, operating = total(rows, "personnel"), total(rows, "operating")
    project = total(rows, "project")
    three_public = total(rows, "reception") + total(rows, "vehicles")
    goods_project, capital_project = draw.part(project, 0.3, 0.5), draw.part(project, 0.1, 0.3)
    goods_basic, pay = draw.part(operating, 0.8, 0.95), draw.part(personnel, 0.6, 0.8)
    spending = personnel + operating + project
    procurement = draw.money(20, 80)
    official = draw.money(10, 30)
    facts |= {
        **_staff(draw),
        "institutions": rows,
        "pay": pay,
        "subsidies": personnel - pay,
        "goods": goods_basic + goods_project,
        "goods_project": goods_project,
        "capital": operating - goods_basic + capital_project,
        "capital_project": capital_project,
        "enterprises": project - goods_project - capital_project,
        "code": draw.random.randint(100_000, 999_999),
        "three_public_last": three_public + draw.money(0, 2),
        "three_public_budget": three_public + draw.money(0, 2),
        "key_projects": draw.part(project, 0.82, 0.99),
        "initial": draw.part(spending, 0.8, 0.99),
        "procurement": procurement,
        "procurement_initial": procurement + draw.random.choice([0, 0, 1]),
        "official": official,
        "official_card": draw.part(official, 0.42, 0.9),
        "late": draw.random.choice([0, 0, 0, 1, 2]),
    }
    facts["adjusted"] = draw.part(facts["initial"], 0.03, 0.15)
    facts["ratings"] = _checked_ratings(draw, YUEYANG)
    return facts


def _checked_ratings(draw: Draw, lines: Sequence[tuple[str, ...]]) -> list[Facts]:
    """Return ratings of `lines`: id, name, levels, points, target and actual, and how it is scored.

    That is by a rule (nothing), by points of a list that each are met, or by hand (a star); with
    a level where it says one.
    """
    rows = []
    for id_, name, level1, level2, points, target, actual, scored in lines:
        row = {"id": id_, "name": name, "level1": level1, "level2": level2, "points": points}
        row |= {"target": target, "actual": actual, "score": "", "checks": "", "level": ""}
        row["deviation"] = BEHIND if scored == "" else ""
        if scored.startswith("["):
            row["checks"] = scored
        elif scored:
            lost = draw.lost(int(points)) if scored == "*" else Decimal(0)
            row["score"] = Decimal(points) - lost
            row["deviation"] = BEHIND if lost else ""
            row["level"] = scored.strip("*")
        rows.append(row)
    return rows


def fund_of_yueyang(draw: Draw) -> Facts:
    """Return the facts of 岳阳市财政支出（项目）."""
    facts = common(draw)
    spent = share_spent(draw)
    central, municipal = draw.money(200, 900), draw.money(50, 300)
    outlays = []
    for number, name in enumerate(draw.home.sample(FUNDS, 4), start=1):
        of_city = number == 4
        amount = draw.part(municipal if of_city else central / 3, *spent)
        row = {"id": f"outlay{number}", "name": f"采购{name}设备和服务", "amount": amount}
        row["source"] = "市财政" if of_city else "中央财政"
        outlays.append({**row, "voucher": draw.random.randint(1000, 9999)})
    ratings = _checked_ratings(draw, YUEYANG_FUND)
    asked = draw.count(60, 200)
    content = round(asked * draw.random.uniform(0.91, 0.99))
    full = sum(Decimal(row["points"]) for row in ratings if row["score"] == "")
    facts |= {
        "central": central,
        "municipal": municipal,
        "municipal_received": municipal,
        "outlays": outlays,
        "ratings": ratings,
        "asked": asked,
        "content": content,
        "score": full + total(ratings, "score"),
    }
    return facts
