// Tokens in and out of every step, by language and by kind of page.

const MAX_KINDS = 5;
const UNKNOWN = "–";

function tokenCards() {
  const { rows, countedIn, rates } = data.tokens;
  if (!countedIn) return [];
  const words = `Counted by a tokenizer from ${countedIn} on; before it, told by ≈, characters times what ${countedIn} found a character to have: ${rates.map(([code, rate]) => `${code} ${value(rate)}`).join(", ")}. Of languages that never came so far nothing is known.`;
  const kinds = commonKinds(rows);
  return [card("Tokens in and out, by language", el("p", {}, words), flowTable(rows, "languages", mainLanguages)),
    kinds.length ? card("Tokens in and out, by kind of page", flowTable(rows, "kinds", kinds)) : null];
}

// The kinds that most tokens are of, as far as any are judged; the others come together.
function commonKinds(rows) {
  const most = new Map();
  for (const row of rows) for (const [kind, flow] of Object.entries(row.kinds)) if (kind) most.set(kind, Math.max(most.get(kind) || 0, flow[2] || 0));
  return [...most].sort((one, other) => other[1] - one[1]).slice(0, MAX_KINDS).map(([kind]) => kind);
}

function flowTable(rows, group, shown) {
  const arrow = (row, flow) => (flow[0] || flow[1] ? [flowAmount(row, flow[2]), " → ", flowAmount(row, flow[3])] : UNKNOWN);
  const others = (row) => sumOfFlows(Object.entries(row[group]).filter(([one]) => !shown.includes(one)).map(([, flow]) => flow));
  const known = group === "languages" ? rows : rows.filter((row) => shown.some((kind) => row.kinds[kind]));
  const columns = [
    { title: "step", cell: (row) => row.step },
    { title: "stage", cell: (row) => (row.name === row.step ? "" : row.name) },
    { title: group === "languages" ? "documents" : "", number: true, kind: "spare", cell: (row) => (group === "languages" ? `${compact(row.whole[0])} → ${compact(row.whole[1])}` : "") },
    ...shown.map((one) => ({ title: group === "languages" ? languageName(one) : one.replaceAll("_", " "), number: true, kind: "below told", cell: (row) => arrow(row, row[group][one] || [0, 0, 0, 0]) })),
    { title: group === "languages" ? "other" : "other, or not judged yet", number: true, kind: "spare", cell: (row) => arrow(row, others(row)) },
  ].filter((column, place) => column.title || place === 0);
  return table(columns, known);
}

const flowAmount = (row, number) => (number === null ? UNKNOWN : `${row.counted ? "" : "≈"}${compact(number)}`);

function sumOfFlows(flows) {
  const add = (one, other) => (one === null || other === null ? null : one + other);
  return flows.reduce((total, flow) => total.map((one, place) => add(one, flow[place])), [0, 0, 0, 0]);
}
