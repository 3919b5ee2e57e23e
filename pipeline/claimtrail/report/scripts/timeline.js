// Moves in time: columns a month, a quarter or a year, and below them the claims in their order.

const UNITS = {
  month: { months: 1, words: (at) => `${MONTHS[at % 12]} ${Math.floor(at / 12)}` },
  quarter: { months: 3, words: (at) => `Q${Math.floor((at % 12) / 3) + 1} ${Math.floor(at / 12)}` },
  year: { months: 12, words: (at) => String(Math.floor(at / 12)) },
};
const monthOf = (value) => Number(value.slice(0, 4)) * 12 + (Number(value.slice(5, 7)) || 1) - 1;
const isoMonth = (at) => `${String(Math.floor(at / 12)).padStart(4, "0")}-${String((at % 12) + 1).padStart(2, "0")}`;

// Arrivals, new roles and all else stand on the line, departures hang from it. `pick` hears of the range of a clicked column.
function chart(places, { height: most = 220, pick }) {
  const dated = places.filter((i) => C.when[i]);
  if (!dated.length) return empty("None of these claims has a date.");
  const bounds = dated
    .map((i) => monthOf(C.when[i]))
    .reduce(([low, high], at) => [Math.min(low, at), Math.max(high, at)], [Infinity, -Infinity]);
  const span = bounds[1] - bounds[0] + 1;
  const yearAlone = dated.filter((i) => C.when[i].length === 4).length;
  const unit =
    UNITS[yearAlone * 4 > dated.length && span > 12 ? "year" : span <= 48 ? "month" : span <= 180 ? "quarter" : "year"];
  const start = Math.floor(bounds[0] / unit.months) * unit.months;
  const bins = Array.from({ length: Math.floor((bounds[1] - start) / unit.months) + 1 }, (_, n) => ({
    at: start + n * unit.months,
    JOINS: 0,
    LEAVES: 0,
    ROLE_CHANGE: 0,
    OTHER: 0,
  }));
  const kinds = [...new Set(RELATIONS.map(kindOf))];
  let coarse = 0;
  for (const i of dated) {
    if (unit !== UNITS.year && C.when[i].length === 4) coarse += 1;
    else bins[Math.floor((monthOf(C.when[i]) - start) / unit.months)][kindOf(C.relation[i])] += 1;
  }
  const box = h("div", { class: "chart" });
  const note =
    coarse > 0 &&
    h(
      "p",
      { class: "note" },
      `${counted(coarse, "claim gives", "claims give")} the year alone and ${coarse === 1 ? "is" : "are"} not drawn.`,
    );
  const whole = h("figure", { class: "chart-box" }, h("figcaption", {}, RELATIONS.map(relationTag)), box, note);

  function draw() {
    const width = box.clientWidth;
    if (!width) return;
    const up = Math.max(1, ...bins.map((bin) => bin.JOINS + bin.ROLE_CHANGE + bin.OTHER));
    const down = Math.max(0, ...bins.map((bin) => bin.LEAVES));
    const scale = Math.min(30, (most - 26) / (up + down));
    const height = Math.max(90, (up + down) * scale + 26);
    const line = up * scale + 2;
    const wide = width / bins.length;
    const bar = Math.min(26, Math.max(1, wide * 0.72));
    // Months are labelled by their names, all else by its years; labels take every so many months.
    const monthly = unit === UNITS.month;
    const step = monthly ? 1 : 12;
    const every = step * Math.max(1, Math.ceil(((monthly ? 72 : 44) * unit.months) / (wide * step)));
    const x = (n) => n * wide + (wide - bar) / 2;
    const part = (n, kind, top, count) =>
      count > 0 &&
      svg("rect", {
        class: kind,
        x: x(n),
        y: top,
        width: bar,
        height: Math.max(1, count * scale - 1),
        rx: Math.min(2, bar / 3),
      });
    const columns = bins.map((bin, n) => {
      const words = `${unit.words(bin.at)}: ${kinds.map((kind) => `${bin[kind]} ${kind === "OTHER" ? "other" : relationWords(kind).toLowerCase()}`).join(", ")}`;
      const any = kinds.some((kind) => bin[kind]);
      const chosen = () => pick(isoMonth(bin.at), isoMonth(bin.at + unit.months - 1));
      return svg(
        "g",
        {
          class: any ? "column" : "column none",
          ...(any ? { tabindex: 0, role: "button", "aria-label": words } : {}),
          onclick: any ? chosen : null,
          onkeydown: any
            ? (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), chosen())
            : null,
        },
        svg("rect", { class: "hit", x: n * wide, y: 0, width: wide, height: height - 18 }),
        svg("title", {}, words),
        part(n, "JOINS", line - bin.JOINS * scale, bin.JOINS),
        part(n, "ROLE_CHANGE", line - (bin.JOINS + bin.ROLE_CHANGE) * scale, bin.ROLE_CHANGE),
        part(n, "OTHER", line - (bin.JOINS + bin.ROLE_CHANGE + bin.OTHER) * scale, bin.OTHER),
        part(n, "LEAVES", line + 1, bin.LEAVES),
      );
    });
    const labels = bins.map((bin, n) => {
      const labelled = bin.at % every === 0 && n * wide < width - 24;
      return (
        labelled &&
        svg(
          "text",
          { x: Math.max(18, n * wide + wide / 2), y: height - 3, "text-anchor": "middle", "aria-hidden": "true" },
          (monthly ? unit : UNITS.year).words(bin.at),
        )
      );
    });
    box.replaceChildren(
      svg(
        "svg",
        { width, height, role: "group", "aria-label": "Moves in time" },
        columns,
        labels,
        svg("line", { class: "axis", x1: 0, x2: width, y1: line, y2: line }),
      ),
    );
  }
  watchSize(box, draw);
  return whole;
}

