// What the page does beyond Streamlit: brings what was just asked or opened into view, once; names
// buttons for those who do not see their surroundings; copies; highlights what was found in the
// text, and hears which sentence is pointed at; names the language of the page.
// Receives JSON from rag/ui/shell.py and writes text and attributes, never markup.
const WAIT_MS = 50;
const TRIES = 60;
const LONGEST_MS = 6000;
// What is drawn above it later pushes it away again: it is held in view until it has not moved for
// so many looks.
const HELD = ["conversation", "document", "panel"];
const HOLDS = 20;
const SAID_MS = 2000;
const shown = new Map(); // place → occasion
const handed = new Map(); // part of the page → what it handed over
const restoring = new WeakMap(); // button → puts its own words back
// The number before a sentence: its permalink.
const SENTENCE = '[class*="st-key-read-"] a[href*="documento?"]';
const QUOTED = ':is(.st-key-conversation blockquote, [class*="st-key-read-"] p)';
let named = new Set(); // buttons with a name of ours
let ranges = []; // of what was found; none where its text is not drawn yet
let revealed = null; // the occasion of the hit that was scrolled to
let moved = 0; // when the reader last scrolled or pressed anything
let pending = 0;
let path = location.pathname;

// As Streamlit makes a class of a key.
function selector(key) {
  return `.st-key-${CSS.escape(key.trim().replace(/[^a-zA-Z0-9_-]/g, "-"))}`;
}

const within = (key) => document.querySelector(selector(key));

// One with a tooltip is drawn twice, for mouse and finger.
const controls = (key) => [
  ...document.querySelectorAll(`${selector(key)} :is(button, a, summary)`),
];

function show(place, key) {
  const element = within(key);
  if (!element) return false;
  // In a conversation it marks what a model wrote without backing.
  const mark = place !== "conversation" && element.querySelector(".stMarkdownColoredBackground");
  if (mark) mark.scrollIntoView({ block: place === "document" ? "center" : "nearest" });
  else element.scrollIntoView({ block: "start" });
  return true;
}

// On a narrow screen the outline, and the list of pages above it, cover what they lead to.
function uncover() {
  if (innerWidth >= 768) return;
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

const topOf = (key) => within(key)?.getBoundingClientRect().top;

// What somebody opened is held until it is at rest, or the reader moves on; a page's top is not.
function bring({ place, key, occasion }, tries, since = Infinity) {
  if (shown.get(place) !== occasion || !tries || moved > since) return;
  const before = topOf(key);
  const isThere = show(place, key);
  if (isThere && !HELD.includes(place)) return;
  const found = isThere ? Math.min(since, performance.now()) : since;
  const isPushed = isThere && Math.abs(topOf(key) - before) >= 1;
  const isLate = performance.now() - found > LONGEST_MS;
  const left = isPushed && !isLate ? HOLDS : Math.min(tries, isThere ? HOLDS : tries) - 1;
  setTimeout(() => bring({ place, key, occasion }, left, found), WAIT_MS);
}

function bringAll(shows) {
  const places = new Set(shows.map(({ place }) => place));
  for (const place of shown.keys()) if (!places.has(place)) shown.delete(place);
  for (const wanted of shows) {
    if (shown.get(wanted.place) === wanted.occasion) continue;
    shown.set(wanted.place, wanted.occasion);
    if (["document", "index", "evaluation"].includes(wanted.place)) uncover();
    bring(wanted, TRIES);
  }
}

// React draws buttons anew, and gives the element of one button to another.
function name() {
  const wanted = new Map();
  for (const { labels } of handed.values()) {
    for (const [key, text] of Object.entries(labels)) {
      for (const button of controls(key)) wanted.set(button, text);
    }
  }
  for (const button of named) if (!wanted.has(button)) button.removeAttribute("aria-label");
  for (const [button, text] of wanted) {
    if (button.getAttribute("aria-label") !== text) button.setAttribute("aria-label", text);
  }
  named = new Set(wanted.keys());
}

function nameSentences() {
  const template = [...handed.values()].find(({ sentence }) => sentence)?.sentence ?? "{n}";
  for (const link of document.querySelectorAll(SENTENCE)) {
    const label = template.replace("{n}", () => link.textContent);
    if (link.getAttribute("aria-label") !== label) link.setAttribute("aria-label", label);
  }
}

// The text of a paragraph or heading as the document has it: the numbers are ours.
function textsOf(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let start = 0; walker.nextNode(); ) {
    const node = walker.currentNode;
    if (node.parentElement.closest("a")) continue;
    texts.push({ node, start });
    start += node.data.length;
  }
  return texts;
}

