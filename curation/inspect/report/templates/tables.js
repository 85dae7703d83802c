// Tables: plain ones, and one that is sorted and searched and takes a screen at most.

// Columns: {title, number, cell(row, place, rows), key(row), kind}. On a phone a row is a name and its
// numbers in a line; columns of the kind "above" and "below" have lines of their own, which their
// titles begin if they are "told", and "spare" ones are left out.
const classOf = (column) => [column.number ? "n" : "", column.kind || ""].filter(Boolean).join(" ");
const isOf = (column, ...kinds) => kinds.some((kind) => (column.kind || "").split(" ").includes(kind));

function lines(columns) {
  if (!columns.some((column) => isOf(column, "above", "below"))) return {};
  const beside = columns.filter((column) => !isOf(column, "above", "below", "spare")).length - 1;
  return { class: "lines", css: { "--numbers": beside ? `repeat(${beside}, min-content)` : "" } };
}

function table(columns, rows, attributes) {
  return el("div", { class: "scroll" }, el("table", { ...lines(columns), ...attributes }, el("thead", {}, el("tr", {}, columns.map((column) =>
    el("th", { class: classOf(column), scope: "col" }, column.title)))), body(columns, rows)));
}

function body(columns, rows) {
  const below = columns.filter((column) => isOf(column, "below"));
  const own = (column) => (isOf(column, "below") ? { css: { "--place": 3 + below.indexOf(column) }, "data-title": isOf(column, "told") ? column.title : null } : {});
  return el("tbody", {}, rows.map((row, place) => el("tr", {}, columns.map((column) =>
    el("td", { class: classOf(column), ...own(column) }, column.cell(row, place, rows))))));
}

// The name of a group of rows where it begins, and nothing below it, in a column of the kind "group".
const firstOf = (name, before) => (name === before ? "" : name);

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
    holder.replaceChildren(el("table", lines(columns), el("thead", {}, head), body(columns, found)));
    said.replaceChildren(`${count(found.length)} of ${count(rows.length)}`);
  };
  draw();
  const search = rows.length > FEW_ROWS ? el("div", { class: "filters" }, input("search", "", (text) => { wanted = text; draw(); }), said) : null;
  return el("div", {}, search, holder);
}
