// Elements of the page. Whatever a crawl has written becomes a text node or an attribute's value,
// never markup; attributes that would run or load something are not set from data.

const SVG = "http://www.w3.org/2000/svg";

function el(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "css") for (const [key, one] of Object.entries(value)) node.style.setProperty(key, one);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((one) => one !== null && one !== undefined && one !== false));
  return node;
}

const byId = (id) => document.getElementById(id);

// One tip serves all charts; it says in words what is pointed at or has the focus.
const tip = {
  show(text, box) {
    const node = byId("tip");
    node.replaceChildren(...text.split("\n").map((line) => el("div", {}, line)));
    node.hidden = false;
    const wide = node.offsetWidth;
    const left = Math.min(Math.max(8, box.left + box.width / 2 - wide / 2), innerWidth - wide - 8);
    const above = box.top - node.offsetHeight - 8;
    node.style.setProperty("left", `${left}px`);
    node.style.setProperty("top", `${above > 4 ? above : box.bottom + 8}px`);
  },
  hide() {
    byId("tip").hidden = true;
  },
};

function button(label, action, attributes) {
  return el("button", { type: "button", onclick: action, ...attributes }, label);
}

// A name of ours, which may be broken after an underscore.
function breakable(text) {
  return text.split(/(?<=_)/).flatMap((piece, place) => (place ? [el("wbr"), piece] : [piece]));
}

function heading(title, words) {
  return el("div", { class: "heading" }, el("h2", {}, title), words ? el("p", {}, words) : null);
}

function card(title, ...children) {
  return el("section", { class: "card" }, title ? el("h3", {}, title) : null, ...children);
}