// Draws when the element has its first width, and again with every other one.
function watchSize(element, draw) {
  let width = 0;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    draw();
  }).observe(element);
}

function timelineView(params) {
  const picture = h("div", {});
  const feed = h("div", { class: "feed" });
  let downward = params.get("order") !== "up";
  let shown = [];
  const turn = h("button", {
    type: "button",
    class: "plain",
    onclick: () => {
      downward = !downward;
      list();
    },
  });
  const bar = filterBar("timeline", readFilter(params), ({ places }) => {
    shown = places;
    picture.replaceChildren(
      places.length ? chart(places, { pick: (from, to) => bar.set({ from, to }) }) : empty("No claim is like this."),
    );
    list();
  });

  function list() {
    const dated = shown.filter((i) => C.when[i]).sort((a, b) => (downward ? byTime(b, a) : byTime(a, b)));
    const undated = shown.filter((i) => !C.when[i]).sort((a, b) => (downward ? byTime(b, a) : byTime(a, b)));
    turn.textContent = downward ? "Newest first" : "Oldest first";
    turn.setAttribute("aria-label", `${turn.textContent}; turn the order round`);
    let last = "";
    const entry = (i) => {
      const month = C.when[i].length > 4 ? dateWords(C.when[i].slice(0, 7)) : C.when[i];
      const heading = month !== last && h("li", { class: "month" }, h("h2", {}, month));
      last = month;
      return [heading, claimLine(i)].filter(Boolean);
    };
    feed.replaceChildren(
      ...[
        ...growing(dated, (i) => {
          const lines = entry(i);
          return lines.length > 1 ? fragment(lines) : lines[0];
        }),
        ...(undated.length
          ? [
              h("h2", { class: "undated-head" }, `Without a date (${number(undated.length)})`),
              ...growing(undated, (i) => claimLine(i)),
            ]
          : []),
      ].filter(Boolean),
    );
  }

  const element = h(
    "div",
    { class: "timeline" },
    h("h1", { class: "visually-hidden" }, "Timeline"),
    bar.element,
    picture,
    h("p", { class: "turn" }, turn),
    feed,
  );
  return { element, started: () => bar.start() };
}

function fragment(nodes) {
  const all = document.createDocumentFragment();
  all.append(...nodes);
  return all;
}
