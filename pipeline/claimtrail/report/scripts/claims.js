// The table of claims.

let leftAt = { key: "", active: 0, scroll: 0 };
// The list that the page of a claim goes through with "previous" and "next".
let lastPlaces = ALL;

const COLUMNS = [
  ["relation", "Relation"],
  ["person", "Person"],
  ["org", "Organisation"],
  ["post", "Post"],
  ["date", "Date"],
  ["status", "Status"],
  ["confidence", "Confidence"],
  ["languages", "Languages"],
  ["texts", "Texts"],
];

function claimsView(params) {
  let places = [];
  const heads = COLUMNS.map(([name, words]) => {
    const button = h(
      "button",
      { type: "button", onclick: () => sortBy(name) },
      words,
      h("span", { class: "order", "aria-hidden": "true" }),
    );
    return { name, element: h("div", { role: "columnheader", class: `c-${name}` }, button) };
  });
  const head = h(
    "div",
    { class: "head", role: "rowgroup" },
    h(
      "div",
      { role: "row", class: "row" },
      heads.map((one) => one.element),
    ),
  );
  const order = h(
    "select",
    { "aria-label": "Sort by", onchange: () => bar.set({ sort: order.value }) },
    h("option", { value: "" }, "As in the run"),
    COLUMNS.flatMap(([name, words]) => [
      h("option", { value: name }, `${words} ↑`),
      h("option", { value: `-${name}` }, `${words} ↓`),
    ]),
  );
  const list = virtualList({ label: "Claims", head, className: "claims", row: (n) => claimRow(places[n]), open });
  const none = empty("");
  const bar = filterBar("claims", readFilter(params), (selection, filter, first) => {
    places = lastPlaces = selection.places;
    for (const { name, element } of heads) {
      const sorted = filter.sort.replace(/^-/, "") === name;
      element.setAttribute("aria-sort", sorted ? (filter.sort.startsWith("-") ? "descending" : "ascending") : "none");
    }
    order.value = filter.sort;
    none.textContent = COUNT
      ? "No claim is like this. Fewer filters or another spelling may find some."
      : "There are no claims in this run.";
    none.hidden = places.length > 0;
    list.element.hidden = !places.length;
    const key = location.hash;
    if (first && key === leftAt.key) {
      list.update(places.length);
      scrollTo(0, leftAt.scroll);
      list.go(leftAt.active);
    } else {
      list.update(places.length);
      // After a narrower search the rows begin under the bar again.
      if (!first && scrollY > element.offsetTop) scrollTo(0, 0);
    }
  });

  bar.element.querySelector(".search-row").append(h("label", { class: "sorter" }, "Sort by ", order));

  function sortBy(name) {
    const now = bar.filter().sort;
    const [first, second] = DOWNWARD.includes(name) ? [`-${name}`, name] : [name, `-${name}`];
    bar.set({ sort: now === first ? second : now === second ? "" : first });
  }

  function open(n) {
    leftAt = { key: location.hash, active: n, scroll: scrollY };
    location.hash = href("claim", C.id[places[n]]);
  }

  const element = h(
    "div",
    { class: "claims-view" },
    h("h1", { class: "visually-hidden" }, "Claims"),
    COUNT ? null : noticeBox(),
    bar.element,
    none,
    list.element,
  );
  return { element, started: () => bar.start() };
}

function claimRow(i) {
  const cell = (name, ...content) => h("div", { role: "cell", class: `c-${name}` }, content);
  return h(
    "div",
    { class: `row is-${C.status[i]}` },
    cell(
      "relation",
      h(
        "a",
        { href: href("claim", C.id[i]), tabindex: -1, "aria-label": `${relationWords(C.relation[i])}: ${title(i)}` },
        relationTag(C.relation[i]),
      ),
    ),
    cell("person", nameOf(PERSONS[C.person[i]])),
    cell("org", nameOf(ORGS[C.org[i]])),
    cell("post", posts(i)),
    cell("date", when(i)),
    cell("status", statusTag(C.status[i]), conflictTag(i)),
    cell("confidence", meter(C.confidence[i])),
    cell("languages", languageTags(C.langs[i])),
    cell("texts", h("span", { class: "figure", title: counted(C.mentions[i], "passage") }, number(C.docs[i].length))),
  );
}
