// The first page: how much there is of what, each figure a way to the claims behind it.

function overview() {
  const tally = (values) =>
    values.reduce((counts, value) => counts.set(value, (counts.get(value) ?? 0) + 1), new Map());
  const cells = tally(ALL.map((i) => `${C.relation[i]} ${C.status[i]}`));
  const langs = tally(C.langs.flat());
  const sure = tally(C.confidence.map((value) => Math.min(9, Math.floor(value * 10))));
  const states = tally(DOCS.map(({ state }) => state));
  const telling = DOCS.filter(({ mentions }) => mentions).length;
  const textLangs = tally(DOCS.filter(({ mentions }) => mentions).map(({ lang }) => lang));
  const conflicted = Object.keys(TABLE.conflicts).length;
  const shared = C.docs.filter((docs) => docs.length > 1).length;

  const lead = h(
    "p",
    { class: "lead" },
    h("a", { href: href("claims") }, h("b", {}, counted(COUNT, "claim"))),
    " about ",
    h("a", { href: href("people") }, counted(PERSONS.length, "person", "people")),
    " at ",
    h("a", { href: href("organisations") }, counted(ORGS.length, "organisation")),
    ", told by ",
    h(
      "a",
      { href: href("texts") },
      telling === DOCS.length || !telling
        ? counted(DOCS.length, "text")
        : `${number(telling)} of ${counted(DOCS.length, "text")}`,
    ),
    ` in ${counted(textLangs.size, "language")}.`,
  );

  const most = Math.max(1, ...cells.values());
  const total = (test) => [...cells].reduce((sum, [key, count]) => sum + (test(key.split(" ")) ? count : 0), 0);
  const cell = (relation, status) => {
    const count = cells.get(`${relation} ${status}`) ?? 0;
    const link = count ? h("a", { href: href("claims", "", { relation, status }) }, number(count)) : h("span", {}, "·");
    const box = h("td", { class: kindOf(relation) }, link);
    box.style.setProperty("--part", count ? 0.12 + 0.88 * (count / most) : 0);
    return box;
  };
  const matrix = h(
    "table",
    { class: "matrix" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("td", {}),
        STATUSES.map((status) =>
          h("th", { scope: "col" }, h("a", { href: href("claims", "", { status }) }, statusTag(status))),
        ),
        h("th", { scope: "col" }, "all"),
      ),
    ),
    h(
      "tbody",
      {},
      RELATIONS.map((relation) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, h("a", { href: href("claims", "", { relation }) }, relationTag(relation))),
          STATUSES.map((status) => cell(relation, status)),
          h("td", { class: "sum" }, number(total(([one]) => one === relation))),
        ),
      ),
    ),
    h(
      "tfoot",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "row" }, "all"),
        STATUSES.map((status) => h("td", { class: "sum" }, number(total(([, one]) => one === status)))),
        h("td", { class: "sum" }, number(COUNT)),
      ),
    ),
  );

  const bars = (entries) => {
    const top = Math.max(1, ...entries.map(({ count }) => count));
    return h(
      "ul",
      { class: "bars" },
      entries.map(({ words, count, to, note, split }) => {
        const bar = h(
          "span",
          { class: "track" },
          (split ?? [["", count]]).map(([kind, part]) => {
            const piece = h("span", { class: `piece ${kind}` });
            piece.style.setProperty("--part", part / top);
            return piece;
          }),
        );
        return h(
          "li",
          {},
          h("a", { href: to }, words),
          bar,
          h("span", { class: "figure" }, number(count)),
          note && h("span", { class: "note" }, note),
        );
      }),
    );
  };
  const ranked = (all, groups, view) =>
    all
      .map((one, place) => ({ one, claims: groups[place] }))
      .filter(({ claims }) => claims.length)
      .sort((a, b) => b.claims.length - a.claims.length || collator.compare(a.one.name, b.one.name))
      .slice(0, 8)
      .map(({ one, claims }) => ({
        words: nameOf(one),
        count: claims.length,
        to: href(view, one.id),
        split: RELATIONS.map((relation) => [kindOf(relation), claims.filter((i) => C.relation[i] === relation).length]),
      }));

  const panel = (heading, className, ...content) =>
    h("section", { class: `panel ${className}` }, h("h2", {}, heading), content);
  const sureness = [...Array(10).keys()].filter((bin) => bin >= Math.min(4, ...sure.keys()));
  const { version, started, inputs, models, least, skipped } = TABLE.about;
  const facts = [
    ["Read", `${inputs.join(", ") || "–"}`],
    ["Texts", [...states].map(([state, count]) => `${number(count)} ${state.replace("_", " ")}`).join(", ") || "none"],
    skipped > 0 && ["Passed over", counted(skipped, "file of another type", "files of other types")],
    ["Made", started ? `${dateWords(started.slice(0, 10))}, claimtrail ${version}` : `claimtrail ${version}`],
    ["Models", models.join(", ") || "–"],
    least > 0 && ["Left out", `mentions below a confidence of ${least}`],
  ].filter(Boolean);

  return h(
    "div",
    { class: "overview" },
    h("h1", { class: "visually-hidden" }, "Overview"),
    noticeBox(),
    COUNT > 0 ? lead : h("p", { class: "lead" }, "No claims."),
    h(
      "p",
      { class: "sub" },
      shared > 0 && h("span", {}, `${counted(shared, "claim is", "claims are")} told by more than one text. `),
      conflicted > 0 &&
        h(
          "a",
          { href: href("claims", "", { conflicts: 1 }) },
          `${counted(conflicted, "claim is", "claims are")} contradicted.`,
        ),
    ),
    COUNT > 0 &&
      h(
        "div",
        { class: "panels" },
        panel("What, and how certain the texts are", "wide", matrix),
        panel(
          "When",
          "wide",
          chart(ALL, { height: 150, pick: (from, to) => (location.hash = href("timeline", "", { from, to })) }),
        ),
        panel(
          "Languages",
          "",
          bars(
            LANGS.map((code) => ({
              words: languageName(code),
              count: langs.get(code),
              to: href("claims", "", { lang: code }),
            })),
          ),
        ),
        panel(
          "Confidence",
          "",
          bars(
            sureness.reverse().map((bin) => ({
              words: bin === 9 ? "0.9 to 1" : `0.${bin} to 0.${bin + 1}`,
              count: sure.get(bin) ?? 0,
              to: href("claims", "", { min: bin / 10, sort: "confidence" }),
            })),
          ),
        ),
        panel("Organisations most told of", "", bars(ranked(ORGS, claimsOfOrg, "org"))),
        panel("People most told of", "", bars(ranked(PERSONS, claimsOfPerson, "person"))),
      ),
    h(
      "dl",
      { class: "facts" },
      facts.map(([term, words]) => h("div", {}, h("dt", {}, term), h("dd", {}, words))),
    ),
  );
}
