// Samples of documents: filtered by how they ended, language, site, words, and a measure's range.

const PAGE = 20;
const CLUSTERS = 8;
const FILTERS = ["decision", "stage", "reason", "language", "site", "cut", "q", "measure", "lo", "hi", "near"];

function samplesView(filters) {
  const list = el("div", { class: "samples" });
  const said = el("p", { class: "about", role: "status" });
  const bar = el("div", { class: "filters" });
  const draw = () => {
    const asked = Object.fromEntries(FILTERS.map((name) => [name, address().filters.get(name) || ""]));
    const found = chosen(asked);
    said.replaceChildren(`${count(found.length)} of ${count(data.samples.length)} samples${asked.measure ? `, ${asked.measure} from ${asked.lo || "its least"} to ${asked.hi || "its greatest"}` : ""}`);
    list.replaceChildren();
    more(list, found, 0, asked);
  };
  const set = (name) => (one) => {
    setFilter(name, one);
    if (name === "stage") setFilter("reason", "");
    bar.replaceChildren(...fields(set));
    draw();
  };
  const typed = (name) => (one) => { setFilter(name, one); draw(); };
  bar.append(...fields(set, typed));
  draw();
  return [heading("Samples", "Drawn by seed, in turn from languages and sites, and those that lie nearest to each threshold."), bar, el("div", { class: "said" }, said, cutLegend()), list];

  function fields() {
    const asked = address().filters;
    const get = (name) => asked.get(name) || "";
    const options = (key, some) => [...new Set(some.map(key))].filter(Boolean).sort();
    const gone = data.samples.filter((sample) => sample.stage);
    const stages = options((sample) => sample.stage, gone).sort((one, other) => (stageOrder.get(one) ?? -1) - (stageOrder.get(other) ?? -1));
    const reasons = options((sample) => sample.reason, gone.filter((sample) => !get("stage") || sample.stage === get("stage")));
    const cuts = options((cut) => cut, data.samples.flatMap((sample) => sample.cuts));
    const listed = (names) => [["", "all"], ...names.map((name) => [name, name])];
    const measures = options((name) => name, data.measures.filter((measure) => measure.limits.length).map((measure) => measure.name));
    return [
      select("ended", [["", "all"], ["keep", "kept"], ["remove", "removed"], ["quarantine", "quarantined"]], get("decision"), set("decision")),
      select("stage", listed(stages), get("stage"), set("stage")),
      select("reason", listed(reasons), get("reason"), set("reason")),
      select("language", listed(options((sample) => sample.language, data.samples)), get("language"), set("language")),
      cuts.length ? select("lost lines to", listed(cuts), get("cut"), set("cut")) : null,
      input("site", get("site"), typed("site"), { size: 12 }),
      input("words", get("q"), typed("q"), { size: 12 }),
      measures.length ? select("measure", listed(measures), get("measure"), set("measure")) : null,
      get("measure") ? input("from", get("lo"), typed("lo"), { size: 5, inputmode: "decimal" }) : null,
      get("measure") ? input("to", get("hi"), typed("hi"), { size: 5, inputmode: "decimal" }) : null,
      button("clear", () => go("samples"), { class: "quiet" }),
    ].filter(Boolean);
  }
}

function chosen(asked) {
  const wanted = asked.q.toLowerCase();
  const [lo, hi] = [asked.lo === "" ? -Infinity : Number(asked.lo), asked.hi === "" ? Infinity : Number(asked.hi)];
  const found = data.samples.filter((sample) =>
    (!asked.decision || sample.decision === asked.decision)
    && (!asked.stage || sample.stage === asked.stage)
    && (!asked.reason || sample.reason === asked.reason)
    && (!asked.language || sample.language === asked.language)
    && (!asked.site || (sample.site || "").includes(asked.site))
    && (!asked.cut || sample.cuts.includes(asked.cut))
    && (!asked.measure || (asked.measure in sample.values && sample.values[asked.measure] >= lo && sample.values[asked.measure] <= hi))
    && (!wanted || matches(sample, wanted)));
  if (!asked.measure) {
    const shown = found.filter(asked.cut ? (sample) => sample.step === last : standsForAll);
    return [...shown.filter(hasText), ...shown.filter((sample) => !hasText(sample))];
  }
  const limit = asked.near === "" ? nearestLimit(asked) : Number(asked.near);
  return found.sort((one, other) => Math.abs(one.values[asked.measure] - limit) - Math.abs(other.values[asked.measure] - limit));
}

