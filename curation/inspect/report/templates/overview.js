// The first screen: what came in, what stays, where the rest went, and what it cost.

function overview() {
  return [figures(), alerts(), funnelCard(), el("div", { class: "two" }, el("div", { class: "cards" }, languageCard(), madeWithCard()), costCard()), agreementCard()];
}

function figures() {
  const kept = ended.filter((row) => row.decision === "keep");
  const total = (rows, name) => sum(rows.map((row) => row[name]));
  const pages = data.steps.length ? data.steps[0].pages : 0;
  const read = total(data.ends[0] || [], "characters");
  const [characters, documents, rows] = ["characters", "pages", "rows"].map((name) => total(kept, name));
  const [counted, tokens] = [total(data.ends[last] || [], "tokens"), total(kept, "row_tokens")];
  const time = sum([...data.steps, ...data.outputs].map((step) => step.seconds));
  return el("div", { class: "figures" },
    figure("pages in", compact(pages), `${count(data.sites.count)} sites`),
    figure("documents kept", compact(documents), `${percent(documents / pages)} of the pages`),
    rows !== documents ? figure("rows", compact(rows), `${value(rows / documents)} of a document, by balancing`) : null,
    tokens ? figure("tokens out", compact(tokens), `${compact(counted)} before balancing`) : null,
    figure("characters kept", compact(characters), `of ${compact(read)} extracted`),
    figure("time", duration(time), data.finished ? `finished ${data.finished.replace("T", " ").replace("Z", " UTC")}` : null));
}

function alerts() {
  if (!data.notices.length) return el("p", { class: "calm" }, "Nothing stands out: no reason, site, language or number of pages that could not be judged is beyond what is usual.");
  return el("section", { class: "card alerts", "aria-label": "worth a look" }, el("h3", {}, "Worth a look"),
    el("ul", {}, data.notices.map((notice) => el("li", {}, el("a", { href: `#${notice.view}` }, notice.text)))));
}

// Documents at each stage by language: what a step has minus what its earlier stages took.
function stagesByLanguage() {
  return data.steps.flatMap((step, place) => {
    const rows = data.ends[place];
    const left = tally(rows, (row) => row.language, (row) => row.pages);
    return data.funnel.filter((row) => row.step === place).map((row) => {
      const gone = rows.filter((one) => one.decision !== "keep" && one.stage === row.stage);
      const before = new Map(left);
      for (const one of gone) left.set(one.language, left.get(one.language) - one.pages);
      return { ...row, name: step.name, before, left: new Map(left), gone };
    });
  });
}

function funnelCard() {
  const stages = stagesByLanguage();
  const whole = stages.length ? stages[0].pages : 0;
  let step = -1;
  const rows = stages.map((stage) => {
    const removed = sum(stage.gone.filter((one) => one.decision === "remove").map((one) => one.pages));
    const held = sum(stage.gone.map((one) => one.pages)) - removed;
    const reasons = [...tally(stage.gone, (one) => one.reason, (one) => one.pages)].sort((one, other) => other[1] - one[1]);
    const parts = [...languageParts(stage.left, "stay"), ["left", removed, `${count(removed)} removed`], ["held", held, `${count(held)} quarantined`]];
    const isNew = stage.step !== step;
    step = stage.step;
    return funnelRow(isNew, [el("b", {}, stage.stage), isNew && stage.name !== stage.stage ? el("span", { class: "soft" }, stage.name) : null],
      stack(parts, whole, `${stage.stage}: ${count(stage.keep)} of ${count(stage.pages)} stay`), stage.keep, whole, reasonsOf(stage, removed + held, reasons));
  });
  const came = stages.length ? funnelRow(true, el("b", {}, "pages in"), stack(languageParts(stages[0].before, "came in"), whole, `${count(whole)} pages came in`), whole, whole, null) : null;
  return card("What became of the pages", stages.length ? inWords(stages, stages.at(-1).keep, whole) : null, languageLegend([["left", "removed here"], ["held", "quarantined here"]]),
    el("ol", { class: "funnel" }, came, rows), outputsLine());
}

function funnelRow(isNew, name, bar, stay, whole, reasons) {
  return el("li", { class: isNew ? "new-step" : "" }, el("div", { class: "stage" }, name), el("div", { class: "bar-cell" }, bar),
    el("div", { class: "stay" }, el("b", {}, count(stay)), el("span", { class: "soft" }, percent(stay / whole))), el("div", { class: "reasons" }, reasons));
}

function reasonsOf(stage, gone, reasons) {
  if (!gone) return null;
  const shown = reasons.slice(0, 2).map(([reason, pages]) => el("a", { href: link("samples", { stage: stage.stage, reason }) }, reasons.length > 1 ? `${reason} ${count(pages)}` : reason));
  const more = reasons.length > 2 ? el("a", { href: link("reasons", { stage: stage.stage }) }, `${reasons.length - 2} more`) : null;
  return [el("b", { class: "left" }, `−${count(gone)}`), el("span", {}, shown, more)];
}

// The picture in a sentence: what stays, and at which stages most left.
function inWords(stages, keep, whole) {
  const most = stages.filter((stage) => stage.pages > stage.keep).sort((one, other) => other.pages - other.keep - (one.pages - one.keep)).slice(0, 3);
  const names = most.map((stage) => `${stage.stage} (${count(stage.pages - stage.keep)})`);
  return el("p", { class: "gist" }, el("b", {}, `${count(keep)} of ${count(whole)} pages stay, ${percent(keep / whole)}.`),
    names.length ? ` Most left at ${names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]}.` : "");
}

