// A number's histogram: what was kept and what is gone, with the thresholds drawn in.

const phone = matchMedia("(max-width: 46rem)");
// On a phone a chart is narrower, so that its letters are as large.
const CHART = { get width() { return phone.matches ? 320 : 560; }, height: 120, foot: 18, head: 16, bars: 48 };
const LINEAR_BARS = 32;

const sign = (limit) => ({ ">=": "≥", "<=": "≤" })[limit.bound] || limit.bound;

function isInside(limit, one) {
  if (limit.bound === ">=") return one >= limit.value;
  return limit.bound === "<=" ? one <= limit.value : one < limit.value;
}

// Bars: {low, high, least, most, kept, gone}. Ratios with a threshold that is not small stand on an
// even scale from 0 to 1, or from 0.5 if nothing is less; all else on that of the bins, on which a
// doubling is as wide anywhere. A threshold of 0 is at the left end of either.
function barsOf(bins, limits) {
  const least = Math.min(...bins.map(([, one]) => one));
  const isLarge = (limit) => limit.value >= 0.08 || (limit.value === 0 && least >= 0.08);
  const even = bins.every(([bin, , most]) => bin >= 0 && most <= 1.001) && limits.every(isLarge);
  const from = least >= 0.5 && limits.every((limit) => limit.value >= 0.5 || limit.value === 0) ? 0.5 : 0;
  if (even) return { even, from, bars: evenBars(bins, from) };
  const numbers = [...bins.map(([bin]) => bin), ...limits.map((limit) => binOf(limit.value))];
  const [first, final] = [Math.min(...numbers), Math.max(...numbers)];
  const step = Math.max(1, Math.ceil((final - first + 1) / CHART.bars));
  const size = Math.max(8, Math.ceil((final - first + 1) / step));
  const bars = Array.from({ length: size }, (_, place) => emptyBar(edge(first + place * step), edge(first + (place + 1) * step)));
  for (const bin of bins) addTo(bars[Math.floor((bin[0] - first) / step)], bin);
  return { even, bars };
}

function evenBars(bins, from) {
  const at = (place) => from + (place * (1 - from)) / LINEAR_BARS;
  const bars = Array.from({ length: LINEAR_BARS }, (_, place) => emptyBar(at(place), at(place + 1)));
  for (const bin of bins) addTo(bars[Math.min(LINEAR_BARS - 1, Math.floor(((edge(bin[0]) - from) * LINEAR_BARS) / (1 - from)))], bin);
  return bars;
}

const emptyBar = (low, high) => ({ low, high, least: Infinity, most: -Infinity, kept: 0, gone: 0 });

function addTo(bar, [, least, most, kept, gone]) {
  bar.least = Math.min(bar.least, least);
  bar.most = Math.max(bar.most, most);
  bar.kept += kept;
  bar.gone += gone;
}

function binOf(one) {
  if (one < 0) return -1 - binOf(-one);
  let [low, high] = [0, 40 * BIN_DIGITS];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (edge(middle) <= one) low = middle;
    else high = middle - 1;
  }
  return low;
}

// How many documents lie outside a threshold; exact unless it cuts a bin whose values are on both sides.
function outside(bins, limit) {
  let [certain, unsure] = [0, 0];
  for (const [, least, most, kept, gone] of bins) {
    const ends = [isInside(limit, least), isInside(limit, most)];
    if (!ends[0] && !ends[1]) certain += kept + gone;
    else if (ends[0] !== ends[1]) {
      const share = (limit.value - least) / (most - least || 1);
      unsure += (kept + gone) * (ends[1] ? share : 1 - share);
    }
  }
  return { pages: Math.round(certain + unsure), isExact: unsure === 0 };
}

function placeOf(one, { even, from, bars }) {
  if (even) return Math.max(0, (one - from) / (1 - from));
  const at = bars.findIndex((bar) => one < bar.high);
  if (at < 0) return 1;
  const bar = bars[at];
  return (at + Math.max(0, (one - bar.low) / (bar.high - bar.low))) / bars.length;
}

