// One claim with its evidence: the passages side by side, a column a language.

const FIRST_PASSAGES = 4;

function claimView(id) {
  const i = claimPlace.get(id);
  if (i === undefined) return missing("claim", id);
  const place = lastPlaces.indexOf(i);
  const neighbour = (step) => (place < 0 ? undefined : lastPlaces[place + step]);
  const step = (words, sign, other) =>
    other === undefined
      ? h("span", { class: "step off", "aria-hidden": "true" }, icon(sign))
      : h(
          "a",
          {
            class: "step",
            href: href("claim", C.id[other]),
            "aria-label": `${words}: ${title(other)}`,
            "data-step": sign,
          },
          icon(sign),
        );
  const copied = h("span", { role: "status", class: "copied" });
  const share = h(
    "button",
    { type: "button", class: "plain", onclick: () => copy(location.href, copied) },
    icon("link"),
    "Copy link",
  );
  const pair = moveFrom.has(i) ? [moveFrom.get(i), i] : moveTo.has(i) ? [i, moveTo.get(i)] : null;

  const columns = h("div", { class: "evidence", "aria-busy": "true" });
  const reasons = h("div", { class: "reasons" });
  const element = h(
    "article",
    { class: "claim" },
    h(
      "div",
      { class: "crumbs" },
      h("a", { href: leftAt.key || href("claims"), class: "up" }, "All claims"),
      h(
        "span",
        { class: "steps" },
        step("Previous claim", "back", neighbour(-1)),
        place >= 0 && h("span", { class: "figure" }, `${number(place + 1)} of ${number(lastPlaces.length)}`),
        step("Next claim", "next", neighbour(1)),
      ),
      h("span", { class: "share" }, copied, share),
    ),
    h(
      "header",
      {},
      h(
        "p",
        { class: "kind" },
        relationTag(C.relation[i]),
        statusTag(C.status[i]),
        C.manner[i] && h("span", { class: "manner" }, C.manner[i]),
      ),
      h(
        "h1",
        {},
        personLink(C.person[i]),
        " ",
        h("span", { class: "verb" }, verb(C.relation[i], C.status[i])),
        " ",
        orgLink(C.org[i]),
      ),
      h(
        "dl",
        { class: "fields" },
        field(C.from[i] >= 0 && C.to[i] >= 0 ? "Posts" : "Post", posts(i) ?? "–"),
        field("Date of move", C.when[i] ? dateWords(C.when[i]) : "not given"),
        field("First told", C.told[i] ? dateWords(C.told[i]) : "–"),
        field("Confidence", meter(C.confidence[i])),
        Object.keys(C.statuses[i]).length > 1 &&
          field(
            "Texts say",
            Object.entries(C.statuses[i])
              .map(([status, count]) => `${number(count)} ${status}`)
              .join(", "),
          ),
        field("Evidence", `${counted(C.mentions[i], "passage")} in ${counted(C.docs[i].length, "text")}`),
        pair &&
          field(
            "Part of a move",
            h(
              "span",
              { class: "trail" },
              orgLink(C.org[pair[0]]),
              " → ",
              orgLink(C.org[pair[1]]),
              " ",
              h(
                "a",
                { class: "half", href: href("claim", C.id[pair[0]] === C.id[i] ? C.id[pair[1]] : C.id[pair[0]]) },
                "the other half",
              ),
            ),
          ),
      ),
    ),
    conflicts(i).length > 0 &&
      h(
        "section",
        { class: "contradictions" },
        h("h2", {}, icon("conflict"), "Contradicted by"),
        h(
          "ul",
          { class: "lines" },
          conflicts(i).map((other) => claimLine(other)),
        ),
      ),
    h("section", {}, h("div", { class: "evidence-head" }, h("h2", {}, "Evidence"), legend()), columns),
    reasons,
    namesOf(i),
  );

  evidence(i).then(
    ({ merged, mentions }) => {
      const langs = [...new Set(mentions.map(({ lang }) => lang))].sort();
      columns.replaceChildren(
        ...langs.map((lang) =>
          column(
            lang,
            mentions.filter((one) => one.lang === lang),
            langs.length,
          ),
        ),
      );
      columns.dataset.columns = Math.min(4, langs.length);
      columns.removeAttribute("aria-busy");
      if (merged.length)
        reasons.append(
          h(
            "section",
            { class: "merged" },
            h("h2", {}, "Why these passages are one claim"),
            h(
              "ul",
              {},
              merged.map((words) => h("li", {}, words)),
            ),
          ),
        );
    },
    () => columns.replaceChildren(empty("This browser cannot unpack the evidence; a newer one can.")),
  );
  return { element };
}

const field = (term, ...content) => h("div", {}, h("dt", {}, term), h("dd", {}, content));

const legend = () =>
  h(
    "p",
    { class: "legend", "aria-hidden": "true" },
    [
      ["t", "trigger"],
      ["p", "person"],
      ["o", "organisation"],
      ["r", "post"],
      ["d", "date"],
      ["a", "said by"],
    ].map(([letter, words]) => h("mark", { class: `k-${KINDS[letter][0]}` }, words)),
  );

