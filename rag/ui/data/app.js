// Brings what was just asked or opened into view, once, and names the language of the page.
// Receives JSON from rag/ui/shell.py and writes no markup.
const WAIT_MS = 50;
const TRIES = 60;
const shown = new Map(); // place → occasion

function show(place, key) {
  const element = document.querySelector(`.st-key-${CSS.escape(key)}`);
  if (!element) return false;
  // In a conversation it marks what a model wrote without backing.
  const mark = place !== "conversation" && element.querySelector(".stMarkdownColoredBackground");
  if (mark) mark.scrollIntoView({ block: "nearest" });
  else element.scrollIntoView({ block: "start" });
  return true;
}

// On a narrow screen the outline covers the page that it leads to.
function uncover(place) {
  if (!["document", "index", "evaluation"].includes(place) || innerWidth >= 768) return;
  document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
}

function bring({ place, key, occasion }, tries) {
  if (shown.get(place) !== occasion || show(place, key) || !tries) return;
  setTimeout(() => bring({ place, key, occasion }, tries - 1), WAIT_MS);
}

export default function ({ data }) {
  document.documentElement.lang = data.language;
  const places = new Set(data.shows.map(({ place }) => place));
  for (const place of shown.keys()) if (!places.has(place)) shown.delete(place);
  for (const wanted of data.shows) {
    if (shown.get(wanted.place) === wanted.occasion) continue;
    shown.set(wanted.place, wanted.occasion);
    uncover(wanted.place);
    bring(wanted, TRIES);
  }
}
