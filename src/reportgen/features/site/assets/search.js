// Full-text search over files: takes what is asked for apart into words as search_words.py does,
// fetches the files that hold them, and shows the reports in which they follow each other.
"use strict";

const PAGE = 10;
const AROUND = 40;
const HAN = "\\u3007\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const JOINED = " \"'“”‘’()<>\\[\\]〈〉《》「」『』【】〔〕";
const PIECES = new RegExp(
  "(?<number>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\\.[0-9]+)?)(?<share> ?[%‰])?" +
    "|(?<letters>[a-z\\u00df-\\u024f\\u0370-\\u052f]+)" +
    `|(?<han>[${HAN}])|(?<stop>[^${JOINED}])`,
  "gu",
);
const BLOCKS = "h1, .about dd, .text :is(h1, h2, h3, h4, h5, h6, p, th, td, caption, li)";

const $ = (id) => document.getElementById(id);
const form = $("search"), narrow = $("narrow"), told = $("told"), found = $("found"), more = $("more");
const years = JSON.parse(form.dataset.years);

// Characters

const folded = new Map([["\n", "\n"], ["，", "。"]]);
const equivalents = new Map();

async function readEquivalents() {
  for (const line of (await text("equivalents.txt")).split("\n")) {
    if (line.startsWith("#")) continue;
    const [normal, ...others] = line;
    for (const other of others) equivalents.set(other, normal);
  }
}

function even(character) {
  let form = folded.get(character);
  if (form === undefined) {
    form = " ";
    if (!/\s/u.test(character)) {
      const normal = /[\p{Cf}\p{DI}]/u.test(character) ? "" : character.normalize("NFKC");
      const simple = Array.from(normal, (each) => equivalents.get(each) ?? each);
      form = simple.join("").toLowerCase().replace(/\s/gu, "");
    }
    folded.set(character, form);
  }
  return form;
}

// Words: a unit is a Chinese character, a number, a word of letters, or what parts sentences

function units(source) {
  let plain = "";
  const starts = [], ends = [];
  let at = 0;
  for (const character of source) {
    const form = even(character);
    plain += form;
    for (let each = 0; each < form.length; each++) {
      starts.push(at);
      ends.push(at + character.length);
    }
    at += character.length;
  }
  const taken = [];
  for (const piece of plain.matchAll(PIECES)) {
    const { number, share = "", letters, han, stop } = piece.groups;
    const word = han ?? letters ?? (stop === undefined ? numberWord(number) : "");
    taken.push({
      word,
      signed: word + share.trim(),
      han: han !== undefined,
      single: han === undefined && stop === undefined,
      from: starts[piece.index],
      to: ends[piece.index + piece[0].length - 1],
    });
  }
  return taken;
}

function numberWord(number) {
  let plain = number.replaceAll(",", "");
  if (plain.includes(".")) plain = plain.replace(/0+$/, "").replace(/\.$/, "");
  return plain.replace(/^0+(?=[0-9])/, "");
}

// The words that a phrase needs, each with its place in it; none where it is a single character.
function needed(taken) {
  const list = [];
  let run = 0;
  taken.forEach((unit, at) => {
    const before = taken[at - 1], next = taken[at + 1];
    run = unit.han && before?.han ? run + 1 : 0;
    if (unit.single) list.push([unit.signed, at]);
    else if (unit.han && next?.han) {
      if (run % 2 === 0 || !taken[at + 2]?.han) list.push([unit.word + next.word, at]);
    } else if (unit.han && !before?.han) {
      if (before?.single) list.push([before.signed + unit.word, at - 1]);
      else if (before || next) list.push([unit.word, at]);
    }
  });
  return list;
}

// Places in one text where the units of a phrase stand in a row.
function occurrences(text, phrase) {
  const places = [];
  const same = (one, other) =>
    one.han === other.han && one.single === other.single && one.word === other.word &&
    (other.signed === other.word || one.signed === other.signed);
  for (let at = 0; at + phrase.length <= text.length; at++) {
    if (phrase.every((unit, each) => same(text[at + each], unit))) {
      places.push([text[at].from, text[at + phrase.length - 1].to]);
    }
  }
  return places;
}

// The index

const fetched = new Map();

function text(path) {
  if (!fetched.has(path)) {
    const got = fetch(path).then((answer) => {
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.text();
    });
    got.catch(() => fetched.delete(path));
    fetched.set(path, got);
  }
  return fetched.get(path);
}

