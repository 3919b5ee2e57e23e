// Where the reader is: everything that can be shared stands behind the # of the address.

const FILTERED = ["claims", "timeline", "moves"];

function route() {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [view = "", id = ""] = path.split("/").map(decoded);
  return { view: view || "overview", id, params: new URLSearchParams(query) };
}

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function href(view, id = "", params = null) {
  const query = params ? new URLSearchParams(params).toString() : "";
  return `#/${view}${id ? `/${encodeURIComponent(id)}` : ""}${query ? `?${query}` : ""}`;
}

const listed = (params, name, known) => (params.get(name) ?? "").split(",").filter((value) => known.includes(value));

function readFilter(params) {
  const text = params.get("text");
  return {
    q: params.get("q") ?? "",
    relation: listed(params, "relation", RELATIONS),
    status: listed(params, "status", STATUSES),
    lang: listed(params, "lang", LANGS),
    min: Math.min(1, Math.max(0, Number(params.get("min")) || 0)),
    from: /^\d{4}(-\d\d){0,2}$/.test(params.get("from")) ? params.get("from") : "",
    to: /^\d{4}(-\d\d){0,2}$/.test(params.get("to")) ? params.get("to") : "",
    text: text !== null && DOCS[text] ? text : "",
    conflicts: params.get("conflicts") === "1",
    sort: SORTS[(params.get("sort") ?? "").replace(/^-/, "")] ? params.get("sort") : "",
  };
}

function filterParams(filter) {
  const params = {};
  for (const name of ["q", "from", "to", "text", "sort"]) if (filter[name]) params[name] = filter[name];
  for (const name of ["relation", "status", "lang"]) if (filter[name].length) params[name] = filter[name].join(",");
  if (filter.min) params.min = String(filter.min);
  if (filter.conflicts) params.conflicts = "1";
  return params;
}

const collator = new Intl.Collator("en", { sensitivity: "base", numeric: true });
const named = (all, column) => (a, b) => collator.compare(all[column[a]]?.name ?? "", all[column[b]]?.name ?? "");
const post = (i) => POSTS[C.to[i]] ?? POSTS[C.from[i]];
const SORTS = {
  relation: (a, b) => RELATIONS.indexOf(C.relation[a]) - RELATIONS.indexOf(C.relation[b]),
  person: named(PERSONS, C.person),
  org: named(ORGS, C.org),
  post: (a, b) => collator.compare(post(a)?.name ?? "\uffff", post(b)?.name ?? "\uffff"),
  date: (a, b) => (C.when[a] < C.when[b] ? -1 : C.when[a] > C.when[b] ? 1 : 0),
  status: (a, b) => STATUSES.indexOf(C.status[a]) - STATUSES.indexOf(C.status[b]),
  confidence: (a, b) => C.confidence[a] - C.confidence[b],
  languages: (a, b) => C.langs[a].length - C.langs[b].length || collator.compare(C.langs[a], C.langs[b]),
  texts: (a, b) => C.docs[a].length - C.docs[b].length || C.mentions[a] - C.mentions[b],
};
// The first click on these sorts from the top.
const DOWNWARD = ["date", "confidence", "languages", "texts"];

// A date is in a range as far as it is known: 2024 is within 2024-03 to 2024-08.
const within = (value, from, to) =>
  (!from || value.slice(0, from.length) >= from.slice(0, value.length)) &&
  (!to || value.slice(0, to.length) <= to.slice(0, value.length));

// What a filter lets through, in its order, and how many claims each choice of relation, status and language has
// under all other conditions.
function select(filter) {
  const words = fold(filter.q).split(/\s+/).filter(Boolean);
  const text = words.length ? searchKeys() : null;
  const doc = filter.text === "" ? -1 : Number(filter.text);
  const counts = { relation: {}, status: {}, lang: {} };
  const places = [];
  const add = (facet, value) => (counts[facet][value] = (counts[facet][value] ?? 0) + 1);
  for (let i = 0; i < COUNT; i += 1) {
    if (C.confidence[i] < filter.min) continue;
    if ((filter.from || filter.to) && !(C.when[i] && within(C.when[i], filter.from, filter.to))) continue;
    if (doc >= 0 && !C.docs[i].includes(doc)) continue;
    if (filter.conflicts && !conflicts(i).length) continue;
    if (text && !words.every((word) => text[i].includes(word))) continue;
    const relation = !filter.relation.length || filter.relation.includes(C.relation[i]);
    const status = !filter.status.length || filter.status.includes(C.status[i]);
    const lang = !filter.lang.length || C.langs[i].some((code) => filter.lang.includes(code));
    if (status && lang) add("relation", C.relation[i]);
    if (relation && lang) add("status", C.status[i]);
    if (relation && status) for (const code of C.langs[i]) add("lang", code);
    if (relation && status && lang) places.push(i);
  }
  const compare = SORTS[filter.sort.replace(/^-/, "")];
  if (compare) {
    const sign = filter.sort.startsWith("-") ? -1 : 1;
    // Without a date there is nothing to sort by: such claims come last either way.
    const undated = (i) => (compare === SORTS.date && !C.when[i] ? 1 : 0);
    places.sort((a, b) => undated(a) - undated(b) || sign * compare(a, b) || a - b);
  }
  return { places, counts };
}