function histogram(measure, chart, limits, open) {
  const shape = barsOf(chart.bins, limits);
  const { bars } = shape;
  const top = Math.max(...bars.map((bar) => bar.kept + bar.gone), 1);
  const tall = CHART.height - CHART.foot - CHART.head;
  const wide = CHART.width / bars.length;
  // Roots of counts: a bar of one document among thousands is there to be seen.
  const height = (pages) => (pages ? Math.max(1.5, tall * Math.sqrt(pages / top)) : 0);
  const floor = CHART.height - CHART.foot;
  const drawn = bars.map((bar, place) => {
    const whole = height(bar.kept + bar.gone);
    const kept = (whole * bar.kept) / (bar.kept + bar.gone || 1);
    const shape = { x: place * wide + 0.5, width: Math.max(1, wide - 1) };
    return svg("g", { class: "bar", "data-place": place },
      svg("rect", { class: "target", x: place * wide, width: wide, y: CHART.head, height: tall }),
      svg("rect", { class: `part ${languageClass(chart.language)}`, ...shape, y: floor - kept, height: kept }),
      svg("rect", { class: "part gone", ...shape, y: floor - whole, height: Math.max(0, whole - kept) }));
  });
  const beyond = limits.map((limit) => {
    const x = CHART.width * placeOf(limit.value, shape);
    const [from, to] = limit.bound === ">=" ? [0, x] : [x, CHART.width];
    return svg("rect", { class: "beyond", x: from, width: Math.max(0, to - from), y: CHART.head, height: tall });
  });
  const lines = limits.map((limit) => {
    const x = Math.min(CHART.width - 1, Math.max(1, CHART.width * placeOf(limit.value, shape)));
    const end = x > CHART.width - (limits.length > 1 ? 130 : 50);
    return svg("g", { class: "limit" },
      svg("line", { x1: x, x2: x, y1: 4, y2: floor }),
      svg("text", { x: end ? x - 4 : x + 4, y: 12, "text-anchor": end ? "end" : "start" }, `${sign(limit)} ${value(limit.value)}${limits.length > 1 ? ` ${limit.setting}` : ""}`));
  });
  const node = svg("svg", {
    class: "histogram", viewBox: `0 0 ${CHART.width} ${CHART.height}`, tabindex: 0, role: "application",
    "aria-label": `${measure.name}, ${languageName(chart.language)}: ${count(chart.pages)} documents; arrow keys move from bar to bar, Enter shows samples`,
  }, svg("line", { class: "axis", x1: 0, x2: CHART.width, y1: floor, y2: floor }), beyond, drawn, lines, ticks(shape));
  steer(node, bars, drawn, (bar) => words(chart, bar), open);
  return node;
}

const words = (chart, bar) =>
  `${value(bar.low)} to ${value(bar.high)}\n${count(bar.kept)} kept, ${count(bar.gone)} gone of ${count(chart.pages)}`;

function ticks({ even, from, bars }) {
  const places = even ? [0, 0.25, 0.5, 0.75, 1] : [0, 0.2, 0.4, 0.6, 0.8];
  return places.map((place) => {
    const at = Math.min(bars.length - 1, Math.round(place * bars.length));
    const [x, one] = even ? [place * CHART.width, from + place * (1 - from)] : [(at / bars.length) * CHART.width, bars[at].low];
    return svg("text", { class: "tick", x, y: CHART.height - 4, "text-anchor": place === 0 ? "start" : place === 1 ? "end" : "middle" }, even ? value(one) : rough.format(one));
  });
}

function steer(node, bars, drawn, say, open) {
  let chosen = -1;
  const choose = (place) => {
    if (chosen >= 0) drawn[chosen].classList.remove("chosen");
    chosen = place;
    if (place < 0) return tip.hide();
    drawn[place].classList.add("chosen");
    tip.show(say(bars[place]), drawn[place].getBoundingClientRect());
  };
  const placeAt = (event) => Number(event.target.closest(".bar")?.dataset.place ?? -1);
  const filledFrom = (from, by) => {
    for (let place = from + by; place >= 0 && place < bars.length; place += by) if (bars[place].kept + bars[place].gone) return place;
    return from;
  };
  node.addEventListener("pointermove", (event) => choose(placeAt(event)));
  node.addEventListener("pointerleave", () => choose(-1));
  node.addEventListener("blur", () => choose(-1));
  node.addEventListener("click", (event) => { if (placeAt(event) >= 0) { tip.hide(); open(bars[placeAt(event)]); } });
  node.addEventListener("keydown", (event) => {
    if (event.key === "ArrowRight") choose(filledFrom(chosen, 1));
    else if (event.key === "ArrowLeft") choose(filledFrom(chosen < 0 ? bars.length : chosen, -1));
    else if (event.key === "Enter" && chosen >= 0) { const bar = bars[chosen]; tip.hide(); open(bar); }
    else if (event.key === "Escape") choose(-1);
    else return;
    event.preventDefault();
  });
}