function crc32(word) {
  let sum = -1;
  for (const byte of new TextEncoder().encode(word)) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
}

const parsed = new Map();

async function wordsOf(path) {
  const read = await text(path);
  if (!parsed.has(path)) parsed.set(path, JSON.parse(read));
  return parsed.get(path);
}

// The places of a word in each report of a year that has it.
async function placesOf(word, [, files, folder]) {
  const all = await wordsOf(`${folder}${crc32(word) & (files - 1)}.json`);
  const places = new Map();
  if (!Object.hasOwn(all, word)) return places;
  for (const entry of all[word].split(";")) {
    const [report, gaps] = entry.split(".");
    let at = 0;
    places.set(parseInt(report, 16), gaps.split(",").map((gap) => (at += parseInt(gap, 16))));
  }
  return places;
}

// How often a phrase stands in each report of a year.
async function counts(words, year) {
  const all = await Promise.all(words.map(([word]) => placesOf(word, year)));
  const rarest = all.reduce((least, each, at) => (each.size < all[least].size ? at : least), 0);
  const counted = new Map();
  for (const [report, places] of all[rarest]) {
    if (!all.every((each) => each.has(report))) continue;
    let starts = places.map((place) => place - words[rarest][1]);
    words.forEach(([, offset], at) => {
      if (at === rarest) return;
      const there = new Set(all[at].get(report));
      starts = starts.filter((start) => there.has(start + offset));
    });
    if (starts.length) counted.set(report, starts.length);
  }
  return counted;
}

async function searchYear(phrases, year) {
  const all = await Promise.all(phrases.map((phrase) => counts(phrase.words, year)));
  const reports = all.some((each) => each.size) ? await wordsOf(`${year[2]}reports.json`) : [];
  const [first, ...others] = all;
  const results = [];
  for (const [number, count] of first) {
    if (!others.every((each) => each.has(number))) continue;
    const [address, title, unit, kind, date] = reports[number];
    const named = units(title);
    results.push({
      address, title, unit, kind, date,
      year: String(year[0]),
      count: others.reduce((sum, each) => sum + each.get(number), count),
      titled: phrases.every(({ taken }) => occurrences(named, taken).length > 0),
    });
  }
  return results;
}

function phrasesOf(query) {
  const phrases = [];
  for (const part of query.split(/\s+/u)) {
    const taken = units(part);
    const words = needed(taken);
    if (words.length) phrases.push({ taken, words });
  }
  return phrases;
}

// Those whose title says it first, then the newest.
function inOrder(one, other) {
  return other.titled - one.titled || compare(other.date, one.date) || compare(one.address, other.address);
}

function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}

// The page

let results = [], phrases = [], shown = 0, asked = 0;

function element(name, content = "", className = "") {
  const made = document.createElement(name);
  made.textContent = content;
  if (className) made.className = className;
  return made;
}

function tell(sentence) {
  told.textContent = sentence;
}

async function search(chosen) {
  const turn = ++asked;
  const query = form.elements.q.value.trim();
  found.replaceChildren();
  narrow.hidden = more.hidden = true;
  results = [];
  if (!query) return tell("");
  tell("正在查找……");
  try {
    if (!equivalents.size) await readEquivalents();
    phrases = phrasesOf(query);
    if (!phrases.length) return tell("单独一个汉字查不了，至少写两个字或一个数。");
    const all = await Promise.all(years.map((year) => searchYear(phrases, year)));
    if (turn !== asked) return;
    results = all.flat().sort(inOrder);
  } catch (error) {
    if (turn === asked) tell(failure());
    console.warn(error);
    return;
  }
  choices("year", chosen);
  choices("unit", chosen);
  choices("kind", chosen);
  list();
}

function failure() {
  if (location.protocol === "file:") {
    return "从文件夹直接打开网页时，浏览器不让读检索的文件；放到网站上再检索，或者按单位、年度、类别查找。";
  }
  return "检索的文件没有取到：刷新网页再试，网站可能刚刚更新；也可以按单位、年度、类别查找。";
}

