// The largest sites, in one screen: sorted by any column, searched by name.

function sitesView() {
  const { rows, pages, characters } = data.sites;
  const gone = (site) => site.ends.filter(([end]) => end !== "kept");
  const columns = [
    { title: "site", cell: (site) => el("a", { href: link("samples", { site: site.name }) }, site.name), key: (site) => site.name, kind: "url" },
    { title: "pages", number: true, cell: (site) => count(site.pages), key: (site) => site.pages },
    { title: "of all", number: true, cell: (site) => percent(site.pages / pages), key: (site) => site.pages, kind: "spare" },
    { title: "kept", number: true, cell: (site) => count(site.kept), key: (site) => site.kept },
    { title: "kept share", cell: (site) => stack([["lang-0", site.kept, `${count(site.kept)} kept`], ["gone", site.pages - site.kept, `${count(site.pages - site.kept)} gone`]], site.pages, percent(site.kept / site.pages)), key: (site) => site.kept / site.pages, kind: "narrow below" },
    { title: "of the text", number: true, cell: (site) => percent(site.characters / characters), key: (site) => site.characters },
    { title: "what left", cell: (site) => el("span", { title: gone(site).map(([end, , url]) => `${end}: ${url}`).join("\n") }, gone(site).slice(0, 3).map(([end, one]) => `${end} ${count(one)}`).join(", ")), kind: "detail below" },
  ];
  const share = (name, whole) => percent(sum(rows.map((site) => site[name])) / whole);
  return [heading("Sites", `${count(rows.length)} of ${count(data.sites.count)} sites have ${share("pages", pages)} of ${compact(pages)} pages and ${share("characters", characters)} of ${compact(characters)} characters kept.`),
    card("", sortable(columns, rows, (site) => site.name, 5))];
}