// Those without text, of which there is little to be seen, come last.
const hasText = (sample) => sample.lines.length > 0;

// What a step kept goes on to the next one: it is shown where it stays.
const standsForAll = (sample) => sample.ends && (sample.decision !== "keep" || sample.step === last);

function nearestLimit(asked) {
  const measure = data.measures.find((one) => one.name === asked.measure);
  const limits = measure ? measure.limits.filter((limit) => !asked.language || !limit.language || limit.language === asked.language) : [];
  return limits.length ? limits[0].value : 0;
}

function matches(sample, wanted) {
  return [sample.url, sample.title || "", sample.detail || "", sample.id || ""].some((text) => text.toLowerCase().includes(wanted)) || plainText(sample).toLowerCase().includes(wanted);
}

function more(list, found, from, asked) {
  const note = (sample) => (asked.measure ? `${asked.measure.replace(/^measures\./, "")} ${value(sample.values[asked.measure])}` : "");
  list.append(...found.slice(from, from + PAGE).map((sample) => sampleCard(sample, note(sample))));
  if (!found.length) list.append(el("p", { class: "none" }, "No sample fits. A summary holds a few documents of each kind, not all."));
  if (found.length <= from + PAGE) return;
  const next = button(`${count(found.length - from - PAGE)} more`, () => { next.remove(); more(list, found, from + PAGE, asked); }, { class: "more" });
  list.append(next);
}

// Duplicates by cluster: the one that stayed, and those that left for its sake.
function duplicatesView() {
  const clusters = new Map();
  for (const sample of data.samples) {
    if (!sample.twin || !sample.ends) continue;
    const key = `${sample.stage}\n${sample.twin}`;
    clusters.set(key, [...(clusters.get(key) || []), sample]);
  }
  const stages = [...new Set([...clusters.keys()].map((key) => key.split("\n")[0]))];
  return [heading("Duplicates", "Clusters drawn by seed, the least alike first where a stage has measured it; what a member has and the one that stayed lacks is marked, and the other way round."),
    ...stages.map((stage) => card(stage, clustersOf(stage)))];

  function clustersOf(stage) {
    const own = [...clusters].filter(([key]) => key.startsWith(`${stage}\n`)).map(([, members]) => members);
    own.sort((one, other) => likeness(one[0]).value - likeness(other[0]).value || other.length - one.length);
    const rest = own.slice(CLUSTERS).map((members) => cluster(members, false));
    return [own.slice(0, CLUSTERS).map((members, place) => cluster(members, place === 0)), rest.length ? el("details", { class: "cluster" }, el("summary", {}, `${count(rest.length)} more`), rest) : null];
  }
}

// How alike a copy and its twin are: the measure that the stage holds against a threshold.
function likeness(sample) {
  const measure = data.measures.find((one) => one.name in sample.values && one.limits.some((limit) => limit.stage === sample.stage));
  return measure ? { name: measure.name, value: sample.values[measure.name] } : { name: "", value: 1 };
}

function cluster(members, isOpen) {
  const twin = twins.get(members[0].twin);
  const holder = el("div", {});
  const fill = () => holder.append(...members.map((member) => (twin ? beside(member, twin) : sampleCard(member, ""))));
  const others = members.length > 1 ? ` and ${count(members.length - 1)} more` : "";
  const alike = likeness(members[0]);
  return el("details", { class: "cluster", open: isOpen, ontoggle: (event) => { if (event.target.open && !holder.firstChild) fill(); } },
    el("summary", {}, el("span", { class: "url" }, members[0].url), others, alike.name ? el("span", { class: "soft alike" }, `${alike.name} ${value(alike.value)}`) : null,
      el("span", { class: "soft" }, twin ? el("span", {}, "left for ", el("span", { class: "url" }, twin.url)) : members[0].detail)), holder);
}
