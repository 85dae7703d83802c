// Bars of parts, legends, and rows of bars.

function stack(parts, whole, label) {
  // A bar of parts: [class, amount, words]; what is left of the whole stays empty.
  let place = 0;
  const pieces = parts.filter((part) => part[1] > 0).map(([kind, amount, words]) => {
    const width = (1000 * amount) / (whole || 1);
    const piece = svg("rect", { class: `part ${kind}`, x: place, y: 0, width: Math.max(width, 1.5), height: 20 }, svg("title", {}, words));
    place += width;
    return piece;
  });
  return svg("svg", { class: "stack", viewBox: "0 0 1000 20", preserveAspectRatio: "none", role: "img", "aria-label": label }, pieces);
}

function legend(entries) {
  return el("ul", { class: "legend" }, entries.map(([kind, words]) =>
    el("li", {}, svg("svg", { class: "swatch", viewBox: "0 0 10 10" }, svg("rect", { class: `part ${kind}`, width: 10, height: 10, rx: 2 })), words)));
}

function languageLegend(extra) {
  const shown = mainLanguages.map((code) => [languageClass(code), languageName(code)]);
  if (languages.length > mainLanguages.length) shown.push(["lang-other", "other or unknown"]);
  return legend([...shown, ...(extra || [])]);
}

function languageParts(amounts, words) {
  const parts = mainLanguages.map((code) => [languageClass(code), amounts.get(code) || 0, `${code}: ${count(amounts.get(code) || 0)} ${words}`]);
  const others = sum([...amounts].filter(([code]) => !mainLanguages.includes(code)).map(([, one]) => one));
  return [...parts, ["lang-other", others, `other or unknown: ${count(others)} ${words}`]];
}

function figure(label, number, words) {
  return el("div", { class: "figure" }, el("span", { class: "label" }, label), el("b", {}, number), words ? el("span", { class: "words" }, words) : null);
}