function column(lang, mentions, among) {
  const cards = growing(mentions, card, { step: among > 1 ? FIRST_PASSAGES : 12, tag: "div", className: "cards" });
  return h(
    "section",
    { class: "column", "aria-label": languageName(lang) },
    h("h3", {}, languageName(lang), h("span", { class: "figure" }, counted(mentions.length, "passage"))),
    cards,
  );
}

function card(mention) {
  const doc = DOCS[mention.doc] ?? { name: mention.doc, date: "" };
  const { before, sentence, after, elsewhere } = mention.passage;
  return h(
    "article",
    { class: "card" },
    h(
      "header",
      {},
      h(
        "a",
        {
          class: "doc",
          href: DOCS[mention.doc] ? href("claims", "", { text: mention.doc }) : null,
          title: "All claims of this text",
        },
        doc.name,
      ),
      doc.date && h("time", { datetime: doc.date }, dateWords(doc.date)),
    ),
    DOCS[doc.copyOf] && h("p", { class: "copy" }, `A copy of ${DOCS[doc.copyOf].name}, or nearly.`),
    h(
      "blockquote",
      { lang: mention.lang, dir: "auto" },
      before && h("span", { class: "around" }, pieces(before), " "),
      h("span", { class: "sentence" }, pieces(sentence ?? [])),
      after && h("span", { class: "around" }, " ", pieces(after)),
    ),
    elsewhere &&
      elsewhere.map(([letter, found]) =>
        h(
          "p",
          { class: "elsewhere" },
          h("span", {}, `${KINDS[letter][1]}, elsewhere in the text: `),
          h("q", { lang: mention.lang }, pieces(found)),
        ),
      ),
    h(
      "dl",
      { class: "read" },
      Object.entries({ person: "p", org: "o", role_from: "f", role_to: "r", when: "d", attributed_to: "a" }).map(
        ([name, letter]) => mention[name] && reading(mention[name], letter, mention.lang),
      ),
      mention.quoted && h("div", {}, h("dt", {}, "Speech"), h("dd", {}, "in somebody's own words, quoted")),
    ),
    how(mention),
  );
}

function reading(span, letter, lang) {
  const covered = span.text
    ? h("mark", { class: `k-${KINDS[letter][0]}`, lang }, span.text)
    : h("span", { class: "undated" }, "not in the words");
  const name = span.name && span.name !== span.text ? [" = ", h("b", {}, span.name)] : null;
  const value = span.value && [" = ", h("b", {}, dateWords(span.value))];
  return h(
    "div",
    {},
    h("dt", {}, KINDS[letter][1]),
    h(
      "dd",
      {},
      covered,
      name,
      value,
      span.resolved_by && span.resolved_by !== "name" && h("span", { class: "by" }, RESOLVED[span.resolved_by]),
    ),
  );
}

function how(mention) {
  const examples = TABLE.rules[mention.rule];
  return h(
    "details",
    { class: "how" },
    h("summary", {}, h("code", {}, mention.rule), meter(mention.confidence)),
    h(
      "dl",
      {},
      mention.status !== "actual" && field("Status", mention.status),
      examples &&
        field(
          "The rule's example",
          examples.map((example) => h("q", { lang: mention.lang, class: "example" }, pieces(example))),
        ),
      mention.steps.length > 0 &&
        field(
          "Steps",
          h(
            "ol",
            {},
            mention.steps.map((words) => h("li", {}, words)),
          ),
        ),
      field("Model", `${mention.model} (${mention.engine})`),
      field("Sentence", `characters ${number(mention.at[0])} to ${number(mention.at[1])}`),
      field("Id", h("code", {}, mention.id)),
    ),
  );
}

// Pieces come cut by the program: a string, or the letters of the spans that cover it with the string.
const pieces = (all) =>
  all.map((piece) => {
    if (typeof piece === "string") return oneBreak(piece);
    const kinds = [...piece[0]].map((letter) => KINDS[letter]);
    // Of several spans the last is the narrowest in the eyes of a reader: a post within a name of an organisation.
    return h(
      "mark",
      {
        class: `k-${kinds.at(-1)[0]}${kinds.length > 1 ? ` also-${kinds[0][0]}` : ""}`,
        title: kinds.map(([, words]) => words).join(", "),
      },
      oneBreak(piece[1]),
    );
  });

// Empty lines between paragraphs cost room that a column lacks.
const oneBreak = (text) => text.replace(/\s*[\n\r]\s*/g, "\n");

function namesOf(i) {
  const rows = [
    ["Person", PERSONS[C.person[i]]],
    ["Organisation", ORGS[C.org[i]]],
    ["Post left", POSTS[C.from[i]]],
    ["Post taken", POSTS[C.to[i]]],
  ].filter(([, one]) => one);
  return h(
    "section",
    { class: "names" },
    h("h2", {}, "Names in the texts"),
    h(
      "dl",
      { class: "fields" },
      rows.map(([words, one]) => field(words, formsOf(one))),
    ),
  );
}

const formsOf = (one) =>
  h(
    "span",
    { class: "forms" },
    Object.entries(one.forms)
      .sort()
      .map(([lang, forms]) =>
        h(
          "span",
          { class: "form" },
          h("abbr", { title: languageName(lang) }, lang),
          h("span", { lang }, forms.join(" · ")),
        ),
      ),
  );

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied";
  } catch {
    said.textContent = "The address of this page is the link";
  }
  setTimeout(() => (said.textContent = ""), 2500);
}
