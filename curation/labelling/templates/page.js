"use strict";

// What a browser would hide, obey or reorder by: controls, marks of direction, zero widths, tags,
// halves of surrogate pairs. Lines are split and tabs shown as they are.
const HIDDEN = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u180e\\u200b\\u200e\\u200f" +
  "\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}\\ud800-\\udfff]", "gu");
const VALUE_KEYS = "1234567890-=";
const LABEL_FORMAT = 1;
const MAX_SHOWN_VALUES = 40;

const WORDS = {
  en: {
    annotator: "Your name", pass: "Pass", export: "Export", load: "Load labels", previous: "Back",
    next: "Next", open: "Next without a label", clear: "Clear", guide: "Guide", close: "Close",
    copy: "This browser saves no file: copy these lines into one.",
    filter: "Type to find a class, Enter takes the first",
    unnamed: "Say who you are first: labels carry your name.",
    unkept: "This browser keeps nothing: export before you close the page.",
    cut: "Shown are the first {shown} of {all} characters.",
    loaded: "{count} labels loaded, {others} rows passed over.",
    keys: "A key for each value, ← → move, u next without a label, e export",
    findKeys: "/ find, Esc leave, ← → move, u next without a label, e export",
    lineKeys: "↑ ↓ or k j move, space marks and moves on, x marks, r marks all from here, Enter done",
    done: "{done} of {all} labelled; this is {place}",
    lines: "Done: {clutter} of {all} lines are clutter",
  },
  zh: {
    annotator: "姓名", pass: "轮次", export: "导出", load: "载入标注", previous: "上一篇", next: "下一篇",
    open: "下一篇未标注", clear: "清除", guide: "标注指南", close: "关闭",
    copy: "此浏览器无法保存文件:请复制以下各行。", filter: "输入以查找类别,回车选第一个",
    unnamed: "请先填写姓名:标注会带上它。", unkept: "此浏览器不保存进度:关闭页面前请先导出。",
    cut: "仅显示前 {shown} 字,共 {all} 字。", loaded: "已载入 {count} 条标注,略过 {others} 行。",
    keys: "按键选值,← → 翻页,u 下一篇未标注,e 导出",
    findKeys: "/ 查找,Esc 离开,← → 翻页,u 下一篇未标注,e 导出",
    lineKeys: "↑ ↓ 或 k j 移动,空格标记并下移,x 标记,r 标记此行及以下,回车完成",
    done: "已标注 {done} / {all},当前第 {place} 篇",
    lines: "完成:{all} 行中 {clutter} 行为杂项",
  },
};

// A text as pieces: what is shown as it is, and the names of characters that would not be seen.
function pieces(text) {
  const found = [];
  let start = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > start) found.push({ text: text.slice(start, match.index) });
    const code = match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
    found.push({ name: "U+" + code });
    start = match.index + match[0].length;
  }
  if (start < text.length) found.push({ text: text.slice(start) });
  return found;
}

// A name that a label may carry: no characters that are not seen, at most 200.
function nameOf(typed) {
  return [...typed.replace(HIDDEN, "").replace(/[\p{C}]/gu, "").trim()].slice(0, 200).join("");
}

// An answer is a value, or 1 (main) and 0 (clutter) for each line that is asked of.
function isAnswer(question, answer) {
  if (!question.lines) return question.values.includes(answer);
  return Array.isArray(answer) && answer.length === question.lines.length &&
    answer.every((one) => one === 0 || one === 1);
}

// A label as `curate label import` reads it.
function labelOf(question, answer, annotator, pass) {
  const label = {
    format_version: LABEL_FORMAT, doc_id: question.doc_id, text_digest: question.text_digest,
    language: question.language, task: question.task, annotator, pass_number: pass,
  };
  if (question.lines) label.lines = question.lines.map((line, n) => [line.digest, answer[n]]);
  else label.value = answer;
  label.weight = question.weight;
  return label;
}

