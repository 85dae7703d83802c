// Languages and classes before and after each step, and after balancing: documents against rows.

function mixView() {
  return [heading("Mix", "What the corpus is made of as it goes through the steps, and what balancing repeats."), languageSteps(), ...tokenCards(), benchmarksCard(), ...labelColumns().map(classTable)];
}

function languageSteps() {
  const rows = data.steps.map((step, place) => {
    const kept = data.ends[place].filter((row) => row.decision === "keep");
    return [["documents", "pages"], ["characters", "characters"]].map(([words, name]) => ({ step: step.name, words, amounts: tally(kept, (row) => row.language, (row) => row[name]) }));
  }).flat();
  const final = (data.ends[last] || []).filter((row) => row.decision === "keep");
  if (final.some((row) => row.row_tokens)) rows.push({ step: "balanced", words: "rows", amounts: tally(final, (row) => row.language, (row) => row.rows) }, { step: "balanced", words: "tokens", amounts: tally(final, (row) => row.language, (row) => row.row_tokens) });
  const columns = [
    { title: "after step", cell: (row, place, all) => firstOf(row.step, place && all[place - 1].step), kind: "group above" },
    { title: "of", cell: (row) => row.words },
    { title: "shares of languages", cell: (row) => stack(languageParts(row.amounts, row.words), sum([...row.amounts.values()]), `${row.step}, ${row.words}`), kind: "wide below" },
    ...mainLanguages.slice(0, 3).map((code) => ({ title: languageName(code), number: true, cell: (row) => percent((row.amounts.get(code) || 0) / sum([...row.amounts.values()])) })),
    { title: "in all", number: true, kind: "spare", cell: (row) => compact(sum([...row.amounts.values()])) },
  ];
  return card("Languages", languageLegend(), table(columns, rows));
}

const labelColumns = () => [...new Set((data.labels[last] || []).map((row) => row.column))].filter((name) => name !== "benchmarks").sort((one, other) => (one === "category" ? -1 : other === "category" ? 1 : one < other ? -1 : 1));

// A class before the last step and after it; where that one balances, its rows too.
function classTable(column) {
  const rows = data.labels[last].filter((row) => row.column === column);
  const kept = rows.filter((row) => row.decision === "keep");
  const of = (some, name) => tally(some, (row) => row.value, (row) => row[name]);
  const [before, after, copies, tokens] = [of(rows, "pages"), of(kept, "pages"), of(kept, "rows"), of(kept, "row_tokens")];
  const most = Math.max(...before.values(), ...copies.values(), 1);
  const isBalanced = kept.some((row) => row.row_tokens);
  const [allTokens, allAfter] = [sum([...tokens.values()]), sum([...after.values()])];
  const columns = [
    { title: column, cell: (one) => el("span", {}, breakable(one)), key: (name) => name },
    { title: isBalanced ? "documents, and rows" : "documents", kind: "wide below", cell: (name) => el("div", { class: "pair" }, stack([["neutral", before.get(name) || 0, `${count(before.get(name) || 0)} before`]], most, "before"), stack([["lang-0", copies.get(name) || 0, `${count(copies.get(name) || 0)} rows`]], most, "after")) },
    { title: "before", number: true, cell: (name) => count(before.get(name) || 0), key: (name) => before.get(name) || 0 },
    { title: "kept", number: true, kind: "spare", cell: (name) => count(after.get(name) || 0), key: (name) => after.get(name) || 0 },
    ...(isBalanced ? [
      { title: "rows", number: true, cell: (name) => count(copies.get(name) || 0), key: (name) => copies.get(name) || 0 },
      { title: "rows a document", number: true, kind: "spare", cell: (name) => ((copies.get(name) || 0) / (before.get(name) || 1)).toFixed(2), key: (name) => (copies.get(name) || 0) / (before.get(name) || 1) },
      { title: "of all tokens", number: true, cell: (name) => percent((tokens.get(name) || 0) / allTokens), key: (name) => tokens.get(name) || 0 },
    ] : [{ title: "of what stays", number: true, cell: (name) => percent((after.get(name) || 0) / allAfter), key: (name) => after.get(name) || 0 }]),
  ];
  return card(`By ${column.replaceAll("_", " ")}: before and after step ${data.steps[last].name}`, sortable(columns, [...before.keys()], (name) => name, 2));
}

function benchmarksCard() {
  if (!data.benchmarks.length) return null;
  const columns = [
    { title: "benchmark", cell: (row) => row.benchmark },
    { title: "items found", number: true, cell: (row) => count(row.items) },
    { title: "documents", number: true, cell: (row) => count(row.documents) },
    { title: "of which kept", number: true, cell: (row) => count(row.kept) },
    { title: "of all", number: true, cell: (row) => percent(row.ratio) },
  ];
  return card("Items of benchmarks", table(columns, data.benchmarks));
}
