"use strict";
(() => {
  const table = document.getElementById("table");
  if (!table) return;
  const section = document.getElementById("reports"), form = section.querySelector("form");
  const status = form.querySelector("[role=status]"), more = section.querySelector(".more");
  const box = table.parentElement, body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
  const names = ["unit", "year", "kind", "stage", "grade"];
  const letters = new Intl.Collator(document.documentElement.lang, {numeric: true});
  const step = Number(more.querySelector("[data-step]").dataset.step);

  /* Rows that are not shown wait in a body of their own: a browser moves and lays out only what is
     seen. A page that was saved as it stood has them there already. */
  const waiting = table.tBodies[1] || document.createElement("tbody");
  waiting.hidden = true;
  table.append(waiting);
  const place = row => Number(row.id.slice(1));
  const all = [...body.rows, ...waiting.rows].sort((one, other) => place(one) - place(other));
  const rows = all.map(row => ({
    row,
    filters: row.dataset.f.split("\t"),
    codes: (row.dataset.c || "").split(" "),
    text: row.textContent.toLowerCase(),
    stands: row.lastElementChild.hasAttribute("data-k"),
    keys: [],
  }));
  const screenful = 40, rest = 400;
  let found = rows, limit = step, later;

  const fill = upto => {
    body.append(...found.slice(body.rows.length, upto).map(each => each.row));
  };
  /* A screenful is seen before the rest is laid out. */
  const draw = upto => {
    const wanted = Math.min(limit, found.length);
    fill(Math.min(upto, wanted));
    clearTimeout(later);
    if (upto < wanted) later = setTimeout(draw, 20, upto + rest);
  };

  const show = () => {
    const wanted = names.map(name => form.elements[name].value);
    const code = form.elements.code ? form.elements.code.value : "";
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const only = form.elements.only.checked;
    found = rows.filter(each => wanted.every((value, index) => !value || value === each.filters[index])
      && (!code || each.codes.includes(code)) && (!only || each.stands)
      && words.every(word => each.text.includes(word)));
    let kept = 0;
    while (kept < limit && body.rows[kept] && body.rows[kept] === found[kept]?.row) kept++;
    waiting.append(...[...body.rows].slice(kept));
    tell();
  };
  const tell = (upto = screenful) => {
    const shown = Math.min(found.length, limit);
    more.hidden = shown === found.length;
    status.textContent = form.dataset.found.replace("{found}", found.length)
      .replace("{total}", rows.length).replace("{shown}", shown);
    draw(upto);
  };

  /* Numbers to sort by, read once: of a column of texts, the places of these in their order. */
  const read = column => {
    const cells = rows.map(each => each.row.children[column]);
    const numbers = cells.map(cell => cell.getAttribute("data-k"));
    if (numbers.some(number => number !== null)) {
      return numbers.map(number => number === null ? NaN : Number(number));
    }
    const texts = cells.map(cell => cell.textContent), places = new Map();
    for (const text of [...new Set(texts)].sort(letters.compare)) places.set(text, places.size);
    return texts.map(text => places.get(text));
  };

  const sort = (head, column) => {
    const up = head.getAttribute("aria-sort") !== "ascending", sign = up ? 1 : -1;
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    if (rows[0].keys[column] === undefined) {
      read(column).forEach((key, index) => { rows[index].keys[column] = key; });
    }
    rows.sort((one, other) => {
      const first = one.keys[column], second = other.keys[column];
      return isNaN(first) || isNaN(second) ? isNaN(first) - isNaN(second) : sign * (first - second);
    });
    box.scrollTop = 0;
    show();
  };

  heads.forEach((head, column) => {
    head.removeAttribute("aria-sort");
    const button = head.querySelector("button") || document.createElement("button");
    button.type = "button";
    if (!button.parentElement) button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(head, column));
  });

  const change = () => { limit = step; box.scrollTop = 0; show(); };
  form.addEventListener("input", change);
  form.addEventListener("submit", event => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(change));
  more.addEventListener("click", event => {
    const by = event.target.dataset.step;
    if (!by) return;
    limit = by === "all" ? Infinity : limit + step;
    tell(body.rows.length + step);
    if (more.hidden) box.focus();
  });

  const clear = () => {
    for (const each of form.querySelectorAll("select, [type=search]")) each.value = "";
    form.elements.only.checked = false;
  };

  /* A link to a row leads there whatever is chosen now; others choose what they count. */
  const reach = id => {
    const reached = rows.find(each => each.row.id === id);
    if (!reached) return;
    if (!found.includes(reached)) { clear(); show(); }
    const upto = found.indexOf(reached) + 1, row = reached.row;
    limit = Math.max(limit, upto);
    tell(upto);
    row.tabIndex = -1;
    row.focus();
    row.scrollIntoView({block: "center", inline: "nearest"});
  };
  addEventListener("click", event => {
    const link = event.target.closest("a[href^='#']");
    if (!link) return;
    const target = link.getAttribute("href").slice(1), chosen = Object.entries(link.dataset);
    if (/^r\d+$/.test(target)) setTimeout(reach, 0, target);
    if (!chosen.length) return;
    clear();
    for (const [name, value] of chosen) form.elements[name].value = value;
    change();
  });

  addEventListener("beforeprint", () => { clearTimeout(later); fill(found.length); });
  addEventListener("afterprint", show);

  const arrive = () => { if (/^#r\d+$/.test(location.hash)) reach(location.hash.slice(1)); };
  addEventListener("hashchange", arrive);

  form.hidden = false;
  show();
  arrive();
})();
