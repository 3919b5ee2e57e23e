// Pages of persons, organisations and texts, and the lists of them.

function personView(id) {
  const place = personPlace.get(id);
  if (place === undefined) return missing("person", id);
  const claims = [...claimsOfPerson[place]].sort(byTime);
  const orgs = [...new Set(claims.map((i) => C.org[i]))];
  const pairs = claims.filter((i) => moveFrom.has(i)).map((i) => [C.org[moveFrom.get(i)], C.org[i]]);
  return {
    element: h(
      "article",
      { class: "entity" },
      heading(
        "Person",
        PERSONS[place],
        `${counted(claims.length, "claim")} at ${counted(orgs.length, "organisation")}`,
      ),
      pairs.length > 0 &&
        h(
          "p",
          { class: "trails" },
          pairs.map(([from, to]) => h("span", { class: "trail" }, orgLink(from), " → ", orgLink(to))),
        ),
      h(
        "section",
        {},
        h("h2", {}, "In the order of time"),
        growing(claims, (i) => claimLine(i, { without: "person" }), { className: "lines path" }),
      ),
      names(PERSONS[place]),
    ),
  };
}

function orgView(id) {
  const place = orgPlace.get(id);
  if (place === undefined) return missing("organisation", id);
  const claims = [...claimsOfOrg[place]].sort((a, b) => byTime(b, a));
  const part = (words, relation) => {
    const mine = claims.filter((i) => C.relation[i] === relation);
    return (
      mine.length > 0 &&
      h(
        "section",
        { class: "part" },
        h("h2", {}, icon(kindOf(relation)), words, h("span", { class: "figure" }, number(mine.length))),
        growing(mine, (i) => claimLine(i, { without: "org" }), { step: 40, className: "lines brief" }),
      )
    );
  };
  const neighbours = (words, pick, test) => {
    const found = new Map();
    for (const [left, joined] of TABLE.moves)
      if (test(left, joined)) found.set(pick(left, joined), (found.get(pick(left, joined)) ?? 0) + 1);
    const most = [...found].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, 12);
    return (
      most.length > 0 &&
      h(
        "p",
        { class: "neighbours" },
        h("span", { class: "label" }, words),
        most.map(([org, count], n) => [
          n > 0 && ", ",
          orgLink(org),
          count > 1 && h("span", { class: "figure" }, ` ${number(count)}`),
        ]),
      )
    );
  };
  return {
    element: h(
      "article",
      { class: "entity" },
      heading(
        "Organisation",
        ORGS[place],
        `${counted(claims.length, "claim")} about ${counted(new Set(claims.map((i) => C.person[i])).size, "person", "people")}`,
      ),
      neighbours(
        "Came from",
        (left) => C.org[left],
        (left, joined) => C.org[joined] === place,
      ),
      neighbours(
        "Went to",
        (left, joined) => C.org[joined],
        (left) => C.org[left] === place,
      ),
      h(
        "div",
        { class: "three" },
        RELATIONS.map((relation) =>
          part(
            { JOINS: "Came", LEAVES: "Left", ROLE_CHANGE: "New roles" }[relation] ?? relationWords(relation),
            relation,
          ),
        ),
      ),
      names(ORGS[place]),
    ),
  };
}

const heading = (kind, one, words) =>
  h(
    "header",
    {},
    h("p", { class: "kind" }, kind),
    h("h1", { lang: one.lang || null }, one.name),
    h("p", { class: "sub" }, one.reading && `Read ${one.reading}. `, words),
  );

const names = (one) => h("section", { class: "names" }, h("h2", {}, "Names in the texts"), formsOf(one));

const missing = (kind, id) => ({
  element: h(
    "div",
    { class: "entity" },
    h("h1", {}, `No such ${kind}`),
    h("p", {}, "This report has nothing under ", h("code", {}, id), ". The link may be of another run. "),
    h("p", {}, h("a", { href: href("claims") }, "All claims")),
  ),
});