// The answer that a label holds of a question, undefined for a label of something else.
function answerOf(question, label) {
  if (!label || label.doc_id !== question.doc_id || label.text_digest !== question.text_digest ||
      label.task !== question.task) return undefined;
  let answer = label.value;
  if (question.lines) {
    const values = new Map(Array.isArray(label.lines) ? label.lines : []);
    answer = question.lines.map((line) => values.get(line.digest));
  }
  return isAnswer(question, answer) ? answer : undefined;
}

// The values that have what was typed in their name, those that begin with it first.
function matching(values, names, typed) {
  const wanted = typed.trim().toLowerCase();
  const place = (value) => (value + " " + (names[value] || "")).toLowerCase().indexOf(wanted);
  return values.filter((value) => place(value) >= 0).sort((a, b) => (place(b) === 0) - (place(a) === 0));
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

// What is kept in this browser, or, where it keeps nothing, until the page is closed.
function openStore(prefix) {
  const held = new Map();
  let kept = null;
  try {
    kept = window.localStorage;
    kept.setItem(prefix, "1");
  } catch { kept = null; }
  return {
    get isKept() { return kept !== null; },
    get(name) {
      try { return kept ? kept.getItem(prefix + name) : held.get(name) ?? null; } catch { return null; }
    },
    set(name, value) {
      held.set(name, value);
      try {
        if (kept && value === null) kept.removeItem(prefix + name);
        else if (kept) kept.setItem(prefix + name, value);
      } catch { kept = null; }
    },
  };
}

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  const { questions, names, sample } = data;
  const store = openStore("curate-label/" + sample + "/");
  const at = (id) => document.getElementById(id);
  const words = WORDS[(navigator.language || "en").startsWith("zh") ? "zh" : "en"];
  const answers = questions.map((question, n) => kept(question, String(n)));
  const isMany = questions[0].values.length > VALUE_KEYS.length;
  let place = Math.max(firstOpen(0), 0), line = 0, draft = null, isUnsaved = false;

  function kept(question, name) {
    try {
      const answer = JSON.parse(store.get(name));
      return isAnswer(question, answer) ? answer : undefined;
    } catch { return undefined; }
  }

  function firstOpen(from) {
    for (let step = 0; step < questions.length; step += 1) {
      const n = (from + step) % questions.length;
      if (answers[n] === undefined) return n;
    }
    return -1;
  }

  function node(tag, text, name) {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(text);
    return made;
  }

  // Text of a page, in which every character is either shown or named.
  function shown(element, text) {
    element.replaceChildren(...pieces(text).map((one) =>
      one.name ? node("span", one.name, "hidden-character") : document.createTextNode(one.text)));
    return element;
  }

  function tell(text) {
    at("notice").textContent = text;
    at("notice").hidden = !text;
  }

  function show() {
    const question = questions[place];
    shown(at("title"), question.title || "—").lang = question.language;
    shown(at("url"), question.url);
    at("about").textContent = question.language + " · " + question.doc_id;
    const asked = new Map((question.lines || []).map((one, n) => [one.number, n]));
    at("text").lang = question.language;
    at("text").replaceChildren(...question.text.split("\n").map((text, number) => {
      const row = shown(node("div", "", "row"), text);
      row.dir = "auto";
      if (asked.has(number)) {
        row.classList.add("asked");
        row.addEventListener("click", () => { line = asked.get(number); mark(line, 1); });
      }
      return row;
    }));
    at("more").hidden = question.text.length >= question.text_chars;
    at("more").textContent = fill(words.cut, { shown: question.text.length, all: question.text_chars });
    draft = question.lines ? [...(answers[place] || kept(question, "draft/" + place) || question.lines.map(() => 1))] : null;
    line = 0;
    at("filter").value = "";
    at("text").parentElement.scrollTop = 0;
    refresh();
  }

  function refresh() {
    const question = questions[place];
    const done = answers.filter((one) => one !== undefined).length;
    at("progress").value = done / questions.length;
    at("count").textContent = fill(words.done, { done, all: questions.length, place: place + 1 });
    if (question.lines) return refreshLines(question);
    const typed = at("filter").value;
    const values = matching(question.values, names, typed);
    if (answers[place] !== undefined && isMany && !typed)
      values.sort((a, b) => (b === answers[place]) - (a === answers[place]));
    at("values").replaceChildren(...values.slice(0, isMany ? MAX_SHOWN_VALUES : values.length).map((value, n) => {
      const button = node("button", "", typed && n === 0 ? "first" : "");
      button.type = "button";
      button.setAttribute("role", "option");
      button.setAttribute("aria-selected", String(value === answers[place]));
      if (!isMany) button.append(node("kbd", VALUE_KEYS[n]));
      button.append(node("span", value), node("span", names[value] || "", "named"));
      button.addEventListener("click", () => answer(value));
      return button;
    }));
    return undefined;
  }

  function refreshLines(question) {
    const rows = at("text").children;
    question.lines.forEach((one, n) => {
      rows[one.number].classList.toggle("clutter", draft[n] === 0);
      rows[one.number].classList.toggle("here", n === line);
    });
    rows[question.lines[line]?.number]?.scrollIntoView({ block: "nearest" });
    const button = node("button", node("kbd", "⏎"));
    button.type = "button";
    button.setAttribute("aria-selected", String(answers[place] !== undefined));
    button.append(node("span", fill(words.lines, { clutter: draft.filter((one) => one === 0).length, all: draft.length })));
    button.addEventListener("click", () => answer([...draft]));
    at("values").replaceChildren(button);
  }

  function keep(value) {
    answers[place] = value;
    store.set(String(place), value === undefined ? null : JSON.stringify(value));
    isUnsaved = true;
    if (!store.isKept) tell(words.unkept);
  }

  function answer(value) {
    keep(value);
    const open = firstOpen(place);
    if (open >= 0) go(open);
    else refresh();
  }

  function go(to) {
    place = Math.min(Math.max(to, 0), questions.length - 1);
    document.activeElement?.blur();
    show();
  }

  function mark(n, count) {
    for (let i = n; i < Math.min(n + count, draft.length); i += 1)
      draft[i] = count > 1 ? 0 : 1 - draft[i];
    store.set("draft/" + place, JSON.stringify(draft));
    if (answers[place] !== undefined) keep([...draft]);
    refresh();
  }

  function rows() {
    const annotator = nameOf(at("annotator").value), pass = Math.trunc(Number(at("pass").value)) || 1;
    if (!annotator) return null;
    return questions.flatMap((question, n) => answers[n] === undefined ? [] :
      [JSON.stringify(labelOf(question, answers[n], annotator, Math.min(Math.max(pass, 1), 99))) + "\n"]);
  }

  function save() {
    const found = rows();
    if (!found) {
      tell(words.unnamed);
      at("annotator").focus();
      return;
    }
    tell("");
    isUnsaved = false;
    const name = nameOf(at("annotator").value).replace(/[^\p{L}\p{N}]+/gu, "-");
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob(found, { type: "application/jsonl" }));
      link.download = questions[0].task + "." + name + ".jsonl";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    } catch {
      at("copied").value = found.join("");
      at("copy").showModal();
      at("copied").select();
    }
  }

  async function load(file) {
    const places = new Map(questions.map((one, n) => [one.doc_id + one.text_digest, n]));
    let count = 0, others = 0;
    for (const text of (await file.text()).split("\n").filter((one) => one.trim())) {
      let label = null, found;
      try { label = JSON.parse(text); } catch { label = null; }
      const n = label ? places.get(label.doc_id + label.text_digest) : undefined;
      if (n !== undefined) found = answerOf(questions[n], label);
      if (found === undefined) { others += 1; continue; }
      answers[n] = found;
      store.set(String(n), JSON.stringify(found));
      count += 1;
    }
    tell(fill(words.loaded, { count, others }));
    show();
  }

  function pressedInFilter(event) {
    const [first] = matching(questions[place].values, names, at("filter").value);
    const isEmpty = !at("filter").value.trim();
    if (event.key === "Escape") at("filter").blur();
    else if (isEmpty && /^Arrow(Left|Right)$/.test(event.key)) go(place + (event.key === "ArrowLeft" ? -1 : 1));
    else if (event.key === "Enter" && first && !isEmpty) {
      answer(first);
      at("filter").focus();
    }
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target === at("filter")) { pressedInFilter(event); return; }
    if (/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
      if (event.key === "Escape" || event.key === "Enter") event.target.blur();
      return;
    }
    if (event.target.closest?.("button, summary, dialog") && /^( |Enter)$/.test(event.key)) return;
    const action = (draft ? lineAction(event.key) : valueAction(event.key)) || commonAction(event.key);
    if (!action) return;
    event.preventDefault();
    action();
  }

  function valueAction(key) {
    const n = isMany || !key ? -1 : VALUE_KEYS.indexOf(key);
    if (n >= 0 && n < questions[place].values.length) return () => answer(questions[place].values[n]);
    return isMany && key === "/" ? () => at("filter").focus() : undefined;
  }

  function lineAction(key) {
    const move = (by) => () => {
      line = Math.min(Math.max(line + by, 0), Math.max(draft.length - 1, 0));
      refresh();
    };
    return {
      ArrowDown: move(1), j: move(1), ArrowUp: move(-1), k: move(-1), x: () => mark(line, 1),
      " ": () => { mark(line, 1); move(1)(); }, r: () => mark(line, draft.length),
      Enter: () => answer([...draft]),
    }[key];
  }

  function keysInWords() {
    return questions[0].lines ? words.lineKeys : isMany ? words.findKeys : words.keys;
  }

  function commonAction(key) {
    return {
      ArrowLeft: () => go(place - 1), ArrowRight: () => go(place + 1), p: () => go(place - 1),
      n: () => go(place + 1), u: () => go(Math.max(firstOpen(place + 1), 0)), e: save,
      Backspace: () => { keep(undefined); show(); }, g: () => { at("guide").open = !at("guide").open; },
    }[key];
  }

  at("question-en").textContent = questions[0].question.en || "";
  at("question-zh").textContent = questions[0].question.zh || "";
  at("guide-text").textContent = data.guide;
  at("keys").textContent = keysInWords();
  document.querySelectorAll("[data-say]").forEach((one) => { one.textContent = words[one.dataset.say]; });
  at("filter").hidden = !isMany;
  at("filter").placeholder = words.filter;
  at("values").classList.toggle("many", isMany);
  at("annotator").value = store.get("annotator") || "";
  at("annotator").addEventListener("change", () => store.set("annotator", at("annotator").value));
  at("pass").value = store.get("pass") || "1";
  at("pass").addEventListener("change", () => store.set("pass", at("pass").value));
  at("filter").addEventListener("input", refresh);
  at("export").addEventListener("click", save);
  at("load").addEventListener("change", () => { if (at("load").files[0]) load(at("load").files[0]); });
  at("previous").addEventListener("click", () => go(place - 1));
  at("next").addEventListener("click", () => go(place + 1));
  at("open").addEventListener("click", () => go(Math.max(firstOpen(place + 1), 0)));
  at("clear").addEventListener("click", () => { keep(undefined); show(); });
  document.addEventListener("keydown", pressed);
  window.addEventListener("beforeunload", (event) => { if (isUnsaved && !store.isKept) event.preventDefault(); });
  if (!store.isKept) tell(words.unkept);
  show();
}

if (typeof document !== "undefined") start();
