// Keeps the open page as the server has it: hears of a new version, fetches the page, and
// exchanges only what differs, so that the place on the screen, the focus and what was folded
// open stay. Without this script the page is the same, but does not change by itself.
"use strict";

const bar = () => document.querySelector(".pv-bar");
const SHELLS = new Set(["BODY", "NAV", "MAIN", "ARTICLE", "SECTION", "DETAILS", "DIV", "UL", "OL", "TABLE", "THEAD", "TBODY", "TR"]);
const children = (node) => [...node.childNodes].filter((n) => n.nodeType !== 3 || n.data.trim());
const kind = (node) => node.nodeName + (node.classList?.contains("pv-remark") ? " remark" : "");

// Makes `old` equal to `fresh`, keeping every node of `old` that is in both.
function exchange(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (old.nodeName !== fresh.nodeName || !SHELLS.has(old.nodeName)) {
    if (old.textContent !== fresh.textContent) flag(fresh, old.parentNode);
    old.replaceWith(fresh);
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const [before, after] = [children(old), children(fresh)];
  while (before.length && after.length && before[0].isEqualNode(after[0])) {
    before.shift();
    after.shift();
  }
  let last = null;
  while (before.length && after.length && before.at(-1).isEqualNode(after.at(-1))) {
    last = before.pop();
    after.pop();
  }
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...common(before, after), [before.length, after.length]]) {
    gap(old, before.slice(i, nextI), after.slice(j, nextJ), before[nextI] ?? last);
    [i, j] = [nextI + 1, nextJ + 1];
  }
}

// Exchanges nodes between two that stayed: those of a kind pair up, the rest come or go.
function gap(parent, before, after, next) {
  for (const node of after) {
    const at = before.findIndex((each) => kind(each) === kind(node));
    if (at < 0) {
      flag(node, parent);
      parent.insertBefore(node, before[0] ?? next);
      continue;
    }
    for (const gone of before.splice(0, at)) gone.remove();
    exchange(before.shift(), node);
  }
  for (const gone of before) gone.remove();
}

// The longest common subsequence of two lists of nodes, as pairs of indices.
function common(before, after) {
  const [a, b] = [before, after].map((nodes) => nodes.map((n) => n.outerHTML ?? n.data));
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      best[i][j] = a[i] === b[j] ? best[i + 1][j + 1] + 1 : Math.max(best[i + 1][j], best[i][j + 1]);
    }
  }
  const pairs = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (best[i + 1][j] >= best[i][j + 1]) i++;
    else j++;
  }
  return pairs;
}

function flag(node, parent) {
  if (node.nodeType === 1 && parent.closest("article") && kind(node) === node.nodeName) node.classList.add("pv-new");
}

function anchors() {
  const top = bar() ? bar().getBoundingClientRect().bottom : 0;
  return [...document.querySelectorAll("main :is(h1, h2, h3, h4, p, li, tr)")]
    .filter((node) => node.getBoundingClientRect().bottom > top)
    .slice(0, 60)
    .map((node) => [node, node.getBoundingClientRect().top]);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!page.querySelector(".pv-bar")) return;
  for (const now of page.querySelectorAll(".pv-top details")) {
    const was = document.querySelector(`.pv-top details.${now.className}`);
    if (was) now.open = was.open;
  }
  const said = (details) => details.firstElementChild.textContent;
  const opened = [...document.querySelectorAll(".aside[open]")].map(said);
  for (const data of page.querySelectorAll(".aside")) data.open = opened.includes(said(data));
  const kept = anchors();
  const figures = [...document.querySelectorAll(".figure")];
  const focus = figures.indexOf(document.activeElement);
  const style = document.querySelector("head > style");
  const styleNow = page.querySelector("head > style");
  if (style && styleNow && style.textContent !== styleNow.textContent) style.textContent = styleNow.textContent;
  document.title = page.title;
  exchange(document.body, document.adoptNode(page.body));
  if (focus >= 0 && !figures[focus].isConnected) {
    document.querySelectorAll(".figure")[focus]?.focus({ preventScroll: true });
  }
  const place = kept.find(([node]) => node.isConnected);
  if (place && scrollY) scrollBy({ top: place[0].getBoundingClientRect().top - place[1], behavior: "instant" });
  setTimeout(() => {
    for (const node of document.querySelectorAll(".pv-new")) {
      node.classList.remove("pv-new");
      if (!node.className) node.removeAttribute("class");
    }
  }, 1700);
}

let busy = false;
let again = false;
async function update() {
  again = true;
  if (busy) return;
  busy = true;
  try {
    while (again) {
      again = false;
      await refresh();
    }
  } catch {
    offline();
  } finally {
    busy = false;
  }
}

function offline() {
  const state = bar()?.querySelector(".pv-state");
  if (!state) return;
  state.textContent = bar().dataset.offline;
  bar().classList.add("pv-offline");
}

function listen() {
  const events = new EventSource(bar().dataset.events);
  events.onmessage = ({ data }) => {
    if (bar().dataset.version !== data || bar().classList.contains("pv-offline")) update();
  };
  events.onerror = offline;
  addEventListener("pagehide", () => events.close());
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.(".figure")) return;
  const links = event.target.querySelectorAll(".pv-place[href]");
  if (links.length) links[links.length - 1].click();
});
document.addEventListener("click", (event) => {
  if (!event.target.closest?.(".pv-count")) return;
  const list = document.querySelector(".pv-top details");
  if (list) list.open = true;
});
if (bar()) listen();
