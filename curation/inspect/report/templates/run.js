// What was run: inputs, settings that differ from the defaults, versions, digests, files.

function runView() {
  const { run } = data;
  const shown = (one) => (one === null || one === undefined ? "–" : typeof one === "string" ? one || "\"\"" : JSON.stringify(one));
  const settings = [
    { title: "setting", cell: (row) => el("code", {}, row.key) },
    { title: "value", cell: (row) => shown(row.value), kind: "below told" },
    { title: "default", cell: (row) => shown(row.default), kind: "detail below told" },
  ];
  const stages = [
    { title: "stage", cell: (row) => row.stage },
    { title: "step", cell: (row) => row.step },
    { title: "version", number: true, cell: (row) => row.version },
    { title: "reads", cell: (row) => row.resources.map(([name, digest]) => el("div", { class: "url" }, `${name} `, el("span", { class: "soft" }, digest))), kind: "detail below" },
  ];
  const files = [
    { title: "file", cell: (file) => file[0], kind: "url" },
    { title: "rows", number: true, cell: (file) => count(file[1]) },
    { title: "size", number: true, cell: (file) => bytes(file[2]) },
    { title: "SHA-256", cell: (file) => file[3], kind: "url soft below" },
  ];
  const skipped = Object.entries((data.steps[0] || {}).skipped || {});
  return [heading("Run"),
    card("Input", el("p", {}, `Batch ${run.batch}, ${counted(run.inputCount || 0, "file")}.`), el("ul", { class: "plain" }, (run.inputs || []).map((one) => el("li", { class: "url" }, one))),
      skipped.length ? el("p", { class: "soft" }, `Records that are no pages, skipped: ${skipped.map(([kind, one]) => `${kind} ${count(one)}`).join(", ")}.`) : null),
    card("Settings that are not at their defaults", (run.settings || []).length ? table(settings, run.settings) : el("p", { class: "none" }, "None."),
      (run.overrides || []).length ? el("p", { class: "soft" }, `Given beside the file: ${run.overrides.join(", ")}.`) : null),
    card("Stages, and what they read", table(stages, run.stages || [])),
    Object.keys(run.software || {}).length ? card("Software", el("p", {}, Object.entries(run.software).map(([name, version]) => `${name} ${version}`).join(", "))) : null,
    ...data.outputs.map((output) => card(`Output ${output.name}`, el("p", {}, output.figures.map(([label, number]) => `${label} ${value(number) === String(number) ? number : count(number)}`).join(", ")), table(files, output.files)))];
}
