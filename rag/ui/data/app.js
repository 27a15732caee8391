// What the page does beyond Streamlit: brings what was just asked or opened into view, once; names
// buttons for those who do not see their surroundings; copies; names the language of the page.
// Receives JSON from rag/ui/shell.py and writes text and attributes, never markup.
const WAIT_MS = 50;
const TRIES = 60;
const SAID_MS = 2000;
const shown = new Map(); // place → occasion
const handed = new Map(); // part of the page → what it handed over
const restoring = new WeakMap(); // button → puts its own words back
let named = new Set(); // buttons with a name of ours
let pending = 0;

// As Streamlit makes a class of a key.
function within(key, rest = "") {
  const name = key.trim().replace(/[^a-zA-Z0-9_-]/g, "-");
  return document.querySelector(`.st-key-${CSS.escape(name)}${rest}`);
}

const control = (key) => within(key, " :is(button, a, summary)");

function show(place, key) {
  const element = within(key);
  if (!element) return false;
  // In a conversation it marks what a model wrote without backing.
  const mark = place !== "conversation" && element.querySelector(".stMarkdownColoredBackground");
  if (mark) mark.scrollIntoView({ block: "nearest" });
  else element.scrollIntoView({ block: "start" });
  return true;
}

// On a narrow screen the outline covers the page that it leads to.
function uncover(place) {
  if (!["document", "index"].includes(place) || innerWidth >= 768) return;
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

function bring({ place, key, occasion }, tries) {
  if (shown.get(place) !== occasion || show(place, key) || !tries) return;
  setTimeout(() => bring({ place, key, occasion }, tries - 1), WAIT_MS);
}

function bringAll(shows) {
  const places = new Set(shows.map(({ place }) => place));
  for (const place of shown.keys()) if (!places.has(place)) shown.delete(place);
  for (const wanted of shows) {
    if (shown.get(wanted.place) === wanted.occasion) continue;
    shown.set(wanted.place, wanted.occasion);
    uncover(wanted.place);
    bring(wanted, TRIES);
  }
}

// React draws buttons anew, and gives the element of one button to another.
function name() {
  pending = 0;
  const wanted = new Map();
  for (const { labels } of handed.values()) {
    for (const [key, text] of Object.entries(labels)) {
      const button = control(key);
      if (button) wanted.set(button, text);
    }
  }
  for (const button of named) if (!wanted.has(button)) button.removeAttribute("aria-label");
  for (const [button, text] of wanted) {
    if (button.getAttribute("aria-label") !== text) button.setAttribute("aria-label", text);
  }
  named = new Set(wanted.keys());
}

function nameSoon() {
  pending ||= setTimeout(name, WAIT_MS);
}

function announcer() {
  const id = "cinco-announcer";
  const existing = document.getElementById(id);
  if (existing) return existing;
  const region = document.createElement("div");
  region.id = id;
  region.setAttribute("role", "status");
  region.setAttribute("aria-live", "polite");
  document.body.append(region);
  return region;
}

function firstText(element) {
  if (!element) return null;
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const icon = text.parentElement.closest('[data-testid="stIconMaterial"]');
    if (text.data.trim() && (!icon || icon === element)) return text;
  }
  return null;
}

// Changes the data of text nodes, which React keeps its hands on, and for two seconds only.
function announce(button, text, icon) {
  restoring.get(button)?.();
  const region = announcer();
  region.textContent = text;
  const changed = [
    [firstText(button.querySelector('[data-testid="stIconMaterial"]')), icon],
    [firstText(button), text],
  ].filter(([node]) => node);
  const before = changed.map(([node]) => node.data);
  for (const [node, words] of changed) node.data = words;
  const restore = () => {
    clearTimeout(timer);
    restoring.delete(button);
    region.textContent = "";
    changed.forEach(([node, words], i) => {
      if (node.data === words) node.data = before[i];
    });
  };
  const timer = setTimeout(restore, SAID_MS);
  restoring.set(button, restore);
}

// Pages that do not come by https or from this machine have no clipboard of the modern kind.
async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const focused = document.activeElement;
    const box = document.createElement("textarea");
    box.value = text;
    box.setAttribute("readonly", "");
    box.style.cssText = "position: fixed; top: 0; opacity: 0";
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    focused?.focus();
    return done;
  }
}

// Taken before React sees it: what only copies needs no rerun.
async function copy(event) {
  const button = event.target.closest?.("button");
  if (!button) return;
  for (const { copies, copied, failed } of handed.values()) {
    const key = Object.keys(copies).find((candidate) => control(candidate) === button);
    if (key === undefined) continue;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (await put(copies[key])) announce(button, copied, "check");
    else announce(button, failed, "error");
    return;
  }
}

new MutationObserver(nameSoon).observe(document.body, {
  attributeFilter: ["class"],
  childList: true,
  subtree: true,
});
addEventListener("click", copy, true);

export default function ({ data, key }) {
  if (data.language) document.documentElement.lang = data.language;
  if (data.shows) bringAll(data.shows);
  handed.set(key, data);
  announcer();
  name();
  return () => {
    handed.delete(key);
    nameSoon();
  };
}
