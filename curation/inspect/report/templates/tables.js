// Tables: plain ones, and one that is sorted and searched and takes a screen at most.

// Columns: {title, number, cell(row), key(row), kind}; "spare" ones a phone does without.
const classOf = (column) => [column.number ? "n" : "", column.kind || ""].filter(Boolean).join(" ");

function table(columns, rows, attributes) {
  return el("div", { class: "scroll" }, el("table", attributes, el("thead", {}, el("tr", {}, columns.map((column) =>
    el("th", { class: classOf(column), scope: "col" }, column.title)))), body(columns, rows)));
}

function body(columns, rows) {
  return el("tbody", {}, rows.map((row) => el("tr", {}, columns.map((column) =>
    el("td", { class: classOf(column) }, column.cell(row))))));
}

const FEW_ROWS = 12; // which need no search

function sortable(columns, rows, nameOf, first) {
  let [by, down, wanted] = [first, true, ""];
  const holder = el("div", { class: "screen", tabindex: 0, role: "region", "aria-label": "table, scrolls" });
  const said = el("p", { class: "about", role: "status" });
  const draw = () => {
    const key = columns[by].key;
    const found = rows.filter((row) => nameOf(row).toLowerCase().includes(wanted.toLowerCase()));
    found.sort((one, other) => (key(one) < key(other) ? -1 : key(one) > key(other) ? 1 : 0) * (down ? -1 : 1));
    const head = el("tr", {}, columns.map((column, place) => el("th", {
      class: classOf(column), scope: "col", "aria-sort": place === by ? (down ? "descending" : "ascending") : "none",
    }, column.key ? button(column.title, () => {
      [by, down] = [place, place === by ? !down : Boolean(column.number)];
      draw();
    }) : column.title)));
    holder.replaceChildren(el("table", {}, el("thead", {}, head), body(columns, found)));
    said.replaceChildren(`${count(found.length)} of ${count(rows.length)}`);
  };
  draw();
  const search = rows.length > FEW_ROWS ? el("div", { class: "filters" }, input("search", "", (text) => { wanted = text; draw(); }), said) : null;
  return el("div", {}, search, holder);
}
