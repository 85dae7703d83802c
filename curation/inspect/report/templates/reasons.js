// Why documents left: by stage, language, site and class; what could not be judged; what was cut.

function reasonsView(filters) {
  const list = el("div", { class: "cards" });
  const draw = () => {
    const [stage, language] = ["stage", "language"].map((name) => address().filters.get(name) || "");
    const rows = ended.filter((row) => row.decision !== "keep" && (!stage || row.stage === stage) && (!language || row.language === language));
    list.replaceChildren(...[reasonsCard(rows), quarantineCard(rows), classesCard(stage, language), sitesOfReasons(stage), cutsCard()].filter(Boolean));
  };
  const set = (name) => (one) => { setFilter(name, one); draw(); };
  draw();
  const stages = [...new Set(ended.filter((row) => row.decision !== "keep").map((row) => row.stage))].sort((one, other) => (stageOrder.get(one) ?? -1) - (stageOrder.get(other) ?? -1));
  return [heading("Reasons", "What left at each stage, and why, with its share of the documents that reached the stage. A click on a reason shows who left for it."), el("div", { class: "filters" },
    select("stage", [["", "all"], ...stages.map((one) => [one, one])], filters.get("stage") || "", set("stage")),
    select("language", [["", "all"], ...languages.filter(Boolean).map((one) => [one, one])], filters.get("language") || "", set("language"))), list];
}

function reasonsCard(rows) {
  const groups = new Map();
  for (const row of rows.filter((one) => one.decision === "remove")) {
    const key = `${row.stage}\n${row.reason}`;
    if (!groups.has(key)) groups.set(key, { stage: row.stage, reason: row.reason, pages: 0, characters: 0, languages: new Map() });
    const group = groups.get(key);
    group.pages += row.pages;
    group.characters += row.characters;
    group.languages.set(row.language, (group.languages.get(row.language) || 0) + row.pages);
  }
  const found = [...groups.values()].sort((one, other) => (stageOrder.get(one.stage) ?? -1) - (stageOrder.get(other.stage) ?? -1) || other.pages - one.pages);
  const most = Math.max(...found.map((group) => group.pages), 1);
  const reached = new Map(data.funnel.map((row) => [row.stage, row.pages]));
  const columns = [
    { title: "stage", cell: (group, place, all) => firstOf(group.stage, place && all[place - 1].stage), kind: "group above" },
    { title: "reason", cell: (group) => el("a", { href: link("samples", { stage: group.stage, reason: group.reason, decision: "remove" }) }, breakable(group.reason)) },
    { title: "pages", number: true, cell: (group) => count(group.pages) },
    { title: "by language", cell: (group) => stack(languageParts(group.languages, "removed"), most, `${count(group.pages)} removed`), kind: "wide below" },
    { title: "of what reached it", number: true, cell: (group) => percent(group.pages / reached.get(group.stage)) },
    { title: "characters", number: true, cell: (group) => compact(group.characters), kind: "spare" },
  ];
  return card("Removed", languageLegend(), found.length ? table(columns, found) : el("p", { class: "none" }, "Nothing."));
}

function quarantineCard(rows) {
  const held = rows.filter((row) => row.decision === "quarantine");
  const found = [...tally(held, (row) => `${row.stage}\n${row.reason}`, (row) => row.pages)].sort((one, other) => other[1] - one[1]);
  const columns = [
    { title: "stage", cell: ([cause]) => cause.split("\n")[0] },
    { title: "cause", cell: ([cause]) => { const [stage, reason] = cause.split("\n"); return el("a", { href: link("samples", { stage, reason, decision: "quarantine" }) }, breakable(reason)); } },
    { title: "pages", number: true, cell: ([, pages]) => count(pages) },
  ];
  return card("Quarantined: could not be judged", found.length ? table(columns, found) : el("p", { class: "none" }, "Nothing."));
}

function classesCard(stage, language) {
  const rows = data.labels.flatMap((one, step) => one.filter((row) => row.decision !== "keep" && row.column !== "charset" && (!stage || row.stage === stage) && (!language || row.language === language)));
  if (!rows.length) return null;
  const groups = [...tally(rows, (row) => [row.column, row.value, `${row.stage}: ${row.reason}`].join("\n"), (row) => row.pages)].sort((one, other) => other[1] - one[1]).slice(0, 40);
  const columns = [
    { title: "class", cell: ([key]) => [breakable(key.split("\n")[1]), el("span", { class: "soft of" }, key.split("\n")[0].replaceAll("_", " "))] },
    { title: "left for", cell: ([key]) => key.split("\n")[2], kind: "below told" },
    { title: "pages", number: true, cell: ([, pages]) => count(pages) },
  ];
  return card("By class", table(columns, groups));
}

function sitesOfReasons(stage) {
  const found = data.sites.rows.flatMap((site) => site.ends.filter(([end]) => end !== "kept" && (!stage || end.startsWith(`${stage}: `))).map(([end, pages]) => ({ site: site.name, end, pages })));
  found.sort((one, other) => other.pages - one.pages);
  if (!found.length) return null;
  const columns = [
    { title: "site", cell: (row) => el("a", { href: link("samples", { site: row.site }) }, row.site), kind: "url" },
    { title: "left for", cell: (row) => row.end, kind: "below told" },
    { title: "pages", number: true, cell: (row) => count(row.pages) },
  ];
  return card("By site, the most pages first", table(columns, found.slice(0, 25)));
}

function cutsCard() {
  const rows = data.cuts[last] || [];
  const columns = [
    { title: "stage", cell: (row, place, all) => firstOf(row[0], place && all[place - 1][0]), kind: "group above" },
    { title: "cause", cell: (row) => el("a", { href: link("samples", { cut: `${row[0]}: ${row[1]}` }) }, row[1]) },
    { title: "lines", number: true, cell: (row) => count(row[2]) },
    { title: "documents", number: true, cell: (row) => count(row[3]) },
  ];
  return rows.length ? card("Lines that were cut from what stays", table(columns, rows)) : null;
}
