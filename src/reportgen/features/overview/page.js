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
  let limit = step;
  let rows = [...body.rows].map(row => ({
    row,
    filters: row.dataset.f.split("\t"),
    codes: (row.dataset.c || "").split(" "),
    text: row.textContent.toLowerCase(),
    stands: row.lastElementChild.hasAttribute("data-k"),
    keys: heads.map((_, column) => row.cells[column].dataset.k),
  }));

  /* Rows beyond the limit are not drawn on the screen; paper has them all. */
  const show = () => {
    const wanted = names.map(name => form.elements[name].value);
    const code = form.elements.code ? form.elements.code.value : "";
    const words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const only = form.elements.only.checked;
    let found = 0;
    for (const each of rows) {
      const fits = wanted.every((value, index) => !value || value === each.filters[index])
        && (!code || each.codes.includes(code)) && (!only || each.stands)
        && words.every(word => each.text.includes(word));
      each.row.hidden = !fits;
      each.row.classList.toggle("later", fits && found >= limit);
      found += fits;
    }
    const shown = Math.min(found, limit);
    more.hidden = shown === found;
    status.textContent = form.dataset.found.replace("{found}", found)
      .replace("{total}", rows.length).replace("{shown}", shown);
  };

  const compare = (column, sign) => (one, other) => {
    const first = one.keys[column], second = other.keys[column];
    if (first === undefined || second === undefined) {
      if (first !== second) return first === undefined ? 1 : -1;
      return sign * letters.compare(one.texts[column], other.texts[column]);
    }
    return sign * (first - second);
  };

  const sort = (head, column) => {
    const up = head.getAttribute("aria-sort") !== "ascending";
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", up ? "ascending" : "descending");
    for (const each of rows) {
      each.texts ??= [...each.row.cells].map(cell => cell.dataset.none === undefined ? cell.textContent : "");
    }
    rows.sort(compare(column, up ? 1 : -1));
    body.replaceChildren(...rows.map(each => each.row));
    show();
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
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
    show();
    if (more.hidden) box.focus();
  });

  const clear = () => {
    for (const each of form.querySelectorAll("select, [type=search]")) each.value = "";
    form.elements.only.checked = false;
  };

  /* A link to a row leads there whatever is chosen now; others choose what they count. */
  const reach = id => {
    const row = document.getElementById(id);
    if (!row || row.parentElement !== body) return;
    if (row.hidden) clear();
    limit = Math.max(limit, rows.findIndex(each => each.row === row) + 1);
    show();
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

  form.hidden = false;
  show();
  if (/^#r\d+$/.test(location.hash)) reach(location.hash.slice(1));
})();
