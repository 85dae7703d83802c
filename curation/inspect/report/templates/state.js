// The data, and the state of the page: the view and its filters stand in the address.

const data = JSON.parse(byId("data").textContent);

const named = (columns, row) => Object.fromEntries(columns.map((name, place) => [name, row[place]]));
data.ends = data.ends.map((rows) => rows.map((row) => named(data.endColumns, row)));
data.labels = data.labels.map((rows) => rows.map((row) => named(data.labelColumns, row)));
const last = data.steps.length - 1;

// Every document of a run ends once: where it left, or in what the last step kept.
const ended = data.ends.flatMap((rows, step) =>
  rows.filter((row) => row.decision !== "keep" || step === last).map((row) => ({ ...row, step })));

const stageOrder = new Map(data.funnel.map((row, place) => [row.stage, place]));
const languages = [...tally(ended, (row) => row.language, (row) => row.pages)]
  .sort((one, other) => !one[0] - !other[0] || other[1] - one[1]).map(([language]) => language);
const LONGEST_CODE = 12; // "zh-Hant-HK" has 10 characters; what is longer is no language
const languageName = (code) => (code.length > LONGEST_CODE ? `${code.slice(0, LONGEST_CODE)}…` : code || "unknown");
const MAIN_LANGUAGES = 6;
const MAIN_SHARE = 0.02;
const pagesOf = tally(ended, (row) => row.language, (row) => row.pages);
const isKept = new Set(ended.filter((row) => row.decision === "keep").map((row) => row.language));
const mainLanguages = languages
  .filter((code) => code && (isKept.has(code) || pagesOf.get(code) > MAIN_SHARE * sum([...pagesOf.values()])))
  .slice(0, MAIN_LANGUAGES);
const languageClass = (code) => {
  const place = mainLanguages.indexOf(code);
  return place < 0 ? "lang-other" : `lang-${place}`;
};
const twins = new Map();
for (const sample of data.samples) if (sample.id && (sample.isTwin || !twins.has(sample.id))) twins.set(sample.id, sample);
for (const sample of data.samples) {
  const names = data.measured[sample.step];
  sample.values = Object.fromEntries(names.map((name, place) => [name, sample.values[place]]).filter(([, one]) => one !== null));
}

function address() {
  const [view, query] = location.hash.slice(1).split("?");
  return { view: view || "overview", filters: new URLSearchParams(query || "") };
}

function link(view, filters) {
  const query = new URLSearchParams(Object.entries(filters || {}).filter(([, one]) => one !== "" && one !== undefined));
  return `#${view}${query.size ? `?${query}` : ""}`;
}

function go(view, filters) {
  location.hash = link(view, filters);
}

function setFilter(name, one) {
  const { view, filters } = address();
  if (one) filters.set(name, one);
  else filters.delete(name);
  history.replaceState(null, "", `#${view}${filters.size ? `?${filters}` : ""}`);
}

function select(label, options, chosen, action) {
  const box = el("select", { onchange: (event) => action(event.target.value) },
    options.map(([key, words]) => el("option", { value: key, selected: key === chosen }, words)));
  return el("label", { class: "field" }, el("span", {}, label), box);
}

function input(label, chosen, action, attributes) {
  let waiting;
  const later = (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => action(event.target.value.trim()), 150);
  };
  return el("label", { class: "field" }, el("span", {}, label), el("input", { type: "search", value: chosen, oninput: later, ...attributes }));
}
