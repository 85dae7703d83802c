// Every number that a threshold stands on, by language, and all the others.

function measuresView(filters) {
  const held = data.measures.filter((measure) => measure.limits.length);
  const beyond = new Map(held.map((measure) => [measure, goneBeyond(measure)]));
  held.sort((one, other) => beyond.get(other) - beyond.get(one));
  const others = data.measures.filter((measure) => !measure.limits.length);
  const stages = [...new Set(held.flatMap((measure) => measure.limits.map((limit) => limit.stage)))];
  const list = el("div", { class: "measures" });
  const draw = () => {
    const [stage, language, text] = ["stage", "language", "q"].map((name) => address().filters.get(name) || "");
    const fits = (measure) => (!text || measure.name.includes(text) || measure.limits.some((limit) => limit.setting.includes(text)))
      && (!stage || measure.limits.some((limit) => limit.stage === stage));
    const found = held.filter(fits).map((measure) => measureCard(measure, language)).filter(Boolean);
    list.replaceChildren(...(found.length ? found : [el("p", { class: "none" }, "No threshold fits.")]));
  };
  const set = (name) => (one) => { setFilter(name, one); draw(); };
  draw();
  const rest = el("div", { class: "measures" });
  return [
    heading("Thresholds", "Each with the documents of its step: in colour those that were kept, in grey those that left for whatever reason; the tinted side is beyond the threshold, which is written as what stays must be. Those that cut most come first. Heights are roots of counts. Click a bar for samples from it."),
    el("div", { class: "filters" },
      select("stage", [["", "all"], ...stages.map((one) => [one, one])], filters.get("stage") || "", set("stage")),
      select("language", [["", "all"], ...mainLanguages.map((one) => [one, languageName(one)])], filters.get("language") || "", set("language")),
      input("search", filters.get("q") || "", set("q"))),
    list,
    others.length ? el("details", {
      class: "card", ontoggle: (event) => { if (event.target.open && !rest.firstChild) rest.append(...others.map((measure) => measureCard(measure, "")).filter(Boolean)); },
    }, el("summary", {}, `${count(others.length)} numbers without a threshold`), rest) : null,
  ];
}

function measureCard(measure, language) {
  const charts = measure.charts.filter((chart) => (language ? chart.language === language : !mainLanguages.length || mainLanguages.includes(chart.language)));
  const drawn = charts.map((chart) => {
    const limits = limitsOf(measure, chart);
    if (measure.limits.length && !limits.length) return null;
    const open = (bar) => go("samples", {
      measure: measure.name, lo: value(bar.low).replaceAll(",", ""), hi: value(bar.high).replaceAll(",", ""), language: chart.language, near: limits.length ? limits[0].value : "",
    });
    return el("figure", {}, el("figcaption", {}, el("b", {}, languageName(chart.language)), el("span", { class: "soft" }, `${compact(chart.pages)} documents`), limits.map((limit) => sides(chart, limit))),
      histogram(measure, chart, limits, open));
  }).filter(Boolean);
  if (!drawn.length) return null;
  const settings = [...new Set(measure.limits.map((limit) => `${limit.stage} ${limit.setting}`))];
  return el("section", { class: "card measure" }, el("h3", {}, measure.name.replace(/^measures\./, "")), settings.length ? el("p", { class: "soft" }, settings.join(", ")) : null, drawn);
}

const limitsOf = (measure, chart) => measure.limits.filter((limit) => !limit.language || limit.language === chart.language);

// Thresholds beyond which most has left come first; beyond some nothing leaves for them.
function goneBeyond(measure) {
  const charts = measure.charts.filter((chart) => mainLanguages.includes(chart.language));
  const gone = (chart) => chart.bins.map(([bin, least, most, , left]) => [bin, least, most, 0, left]);
  return sum(charts.flatMap((chart) => limitsOf(measure, chart).map((limit) => outside(gone(chart), limit).pages)));
}

function sides(chart, limit) {
  const { pages, isExact } = outside(chart.bins, limit);
  return el("span", { class: "sides", title: limit.setting }, `${isExact ? "" : "about "}${percent(pages / chart.pages)} beyond, ${percent(1 - pages / chart.pages)} within`);
}
