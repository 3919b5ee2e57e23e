// Parts that several views share.

// A reading in Latin letters stands beside a name that no text gives in them.
const nameOf = (one, className = "") => [
  h("span", { class: `name ${className}`, lang: one.lang || null }, one.name),
  one.reading && h("span", { class: "reading", title: "a reading; no text writes the name so" }, ` ${one.reading}`),
];
const entityLink = (view, one) => [
  h("a", { href: href(view, one.id), lang: one.lang || null }, one.name),
  one.reading && h("span", { class: "reading", title: "a reading; no text writes the name so" }, ` ${one.reading}`),
];
const personLink = (place) => entityLink("person", PERSONS[place]);
const orgLink = (place) => entityLink("org", ORGS[place]);

const relationTag = (relation) =>
  h("span", { class: `relation ${kindOf(relation)}` }, icon(kindOf(relation)), h("span", {}, relationWords(relation)));
const statusTag = (status) => h("span", { class: `status ${status}` }, status);
const languageTags = (langs) =>
  h(
    "span",
    { class: "langs" },
    langs.map((code) => h("abbr", { title: languageName(code) }, code)),
  );
const conflictTag = (i) =>
  conflicts(i).length > 0 &&
  h("span", { class: "conflict", title: "Other claims contradict this one" }, icon("conflict", "contradicted"));

function meter(value) {
  const bar = h("span", { class: "bar" });
  bar.style.setProperty("--part", value);
  return h(
    "span",
    { class: "meter", title: `confidence ${value.toFixed(2)}` },
    bar,
    h("span", { class: "figure" }, value.toFixed(2)),
  );
}

// The post left and the post taken, once where they are the same.
function posts(i) {
  const [from, to] = [POSTS[C.from[i]], POSTS[C.to[i]]];
  if (!from && !to) return null;
  const both = from && to !== from;
  return h(
    "span",
    { class: "posts" },
    both && nameOf(from, "old"),
    both && (to || C.relation[i] === "ROLE_CHANGE") && h("span", { class: "to" }, " → "),
    to && nameOf(to),
  );
}

// The same as the end of a sentence.
function inRole(i) {
  const [from, to] = [POSTS[C.from[i]], POSTS[C.to[i]]];
  const [words, one, between, other] =
    C.relation[i] === "LEAVES"
      ? [" as ", from ?? to]
      : C.relation[i] !== "ROLE_CHANGE"
        ? [" as ", to ?? from]
        : from && to && from !== to
          ? [" from ", from, " to ", to]
          : to
            ? [" to ", to]
            : [" from ", from];
  return (
    one && [
      h("span", { class: "as" }, words),
      nameOf(one),
      between && h("span", { class: "as" }, between),
      other && nameOf(other),
    ]
  );
}

const when = (i) =>
  C.when[i]
    ? h("time", { datetime: C.when[i] }, dateWords(C.when[i]))
    : h(
        "span",
        { class: "undated", title: C.told[i] ? `no date given; told ${dateWords(C.told[i])}` : "no date given" },
        "–",
      );

// One claim on one line, with links: for feeds and pages of persons and organisations.
function claimLine(i, { without = "" } = {}) {
  const words = verb(C.relation[i], C.status[i]);
  return h(
    "li",
    { class: `line ${kindOf(C.relation[i])} is-${C.status[i]}` },
    h("span", { class: "when" }, when(i)),
    h("span", { class: "sign" }, icon(kindOf(C.relation[i]))),
    h(
      "span",
      { class: "what" },
      without !== "person" && [personLink(C.person[i]), " "],
      h("span", { class: "verb" }, without === "org" ? words.replace(/ at$/, "") : words),
      without !== "org" && [" ", orgLink(C.org[i])],
      inRole(i),
      conflictTag(i),
    ),
    h(
      "span",
      { class: "more" },
      languageTags(C.langs[i]),
      meter(C.confidence[i]),
      h(
        "a",
        {
          class: "open",
          href: href("claim", C.id[i]),
          "aria-label": `${counted(C.mentions[i], "passage")}: ${title(i)}`,
        },
        counted(C.mentions[i], "passage"),
      ),
    ),
  );
}

const title = (i) => `${PERSONS[C.person[i]].name} ${verb(C.relation[i], C.status[i])} ${ORGS[C.org[i]].name}`;

// Long lists begin with their first lines and grow on request.
function growing(items, make, { step = 100, tag = "ul", className = "lines" } = {}) {
  const list = h(tag, { class: className });
  const button = h("button", { class: "grow", type: "button", onclick: () => grow(true) });
  let shown = 0;
  function grow(focus) {
    const before = list.children.length;
    const fresh = items.slice(shown, shown + step).map(make);
    list.append(...fresh);
    shown += fresh.length;
    button.textContent = `Show ${number(Math.min(step, items.length - shown))} more of ${number(items.length - shown)}`;
    button.hidden = shown >= items.length;
    if (focus) list.children[before]?.querySelector("a")?.focus();
  }
  grow(false);
  return [list, items.length > step && button];
}

const empty = (words) => h("p", { class: "empty" }, words);

const noticeBox = () =>
  TABLE.notices.length > 0 &&
  h(
    "div",
    { class: "notices", role: "note" },
    TABLE.notices.map((words) => h("p", {}, icon("conflict"), h("span", {}, words))),
  );

