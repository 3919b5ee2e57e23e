// The frame: views by address, light and dark, keys.

const VIEWS = {
  overview: ["Overview", overviewOnly],
  claims: ["Claims", claimsView],
  timeline: ["Timeline", timelineView],
  moves: ["Moves", movesView],
  people: ["People", peopleView],
  organisations: ["Organisations", organisationsView],
  texts: ["Texts", textsView],
};
const PAGES = { claim: claimView, person: personView, org: orgView };
const HOMES = { claim: "claims", person: "people", org: "organisations" };

function overviewOnly() {
  return { element: overview() };
}

const links = Object.entries(VIEWS).map(([view, [words]]) => [view, h("a", { href: href(view) }, words)]);
document.getElementById("nav").append(...links.map(([, link]) => link));

// What was filtered in one view stays filtered in the next.
function carryFilter(filter) {
  for (const [view, link] of links)
    if (FILTERED.includes(view)) link.setAttribute("href", href(view, "", filterParams(filter)));
}

let shownHash = null;
function show() {
  const { view, id, params } = route();
  shownList = null;
  const made = PAGES[view] ? PAGES[view](id) : VIEWS[view] ? VIEWS[view][1](params) : missing("page", view);
  const main = document.getElementById("main");
  main.replaceChildren(made.element);
  for (const [name, link] of links) {
    if (name === (HOMES[view] ?? view)) {
      link.setAttribute("aria-current", PAGES[view] ? "true" : "page");
      link.scrollIntoView({ block: "nearest", inline: "nearest" });
    } else link.removeAttribute("aria-current");
  }
  const heading = main.querySelector("h1");
  document.title = [heading?.textContent, document.body.dataset.title, "claimtrail"].filter(Boolean).join(" · ");
  scrollTo(0, 0);
  if (shownHash !== null) main.focus({ preventScroll: true });
  shownHash = location.hash;
  made.started?.();
}

const THEMES = ["auto", "light", "dark"];
const stored = {
  get: () => {
    try {
      return localStorage.getItem("claimtrail-theme");
    } catch {
      return null;
    }
  },
  set: (value) => {
    try {
      localStorage.setItem("claimtrail-theme", value);
    } catch {
      /* Pages from disk may not keep things. */
    }
  },
};
let theme = THEMES.includes(stored.get()) ? stored.get() : "auto";
const themeButton = h("button", {
  type: "button",
  class: "tool",
  onclick: () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % 3];
    stored.set(theme);
    paint();
  },
});
function paint() {
  document.documentElement.dataset.theme = theme;
  themeButton.replaceChildren(icon(theme));
  themeButton.setAttribute("aria-label", `Colours: ${theme}`);
  themeButton.title = `Colours: ${theme}`;
}

const KEYS = [
  ["/", "search"],
  ["↓ ↑", "from row to row"],
  ["Enter", "open"],
  ["[ ]", "previous, next claim"],
  ["Esc", "back to the list"],
  ["?", "this help"],
];
const help = h(
  "dialog",
  { class: "help", "aria-labelledby": "help-head" },
  h("h2", { id: "help-head" }, "Keys"),
  h(
    "dl",
    {},
    KEYS.map(([key, words]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, words))),
  ),
  h("form", { method: "dialog" }, h("button", { class: "plain" }, "Close")),
);
const helpButton = h(
  "button",
  { type: "button", class: "tool", "aria-label": "Keys", title: "Keys", onclick: () => help.showModal() },
  icon("help"),
);
document.getElementById("tools").append(themeButton, helpButton);
document.body.append(help);

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const typing = event.target.matches("input, select, textarea");
  if (event.key === "Escape") {
    if (typing) {
      event.target.blur();
      shownList?.go(shownList.active());
    } else document.querySelector(".up")?.click();
  } else if (typing) {
    if (event.key === "ArrowDown" && event.target.id === "search") {
      event.preventDefault();
      shownList?.go(0);
    }
  } else if (event.key === "/") {
    const search = document.getElementById("search");
    event.preventDefault();
    if (search) search.select();
    else location.hash = href("claims");
  } else if (event.key === "?") help.showModal();
  else if (event.key === "[") document.querySelector('[data-step="back"]')?.click();
  else if (event.key === "]") document.querySelector('[data-step="next"]')?.click();
});

addEventListener("hashchange", show);
paint();
carryFilter(readFilter(new URLSearchParams()));
show();
document.documentElement.dataset.ready = String(Math.round(performance.now()));