function choices(name, chosen) {
  const counted = new Map();
  for (const result of results) counted.set(result[name], (counted.get(result[name]) ?? 0) + 1);
  const values = [...counted.keys()].sort((one, other) =>
    name === "year" ? other - one : one.localeCompare(other, "zh-CN"),
  );
  const select = narrow.elements[name];
  select.replaceChildren(new Option(`全部（${results.length}）`, ""));
  for (const value of values) select.add(new Option(`${value}（${counted.get(value)}）`, value));
  select.value = counted.has(chosen?.[name]) ? chosen[name] : "";
}

function chosenResults() {
  const wanted = ["year", "unit", "kind"].map((name) => [name, narrow.elements[name].value]);
  return results.filter((result) => wanted.every(([name, value]) => !value || result[name] === value));
}

function list() {
  const left = chosenResults();
  found.replaceChildren();
  shown = 0;
  narrow.hidden = results.length < 2;
  const total = left.reduce((sum, each) => sum + each.count, 0);
  tell(left.length ? `找到 ${left.length} 份报告，共 ${total} 处。` : "没有报告有这些文字。");
  add(left);
}

function add(left) {
  const first = shown;
  for (const result of left.slice(shown, shown + PAGE)) found.append(item(result));
  shown = Math.min(left.length, shown + PAGE);
  more.hidden = shown >= left.length;
  more.textContent = `再看 ${Math.min(PAGE, left.length - shown)} 份（还有 ${left.length - shown} 份）`;
  return found.children[first];
}

function item(result) {
  const made = element("li"), title = element("h2"), link = element("a", result.title);
  link.href = `../${result.address.split("/").map(encodeURIComponent).join("/")}index.html`;
  title.append(link);
  const said = [result.unit, `${result.year}年度`, result.kind, result.date, `${result.count} 处`];
  const excerpt = element("p", "", "excerpt");
  made.append(title, element("p", said.filter(Boolean).join(" · "), "of"), excerpt);
  showExcerpt(link, excerpt);
  return made;
}

// The first place in the text, with a link that leads there where the browser knows how to.
async function showExcerpt(link, excerpt) {
  const wanted = phrases;
  let page;
  try {
    page = new DOMParser().parseFromString(await text(link.href), "text/html");
  } catch {
    return;
  }
  for (const line of page.querySelectorAll("br")) line.replaceWith(" ");
  let best = null;
  for (const block of page.querySelectorAll(BLOCKS)) {
    if (block.querySelector(BLOCKS)) continue;
    const source = block.textContent, taken = units(source);
    const places = wanted.map(({ taken: phrase }) => occurrences(taken, phrase));
    const rank = 2 * places.filter((each) => each.length).length + Boolean(block.closest(".text"));
    if (rank > 1 && rank > (best?.rank ?? 0)) best = { source, marks: places.flat(), rank };
  }
  if (best === null) return;
  marked(excerpt, best.source, best.marks.sort(([one], [other]) => one - other));
  const [from, to] = best.marks[0];
  const directive = encodeURIComponent(best.source.slice(from, to).trim()).replaceAll("-", "%2D");
  if (best.rank % 2) link.href += `#:~:text=${directive}`;
}

function marked(excerpt, source, marks) {
  const start = Math.max(0, marks[0][0] - AROUND);
  const end = Math.min(source.length, Math.max(marks[0][1] + AROUND, start + 3 * AROUND));
  let at = start;
  excerpt.append(start ? "……" : "");
  for (const [from, to] of marks) {
    if (from < at || to > end) continue;
    excerpt.append(source.slice(at, from), element("mark", source.slice(from, to)));
    at = to;
  }
  excerpt.append(source.slice(at, end), end < source.length ? "……" : "");
}

// What a person does

function keep(push) {
  const kept = new URLSearchParams();
  const query = form.elements.q.value.trim();
  if (query) kept.set("q", query);
  for (const name of ["year", "unit", "kind"]) {
    if (narrow.elements[name].value) kept.set(name, narrow.elements[name].value);
  }
  history[push ? "pushState" : "replaceState"](null, "", `?${kept}`);
}

function restore() {
  const kept = new URLSearchParams(location.search);
  form.elements.q.value = kept.get("q") ?? "";
  return search(Object.fromEntries(kept));
}

form.hidden = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  for (const select of narrow.elements) select.value = "";
  keep(true);
  await search();
});
narrow.addEventListener("submit", (event) => event.preventDefault());
narrow.addEventListener("change", () => {
  keep(false);
  list();
});
more.addEventListener("click", () => add(chosenResults()).querySelector("a").focus());
addEventListener("popstate", restore);
restore();
