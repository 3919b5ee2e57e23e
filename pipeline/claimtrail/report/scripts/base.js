// Elements, signs and words. Text only ever becomes text nodes and attributes: no markup is made of strings.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value == null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

const h = (tag, props, ...children) => fill(document.createElement(tag), props, children);
const svg = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);

// Into a frame, out of it, up within it: the three relations; a frame with a spot for one of the user's own. The
// others are signs of the page itself.
const PATHS = {
  JOINS: "M9 2.5h4.5v11H9M2 8h7.5M6.5 5l3 3-3 3",
  LEAVES: "M7 2.5H2.5v11H7M6.5 8H14m-3-3 3 3-3 3",
  ROLE_CHANGE: "M2.5 2.5h11v11h-11zM8 11V5.5M5.5 8 8 5.5 10.5 8",
  OTHER: "M2.5 2.5h11v11h-11zM8 7.5v1M7.5 8h1",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14",
  light: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1",
  dark: "M13.5 9.5A6 6 0 0 1 6.5 2.5a6 6 0 1 0 7 7z",
  auto: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 2v12M8 4.5h3.5M8 8h6M8 11.5h3.5",
  help: "M5.5 6a2.5 2.5 0 1 1 3.6 2.2C8.4 8.6 8 9 8 10M8 12.7v.3",
  link: "M6.5 9.5l3-3M7.5 4.5 9 3a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.5 11.5 7 13a2.8 2.8 0 0 1-4-4l1.5-1.5",
  back: "M13.5 8h-11m4-4-4 4 4 4",
  next: "M2.5 8h11m-4-4 4 4-4 4",
  conflict: "M8 2 14.5 13.5h-13zM8 6.5v3.5M8 11.7v.3",
};

const icon = (name, label) =>
  svg(
    "svg",
    {
      viewBox: "0 0 16 16",
      class: `icon icon-${name}`,
      ...(label ? { role: "img", "aria-label": label } : { "aria-hidden": "true" }),
    },
    svg("path", { d: PATHS[name] }),
  );

const STATUSES = ["actual", "planned", "possible", "negated"];
const RELATION_WORDS = { JOINS: "Joins", LEAVES: "Leaves", ROLE_CHANGE: "New role" };
// What stands for a relation in colours and signs.
const kindOf = (relation) => (relation in RELATION_WORDS ? relation : "OTHER");
const relationWords = (relation) =>
  RELATION_WORDS[relation] ?? relation[0] + relation.slice(1).toLowerCase().replaceAll("_", " ");
const VERBS = {
  JOINS: { actual: "joins", planned: "is to join", possible: "may join", negated: "does not join" },
  LEAVES: { actual: "leaves", planned: "is to leave", possible: "may leave", negated: "does not leave" },
  ROLE_CHANGE: {
    actual: "changes role at",
    planned: "is to change role at",
    possible: "may change role at",
    negated: "does not change role at",
  },
};
const verb = (relation, status) =>
  VERBS[relation]?.[status] ?? relationWords(relation).toLowerCase() + (status === "actual" ? "" : ` (${status})`);
const KINDS = {
  t: ["trigger", "Trigger"],
  p: ["person", "Person"],
  o: ["org", "Organisation"],
  f: ["post", "Post left"],
  r: ["post", "Post taken"],
  d: ["date", "Date"],
  a: ["source", "Said by"],
};
const RESOLVED = {
  name: "named here",
  alias: "short form of the name",
  coreference: "resolved through the text",
  author: "the author of the text",
  quote: "identified by a quotation",
};

const LANGUAGE_NAMES = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
function languageName(code) {
  try {
    return code ? LANGUAGE_NAMES.of(code) : "unknown";
  } catch {
    return code;
  }
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
function dateWords(value) {
  const [year, month, day] = value.split("-");
  return [day && String(+day), month && MONTHS[+month - 1], year].filter(Boolean).join(" ");
}

const number = (value) => value.toLocaleString("en-GB");
const counted = (count, one, many = `${one}s`) => `${number(count)}\u00a0${count === 1 ? one : many}`;

// Case, accents, widths and the dots between parts of names do not matter to a search; the marks of kana do.
const fold = (text) =>
  text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFC")
    .toLowerCase()
    .replace(/[・·‧'’]/g, "");