// The list of all persons or organisations, or of all texts, with a search over every form of their names.
function directory({ view, words, label, all, head, className, row, key, open }) {
  const keysOfAll = all.map(key).map(fold);
  return (params) => {
    let shown = all;
    const list = virtualList({
      label,
      head: h(
        "div",
        { class: "head", role: "rowgroup" },
        h(
          "div",
          { class: "row", role: "row" },
          head.map(([name, text]) => h("div", { role: "columnheader", class: `c-${name}` }, text)),
        ),
      ),
      className,
      row: (n) => row(shown[n]),
      open: (n) => open(shown[n]),
    });
    const search = h("input", {
      type: "search",
      id: "search",
      value: params.get("q") ?? "",
      placeholder: `Search ${words} …`,
      "aria-label": `Search ${words}`,
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => {
        history.replaceState(null, "", href(view, "", search.value ? { q: search.value } : null));
        apply();
      },
    });
    const outcome = h("p", { class: "outcome", role: "status", "aria-live": "polite" });
    const none = empty("Nothing here is like this.");
    function apply() {
      const parts = fold(search.value).split(/\s+/).filter(Boolean);
      shown = all.filter((_, n) => parts.every((part) => keysOfAll[n].includes(part)));
      outcome.textContent =
        shown.length === all.length
          ? `${number(all.length)} ${words}`
          : `${number(shown.length)} of ${number(all.length)} ${words}`;
      none.hidden = shown.length > 0;
      list.element.hidden = !shown.length;
      list.update(shown.length);
    }
    return {
      element: h(
        "div",
        {},
        h("h1", { class: "visually-hidden" }, label),
        h(
          "section",
          { class: "filters" },
          h("div", { class: "search-row" }, h("label", { class: "search" }, icon("search"), search), outcome),
        ),
        none,
        list.element,
      ),
      started: apply,
    };
  };
}

const cell = (name, ...content) => h("div", { role: "cell", class: `c-${name}` }, content);

function ranking(view, kind, words, label, all, groups) {
  const rows = all
    .map((one, place) => ({ one, claims: groups[place] }))
    .sort((a, b) => b.claims.length - a.claims.length || collator.compare(a.one.name, b.one.name));
  const other = ({ one }) =>
    [...new Set(allForms(one))]
      .filter((form) => form !== one.name)
      .slice(0, 4)
      .join(" · ");
  return directory({
    view,
    words,
    label,
    all: rows,
    className: "ranking",
    key: ({ one }) => allForms(one).join("\n"),
    head: [
      ["name", "Name"],
      ["forms", "Also written"],
      ...RELATIONS.map((relation) => [`n ${relation}`, relationWords(relation)]),
    ],
    open: ({ one }) => (location.hash = href(kind, one.id)),
    row: (it) =>
      h(
        "div",
        { class: "row" },
        cell("name", h("a", { href: href(kind, it.one.id), tabindex: -1, lang: it.one.lang || null }, it.one.name)),
        cell("forms", other(it)),
        RELATIONS.map((relation) =>
          cell(`n ${relation}`, number(it.claims.filter((i) => C.relation[i] === relation).length)),
        ),
      ),
  });
}

const peopleView = (params) => ranking("people", "person", "people", "People", PERSONS, claimsOfPerson)(params);
const organisationsView = (params) =>
  ranking("organisations", "org", "organisations", "Organisations", ORGS, claimsOfOrg)(params);
const textsView = (params) =>
  directory({
    view: "texts",
    words: "texts",
    label: "Texts",
    className: "texts",
    // What went wrong is what this page is opened for.
    all: [...DOCS].sort((a, b) => (a.state === "processed") - (b.state === "processed")),
    key: (doc) => [doc.name, doc.lang, doc.state, doc.reason, doc.date].join("\n"),
    head: [
      ["name", "Text"],
      ["state", "State"],
      ["lang", "Language"],
      ["date", "Date"],
      ["n", "Mentions"],
      ["n", "Left out"],
    ],
    open: (doc) => doc.mentions > 0 && (location.hash = href("claims", "", { text: doc.place })),
    row: (doc) =>
      h(
        "div",
        { class: `row ${doc.state}` },
        cell(
          "name",
          doc.mentions > 0
            ? h("a", { href: href("claims", "", { text: doc.place }), tabindex: -1 }, doc.name)
            : doc.name,
        ),
        cell(
          "state",
          h("span", { class: "state" }, doc.state.replace("_", " ")),
          doc.reason && h("span", { class: "reason", title: doc.reason }, doc.reason),
          DOCS[doc.copyOf] && h("span", { class: "reason" }, `copy of ${DOCS[doc.copyOf].name}`),
        ),
        cell("lang", doc.lang && h("abbr", { title: languageName(doc.lang) }, doc.lang)),
        cell("date", doc.date && dateWords(doc.date)),
        cell("n", number(doc.mentions)),
        cell("n", doc.leftOut ? number(doc.leftOut) : ""),
      ),
  })(params);
