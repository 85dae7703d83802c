// A sample: its text with what was cut in its place, its measures, and the twin that it left for.

const CUT_KINDS = { line_dedup: "cut-0", clutter: "cut-1", extract: "cut-2", rules: "cut-2", privacy: "cut-3" };
const cutKind = (stage) => CUT_KINDS[stage] || "cut-4";

function excerpt(sample) {
  const lines = sample.lines.map((line) => {
    if (typeof line === "string") return el("div", { class: "line" }, line || "\u00a0");
    const gap = line.n ? el("div", { class: "gap" }, line.n > 0 ? `⋯ ${count(line.n)} lines` : "⋯ further down") : null;
    if (!line.s) return [gap, line.t ? el("div", { class: "line" }, line.t) : null];
    return [gap, el("div", { class: `line cut ${cutKind(line.s)}` },
      el("span", { class: "why" }, `${line.s}: ${line.r}`), el("del", {}, line.t || "\u00a0"))];
  });
  return el("div", { class: "text", dir: "auto" }, lines.length ? lines : el("div", { class: "none" }, "no text"));
}

const plainText = (sample) => sample.lines.map((line) => (typeof line === "string" ? line : line.s ? "" : line.t)).filter(Boolean).join("\n");

// Words of the one text that the other lacks, by their longest common subsequence.
const TOKENS = 900;
const tokensOf = (text) => (text.match(/[\p{Script=Han}]|[\p{L}\p{N}_'’]+|\s+|./gsu) || []).slice(0, TOKENS);

function difference(one, other) {
  const [left, right] = [tokensOf(one), tokensOf(other)];
  const wide = right.length + 1;
  const table = new Uint16Array((left.length + 1) * wide);
  for (let i = left.length - 1; i >= 0; i -= 1)
    for (let j = right.length - 1; j >= 0; j -= 1)
      table[i * wide + j] = left[i] === right[j] ? table[(i + 1) * wide + j + 1] + 1 : Math.max(table[(i + 1) * wide + j], table[i * wide + j + 1]);
  const marked = [[], []];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      marked[0].push([left[i], false]);
      marked[1].push([right[j], false]);
      [i, j] = [i + 1, j + 1];
    } else if (j >= right.length || (i < left.length && table[(i + 1) * wide + j] >= table[i * wide + j + 1])) {
      marked[0].push([left[i], true]);
      i += 1;
    } else {
      marked[1].push([right[j], true]);
      j += 1;
    }
  }
  return marked.map(joined);
}

function joined(tokens) {
  const runs = [];
  for (const [token, differs] of tokens) {
    const run = runs[runs.length - 1];
    if (run && run[1] === differs) run[0] += token;
    else runs.push([token, differs]);
  }
  return runs;
}

const marked = (runs) => el("div", { class: "text", dir: "auto" }, runs.map(([text, differs]) => (differs ? el("mark", {}, text) : text)));

function beside(sample, twin) {
  const [own, others] = difference(plainText(sample), plainText(twin));
  const url = (one) => el("div", { class: "url" }, one.url);
  if (![...own, ...others].some(([, differs]) => differs)) return el("div", { class: "beside alone" }, el("div", {}, el("h4", {}, "the same words in both, as far as they are shown"), url(sample), url(twin), marked(own)));
  return el("div", { class: "beside" },
    el("div", {}, el("h4", {}, "this one left"), url(sample), marked(own)),
    el("div", {}, el("h4", {}, "this one stayed"), url(twin), marked(others)));
}

function gauges(sample) {
  const known = data.measures.filter((measure) => measure.step === sample.step && measure.name in sample.values);
  const rows = known.flatMap((measure) => measure.limits
    .filter((limit) => !limit.language || sample.language === limit.language || (sample.language || "").startsWith(`${limit.language}-`))
    .map((limit) => ({ measure, limit, one: sample.values[measure.name] })));
  if (!rows.length) return null;
  rows.sort((a, b) => isInside(a.limit, a.one) - isInside(b.limit, b.one));
  const beyond = rows.filter(({ limit, one }) => !isInside(limit, one)).length;
  return el("details", { class: "gauges" },
    el("summary", {}, `${counted(rows.length, "measure")} against thresholds${beyond ? `, ${beyond} beyond` : ""}`),
    el("table", {}, el("tbody", {}, rows.map(({ measure, limit, one }) => el("tr", { class: isInside(limit, one) ? "" : "beyond" },
      el("td", {}, measure.name.replace(/^measures\./, "")), el("td", { class: "n" }, value(one)),
      el("td", { class: "n" }, `${sign(limit)} ${value(limit.value)}`), el("td", { class: "soft spare" }, limit.setting))))));
}

function sampleCard(sample, note) {
  const twin = sample.twin && twins.get(sample.twin);
  const ending = sample.decision === "keep" ? "kept" : `${sample.stage}: ${sample.reason}`;
  const about = [languageName(sample.language || ""), sample.site, sample.category, data.steps[sample.step].name, `${count(sample.characters)} characters`];
  const holder = el("div", {});
  const compare = twin && twin !== sample
    ? el("details", { ontoggle: (event) => { if (event.target.open && !holder.firstChild) holder.append(beside(sample, twin)); } }, el("summary", {}, "beside the one that stayed"), holder)
    : null;
  return el("article", { class: "sample" },
    el("header", {}, el("span", { class: `badge ${sample.decision}` }, ending), note ? el("span", { class: "note" }, note) : null,
      sample.title ? el("h4", { dir: "auto" }, sample.title) : null, el("div", { class: "url" }, sample.url)),
    el("p", { class: "about" }, about.filter(Boolean).join(" · ")),
    sample.detail ? el("p", { class: "detail" }, sample.detail) : null,
    excerpt(sample), gauges(sample), compare,
    sample.twin && !twin ? el("p", { class: "about" }, `the one that stayed, ${sample.twin}, is of an earlier batch or step`) : null);
}

function cutLegend() {
  const stages = [...new Set(data.samples.flatMap((sample) => sample.lines.map((line) => line.s)).filter(Boolean))];
  return stages.length ? el("ul", { class: "legend" }, stages.map((stage) => el("li", { class: `key ${cutKind(stage)}` }, `cut by ${stage}`))) : null;
}