function rangeOf([key, ordinal, start, end], known) {
  const part = within(key);
  const element = ordinal
    ? part?.querySelectorAll('[class*="st-key-read-"] p')[ordinal - 1]
    : part?.querySelector("h2, h4");
  if (!element) return null;
  if (!known.has(element)) known.set(element, textsOf(element));
  const at = (offset) => known.get(element).findLast((text) => text.start <= offset);
  const [first, last] = [at(start), at(end - 1)];
  if (!first || end - last.start > last.node.data.length) return null;
  const range = document.createRange();
  range.setStart(first.node, start - first.start);
  range.setEnd(last.node, end - last.start);
  return range;
}

function reveal(range) {
  const scroller = range.startContainer.parentElement.closest('[data-testid="stMain"]');
  const frame = scroller?.getBoundingClientRect();
  const { top, bottom } = range.getBoundingClientRect();
  const isSeen = frame && top > frame.top + frame.height / 3 && bottom < frame.bottom - 64;
  if (frame && !isSeen) scroller.scrollBy({ top: top - frame.top - frame.height * 0.4 });
}

const found = () => [...handed.values()].find(({ finds }) => finds)?.finds;

// Highlights lie over the text: nothing of it is drawn anew.
function highlight() {
  const finds = found();
  const known = new Map();
  ranges = (finds?.hits ?? []).map((hit) => rangeOf(hit, known));
  const current = finds && ranges[finds.current];
  if (globalThis.Highlight) {
    const others = ranges.filter((range) => range && range !== current);
    CSS.highlights.set("cinco-hit", new Highlight(...others));
    CSS.highlights.set("cinco-hit-current", new Highlight(...(current ? [current] : [])));
  }
  const occasion = finds && `${finds.number} ${finds.sought}`;
  if (!current || revealed === occasion) return;
  revealed = occasion;
  reveal(current);
}

// The document speaks Spanish, whatever the page speaks.
function nameLanguage() {
  for (const part of document.querySelectorAll(`${QUOTED}:not([lang])`)) part.lang = "es";
}

function refresh() {
  pending = 0;
  name();
  nameSentences();
  nameLanguage();
  if (ranges.some((range) => !range?.startContainer.isConnected || range.collapsed)) highlight();
}

function refreshSoon() {
  pending ||= setTimeout(refresh, WAIT_MS);
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

function take(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

// Taken before React sees it: what only copies needs no rerun.
async function copy(event) {
  const button = event.target.closest?.("button");
  if (!button) return;
  for (const { copies, links, copied, failed } of handed.values()) {
    const texts = { ...copies, ...links };
    const key = Object.keys(texts).find((candidate) => controls(candidate).includes(button));
    if (key === undefined) continue;
    take(event);
    const text = key in links ? new URL(links[key], location.href).href : copies[key];
    if (await put(text)) announce(button, copied, "check");
    else announce(button, failed, "error");
    return;
  }
}

// With a key held down, the browser does what it does with every link.
function point(event) {
  const link = event.target.closest?.(SENTENCE);
  const listener = [...handed.values()].find(({ hears }) => hears);
  if (!link || !listener || event.ctrlKey || event.metaKey || event.shiftKey) return;
  take(event);
  const asked = new URL(link.href).searchParams;
  listener.tell("sentence", `${asked.get("s")}:${asked.get("n")}`);
}

// In the field of the search, Enter goes on once what it holds was sought.
function goOn(event) {
  const field = event.target.closest?.(".st-key-reader-sought input");
  if (event.key !== "Enter" || !field || found()?.sought !== field.value.trim()) return;
  take(event);
  controls(event.shiftKey ? "hit-previous" : "hit-next")[0]?.click();
}

new MutationObserver(refreshSoon).observe(document.body, {
  attributeFilter: ["class"],
  childList: true,
  subtree: true,
});
for (const kind of ["keydown", "pointerdown", "touchmove", "wheel"]) {
  addEventListener(kind, () => { moved = performance.now(); }, { capture: true, passive: true });
}
addEventListener("click", copy, true);
addEventListener("click", point, true);
addEventListener("keydown", goOn, true);

export default function ({ data, key, setTriggerValue }) {
  if (data.language) document.documentElement.lang = data.language;
  if (path !== location.pathname) {
    path = location.pathname;
    uncover();
    document.querySelector('[data-testid="stMain"]')?.scrollTo(0, 0);
  }
  if (data.shows) bringAll(data.shows);
  handed.set(key, { ...data, tell: setTriggerValue });
  announcer();
  refresh();
  highlight();
  return () => {
    handed.delete(key);
    refresh();
    highlight();
  };
}