// The bar of filters; `changed` hears of every new selection.
function filterBar(view, filter, changed) {
  const search = h("input", {
    type: "search",
    id: "search",
    value: filter.q,
    placeholder: "Person, organisation, post, text …",
    "aria-label": "Search",
    autocomplete: "off",
    spellcheck: "false",
    enterkeyhint: "search",
    oninput: () => set({ q: search.value }),
  });
  const outcome = h("p", { class: "outcome", role: "status", "aria-live": "polite" });
  const reset = h("button", { type: "button", class: "plain", onclick: clear }, "Clear filters");
  const chips = {
    relation: choice("relation", "Relation", RELATIONS, (value) => [icon(kindOf(value)), relationWords(value)]),
    status: choice("status", "Status", STATUSES, (value) => [value]),
    lang: choice("lang", "Language", LANGS, (value) => [h("span", { title: languageName(value) }, value)]),
  };
  const least = h("input", {
    type: "range",
    min: 0,
    max: 0.95,
    step: 0.05,
    value: filter.min,
    id: "least",
    "aria-label": "Least confidence",
    oninput: () => set({ min: Number(least.value) }),
  });
  const leastWords = h("output", { for: "least" });
  const day = (name, label) =>
    h("input", {
      type: "text",
      inputmode: "numeric",
      class: "date",
      placeholder: "yyyy-mm-dd",
      value: filter[name],
      "aria-label": label,
      maxlength: 10,
      name,
      oninput: ({ target }) => {
        const right = /^(\d{4}(-\d\d){0,2})?$/.test(target.value);
        target.classList.toggle("wrong", !right);
        if (right) set({ [name]: target.value });
      },
    });
  const from = day("from", "From date");
  const to = day("to", "To date");
  const extras = h("span", { class: "extras" });
  const panel = h(
    "details",
    { class: "facets", open: innerWidth > 760 },
    h("summary", {}, "Filters"),
    h(
      "div",
      { class: "facet-row" },
      Object.values(chips).map((one) => one.element),
      h(
        "div",
        { class: "facet-row" },
        h(
          "fieldset",
          { class: "facet" },
          h("legend", {}, "Confidence"),
          h("span", { class: "slider" }, least, leastWords),
        ),
        h(
          "fieldset",
          { class: "facet" },
          h("legend", {}, "Date of move"),
          h("span", { class: "range" }, from, "–", to),
        ),
      ),
    ),
  );
  const element = h(
    "section",
    { class: "filters", "aria-label": "Filters" },
    h("div", { class: "search-row" }, h("label", { class: "search" }, icon("search"), search), outcome, extras, reset),
    panel,
  );

  function choice(name, legend, values, words) {
    const buttons = values.map((value) => {
      const figure = h("span", { class: "figure" });
      const button = h(
        "button",
        { type: "button", class: `chip ${value}`, onclick: () => toggle(name, value) },
        words(value),
        figure,
      );
      return { value, button, figure };
    });
    const show = (counts) =>
      buttons.forEach(({ value, button, figure }) => {
        figure.textContent = number(counts[value] ?? 0);
        button.setAttribute("aria-pressed", filter[name].includes(value));
        button.classList.toggle("none", !counts[value]);
      });
    return {
      show,
      element: h(
        "fieldset",
        { class: "facet" },
        h("legend", {}, legend),
        h(
          "span",
          { class: "chips" },
          buttons.map((one) => one.button),
        ),
      ),
    };
  }

  function toggle(name, value) {
    const now = filter[name];
    set({ [name]: now.includes(value) ? now.filter((one) => one !== value) : [...now, value] });
  }

  function clear() {
    set({ ...readFilter(new URLSearchParams()), sort: filter.sort });
    search.focus();
  }

  function set(change) {
    filter = { ...filter, ...change };
    const other = [...route().params].filter(([name]) => name === "mode");
    history.replaceState(null, "", href(view, "", { ...filterParams(filter), ...Object.fromEntries(other) }));
    apply(false);
  }

  function apply(first) {
    const selection = select(filter);
    for (const [input, value] of [
      [search, filter.q],
      [least, filter.min],
      [from, filter.from],
      [to, filter.to],
    ]) {
      if (input !== document.activeElement && input.value !== String(value)) input.value = value;
    }
    for (const [name, one] of Object.entries(chips)) one.show(selection.counts[name]);
    leastWords.textContent = filter.min ? `≥ ${filter.min.toFixed(2)}` : "any";
    const { sort: _, ...narrowing } = filterParams(filter);
    const used = Object.keys(narrowing).length;
    outcome.textContent = used
      ? `${number(selection.places.length)} of ${counted(COUNT, "claim")}`
      : counted(COUNT, "claim");
    reset.hidden = !used;
    panel.querySelector("summary").textContent = used ? `Filters (${used})` : "Filters";
    extras.replaceChildren(
      ...[
        filter.text !== "" && removable(`in ${DOCS[filter.text].name}`, { text: "" }),
        filter.conflicts && removable("contradicted", { conflicts: false }),
      ].filter(Boolean),
    );
    carryFilter(filter);
    changed(selection, filter, first);
  }

  const removable = (words, change) =>
    h(
      "button",
      { type: "button", class: "chip removable", "aria-label": `Remove: ${words}`, onclick: () => set(change) },
      words,
      " ×",
    );

  return { element, set, start: () => apply(true), filter: () => filter };
}
