// The views, the way between them, and the theme.

const VIEWS = {
  overview: ["Overview", overview],
  thresholds: ["Thresholds", measuresView],
  reasons: ["Reasons", reasonsView],
  mix: ["Mix", mixView],
  duplicates: ["Duplicates", duplicatesView],
  sites: ["Sites", sitesView],
  samples: ["Samples", samplesView],
  run: ["Run", runView],
};

function show() {
  const { view, filters } = address();
  const [title, draw] = VIEWS[view] || VIEWS.overview;
  tip.hide();
  byId("view").replaceChildren(...[draw(filters)].flat(Infinity).filter(Boolean));
  document.title = `${title} · ${data.name}`;
  for (const one of document.querySelectorAll("nav a")) {
    if (one.dataset.view === view) one.setAttribute("aria-current", "page");
    else one.removeAttribute("aria-current");
  }
  document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  scrollTo(0, 0);
}

function themeButton() {
  const root = document.documentElement;
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
  return button("◐", () => { root.dataset.theme = isDark() ? "light" : "dark"; }, { class: "quiet theme", title: "light or dark", "aria-label": "light or dark" });
}

byId("top").append(
  el("div", { class: "title" }, el("h1", {}, data.name), themeButton()),
  el("nav", { "aria-label": "views" }, Object.entries(VIEWS).map(([name, [title]]) => el("a", { href: `#${name}`, "data-view": name }, title))));
addEventListener("hashchange", () => { show(); byId("view").focus({ preventScroll: true }); });
phone.addEventListener("change", show);
addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hide(); });
show();