function outputsLine() {
  if (!data.outputs.length) return null;
  return el("ul", { class: "outputs" }, data.outputs.map((output) => el("li", {}, el("b", { class: "output" }, output.name),
    output.figures.slice(0, 4).map(([label, number]) => el("span", {}, el("b", {}, value(number) === String(number) ? number : compact(number)), ` ${label}`)))));
}

function languageCard() {
  const kept = ended.filter((row) => row.decision === "keep");
  const shown = [...mainLanguages, ""];
  const nameOf = (code) => (mainLanguages.includes(code) ? code : "");
  const rows = shown.map((code) => {
    const [all, stay] = [ended, kept].map((rows) => rows.filter((row) => nameOf(row.language) === code));
    const of = (rows, name) => sum(rows.map((row) => row[name]));
    return { code, pages: of(all, "pages"), kept: of(stay, "pages"), characters: of(stay, "characters"), rows: of(stay, "rows"), tokens: of(stay, "row_tokens") };
  });
  const most = Math.max(...rows.map((row) => row.pages), 1);
  const columns = [
    { title: "language", cell: (row) => (row.code ? languageName(row.code) : "other") },
    { title: "pages, and kept", cell: (row) => stack([[languageClass(row.code), row.kept, `${count(row.kept)} kept`], ["gone", row.pages - row.kept, `${count(row.pages - row.kept)} gone`]], most, `${count(row.kept)} of ${count(row.pages)} kept`), kind: "wide" },
    { title: "in", number: true, cell: (row) => compact(row.pages) },
    { title: "kept", number: true, cell: (row) => compact(row.kept) },
    { title: "rows", number: true, cell: (row) => compact(row.rows), kind: "spare" },
    { title: "characters", number: true, kind: "spare", cell: (row) => compact(row.characters) },
    { title: "tokens", number: true, cell: (row) => (row.tokens ? compact(row.tokens) : "–") },
  ];
  return card("Languages", table(columns, rows.filter((row) => row.pages)));
}

function costCard() {
  const steps = [...data.steps, ...data.outputs.map((output) => ({ ...output, pages: output.documents }))];
  const longest = Math.max(...steps.map((step) => step.seconds), 1e-9);
  const columns = [
    { title: "step", cell: (step) => step.name },
    { title: "time", cell: (step) => stack([["neutral", step.seconds, duration(step.seconds)]], longest, duration(step.seconds)), kind: "wide spare" },
    { title: "", number: true, cell: (step) => duration(step.seconds) },
    { title: "processor", number: true, cell: (step) => duration(step.processor) },
    { title: "pages/s", number: true, cell: (step) => tenths(step.pages / step.seconds) },
  ];
  return card("What it cost", table(columns, steps));
}

// What tells this run from another one, in short; the view "Run" has all of it.
function madeWithCard() {
  const { settings = [], stages = [], software = {}, inputCount = 0 } = data.run;
  const models = stages.flatMap((row) => row.resources.filter(([name]) => /model|main_content|tokenizer/.test(name)).map(([, digest]) => `${row.stage} ${digest.slice(0, 8)}`));
  const shown = (one) => (typeof one === "string" ? one : JSON.stringify(one));
  const line = (title, words) => (words ? el("li", {}, el("span", { class: "label" }, title), el("span", {}, words)) : null);
  return card("Made with", el("ul", { class: "made" },
    line("input", counted(inputCount, "file")),
    line("settings", settings.length ? settings.map((row) => `${row.key.replace(/^stage\./, "")} = ${shown(row.value)}`).join(", ") : "all at their defaults"),
    line("models", [...new Set(models)].join(", ")),
    line("software", Object.entries(software).map(([name, version]) => `${name} ${version}`).join(", "))),
  el("p", {}, el("a", { href: "#run" }, "all of it")));
}

function agreementCard() {
  const found = data.agreement;
  if (!found) return null;
  const columns = [
    { title: "kind", cell: (row) => breakable(row.kind) },
    { title: "expected", cell: (row) => row.wanted, kind: "below told" },
    { title: "pages", number: true, cell: (row) => count(row.pages) },
    { title: "as expected", number: true, cell: (row) => count(row.agreed) },
    { title: "otherwise", cell: (row) => row.others.map(([verdict, pages]) => `${verdict} ${count(pages)}`).join(", "), kind: "below told" },
  ];
  const pages = [
    { title: "page", cell: (row) => row[0], kind: "url" },
    { title: "expected", cell: (row) => row[1], kind: "below told" },
    { title: "actual", cell: (row) => row[2], kind: "below told" },
    { title: "detail", cell: (row) => row[3], kind: "detail below" },
  ];
  const [partly, wholly] = [found.kinds.filter((row) => row.agreed < row.pages), found.kinds.filter((row) => row.agreed === row.pages)];
  return card("Expected against actual", el("p", {}, `${found.words}.`), partly.length ? table(columns, partly) : null,
    wholly.length ? el("details", {}, el("summary", {}, `${count(wholly.length)} kinds of which all pages ended as expected`), table(columns, wholly)) : null,
    found.differing.length ? el("details", {}, el("summary", {}, `the ${count(found.differing.length)} pages that ended otherwise`), table(pages, found.differing)) : null);
}
