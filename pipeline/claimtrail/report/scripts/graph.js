// People between organisations: an arrow from the organisation left to the one joined, or by way of each person.

const MOST_ORGS = 48;
const MOST_ARROWS = 150;
const MOST_PEOPLE = 140;

const isMove = (i) => C.relation[i] === "LEAVES" || C.relation[i] === "JOINS";

// Arrows from A to B with the pairs of claims behind them, the strongest first.
function flows(places) {
  const inside = new Set(places);
  const found = new Map();
  for (const [left, joined] of TABLE.moves) {
    if (!inside.has(left) || !inside.has(joined)) continue;
    const key = `${C.org[left]} ${C.org[joined]}`;
    if (!found.has(key)) found.set(key, { from: C.org[left], to: C.org[joined], pairs: [] });
    found.get(key).pairs.push([left, joined]);
  }
  return [...found.values()].sort(
    (a, b) => b.pairs.length - a.pairs.length || collator.compare(ORGS[a.from].name, ORGS[b.from].name),
  );
}

function byOrganisation(arrows) {
  const weight = new Map();
  for (const { from, to, pairs } of arrows)
    for (const org of [from, to]) weight.set(org, (weight.get(org) ?? 0) + pairs.length);
  const kept = new Set([...weight.keys()].sort((a, b) => weight.get(b) - weight.get(a) || a - b).slice(0, MOST_ORGS));
  const nodes = [...kept].map((place) => ({
    kind: "org",
    place,
    id: `o${place}`,
    weight: weight.get(place),
    one: ORGS[place],
  }));
  const drawn = arrows.filter(({ from, to }) => kept.has(from) && kept.has(to)).slice(0, MOST_ARROWS);
  const links = drawn.map(({ from, to, pairs }) => ({
    source: `o${from}`,
    target: `o${to}`,
    weight: pairs.length,
    kind: "move",
    words: `${ORGS[from].name} → ${ORGS[to].name}: ${pairs.map(([left]) => PERSONS[C.person[left]].name).join(", ")}`,
  }));
  const hidden = [
    [weight.size - kept.size, "organisation"],
    [arrows.length - links.length, "arrow"],
  ];
  return { nodes, links, hidden };
}

function byPerson(places) {
  const shown = places.filter((i) => isMove(i) && C.status[i] !== "negated");
  const claims = new Map();
  for (const i of shown) claims.set(C.person[i], [...(claims.get(C.person[i]) ?? []), i]);
  // Those who connect organisations come first.
  const reach = (person) => new Set(claims.get(person).map((i) => C.org[i])).size;
  const people = [...claims.keys()].sort(
    (a, b) => reach(b) - reach(a) || claims.get(b).length - claims.get(a).length || a - b,
  );
  const kept = new Set(people.slice(0, MOST_PEOPLE));
  const weight = new Map();
  const links = new Map();
  for (const i of shown) {
    if (!kept.has(C.person[i])) continue;
    weight.set(C.org[i], (weight.get(C.org[i]) ?? 0) + 1);
    const [person, org] = [`p${C.person[i]}`, `o${C.org[i]}`];
    const [source, target] = C.relation[i] === "LEAVES" ? [org, person] : [person, org];
    const link = links.get(`${source} ${target}`) ?? {
      source,
      target,
      weight: 0,
      kind: C.relation[i],
      words: title(i),
    };
    link.weight += 1;
    links.set(`${source} ${target}`, link);
  }
  const nodes = [
    ...[...weight].map(([place, count]) => ({ kind: "org", place, id: `o${place}`, weight: count, one: ORGS[place] })),
    ...[...kept].map((place) => ({ kind: "person", place, id: `p${place}`, weight: 1, one: PERSONS[place] })),
  ];
  return { nodes, links: [...links.values()], hidden: [[people.length - kept.size, "person", "people"]] };
}

// Areas go with counts; few claims make no large circles.
function withRadius(nodes) {
  const most = Math.max(16, ...nodes.map(({ weight }) => weight));
  for (const node of nodes) node.r = node.kind === "person" ? 4 : 6 + 16 * Math.sqrt(node.weight / most);
}

function laidOut({ nodes, links }, width, height) {
  withRadius(nodes);
  const far = d3
    .forceLink(links)
    .id(({ id }) => id)
    .distance(({ source, target }) => 46 + source.r + target.r)
    .strength(0.5);
  d3.forceSimulation(nodes)
    .force("link", far)
    .force(
      "charge",
      d3
        .forceManyBody()
        .strength((node) => (node.kind === "person" ? -110 : -340))
        .distanceMax(420),
    )
    .force("x", d3.forceX().strength(0.09 * Math.min(1, height / width)))
    .force("y", d3.forceY().strength(0.09 * Math.max(1, width / height)))
    .force(
      "collide",
      d3.forceCollide(({ r }) => r + 14),
    )
    .stop()
    .tick(320);
  // The drawing fills its frame; words keep their size.
  const room = { left: 60, right: 60, top: 30, bottom: 36 };
  const range = (axis) => [Math.min(...nodes.map((node) => node[axis])), Math.max(...nodes.map((node) => node[axis]))];
  const [[x0, x1], [y0, y1]] = [range("x"), range("y")];
  const [inner, tall] = [width - room.left - room.right, height - room.top - room.bottom];
  const most = nodes.length < 5 ? 1.2 : 2;
  const [kx, ky] = [Math.min(most, inner / Math.max(1, x1 - x0)), Math.min(most, tall / Math.max(1, y1 - y0))];
  for (const node of nodes) {
    node.x = room.left + inner / 2 + (node.x - (x0 + x1) / 2) * kx;
    node.y = room.top + tall / 2 + (node.y - (y0 + y1) / 2) * ky;
  }
}

function arrowPath({ source, target, bent }) {
  const [dx, dy] = [target.x - source.x, target.y - source.y];
  const length = Math.hypot(dx, dy) || 1;
  const bend = bent ? Math.min(60, length * 0.18) : 0;
  const [cx, cy] = [(source.x + target.x) / 2 - (dy / length) * bend, (source.y + target.y) / 2 + (dx / length) * bend];
  const towards = (node, gap) => {
    const reach = Math.hypot(cx - node.x, cy - node.y) || 1;
    return [node.x + ((cx - node.x) / reach) * gap, node.y + ((cy - node.y) / reach) * gap];
  };
  const [sx, sy] = towards(source, source.r + 2);
  const [tx, ty] = towards(target, target.r + 5);
  return `M${sx.toFixed(1)},${sy.toFixed(1)}Q${cx.toFixed(1)},${cy.toFixed(1)} ${tx.toFixed(1)},${ty.toFixed(1)}`;
}

function placeLabel(node, above, width) {
  const words = short(node.one.name);
  const wide = [...words].reduce((sum, sign) => sum + (sign > "\u2e80" ? 12.5 : 6.9), 0);
  const anchor = node.x < wide / 2 ? "start" : node.x > width - wide / 2 ? "end" : "middle";
  const x = { start: -node.r, middle: 0, end: node.r }[anchor];
  const y = above ? -node.r - 5 : node.r + 14;
  const left = node.x + x - { start: 0, middle: wide / 2, end: wide }[anchor];
  node.label = { words, anchor, x, y, left, right: left + wide, bottom: node.y + y + 3, top: node.y + y - 11 };
}

// Of names that would lie on each other the weightier is written; the others show when their circle is pointed at.
function hideCrowded(nodes, near) {
  const written = nodes.map((node) => ({
    node,
    left: node.x - node.r,
    right: node.x + node.r,
    top: node.y - node.r,
    bottom: node.y + node.r,
  }));
  const rank = (node) => (near.has(node.id) ? 1e6 : 0) + (node.kind === "org" ? 1e3 : 0) + node.weight;
  for (const node of [...nodes].sort((a, b) => rank(b) - rank(a))) {
    const { left, right, top, bottom } = node.label;
    node.crowded = written.some(
      (other) =>
        other.node !== node && left < other.right && right > other.left && top < other.bottom && bottom > other.top,
    );
    if (!node.crowded) written.push(node.label);
  }
}

function drawing(graph, chosen, choose) {
  const box = h("div", { class: "graph" });
  const view = { x: 0, y: 0, k: 1 };
  let scene = null;
  const place = () => scene?.setAttribute("transform", `translate(${view.x},${view.y}) scale(${view.k})`);

  function zoom(factor, at = [box.clientWidth / 2, box.clientHeight / 2]) {
    const k = Math.min(6, Math.max(0.4, view.k * factor));
    view.x = at[0] - ((at[0] - view.x) * k) / view.k;
    view.y = at[1] - ((at[1] - view.y) * k) / view.k;
    view.k = k;
    place();
  }

  function draw() {
    const width = box.clientWidth;
    const height = Math.round(Math.min(Math.max(380, width * 0.6), Math.max(380, innerHeight * 0.72)));
    const nodes = graph.nodes.map((node) => ({ ...node }));
    const links = graph.links.map((link) => ({ ...link }));
    laidOut({ nodes, links }, width, height);
    const both = new Set(links.map(({ source, target }) => `${source.id} ${target.id}`));
    for (const link of links) link.bent = both.has(`${link.target.id} ${link.source.id}`) || link.kind === "move";
    const near = new Set(
      chosen
        ? [
            chosen,
            ...links.flatMap(({ source, target }) =>
              source.id === chosen ? [target.id] : target.id === chosen ? [source.id] : [],
            ),
          ]
        : [],
    );
    const faint = (id) => near.size > 0 && !near.has(id);
    // A name stands on the side of its circle where fewer arrows come in.
    const pull = new Map();
    for (const { source, target } of links) {
      pull.set(source.id, (pull.get(source.id) ?? 0) + Math.sign(target.y - source.y));
      pull.set(target.id, (pull.get(target.id) ?? 0) + Math.sign(source.y - target.y));
    }
    for (const node of nodes) placeLabel(node, (pull.get(node.id) ?? 0) > 0, width);
    hideCrowded(nodes, near);
    const kinds = [...new Set(links.map(({ kind }) => kind))];
    const heaviest = Math.max(8, ...links.map(({ weight }) => weight));
    const arrows = kinds.map((kind) =>
      svg(
        "marker",
        {
          id: `tip-${kind}`,
          class: `tip ${kind}`,
          viewBox: "0 0 8 8",
          refX: 6,
          refY: 4,
          markerWidth: 7,
          markerHeight: 7,
          markerUnits: "userSpaceOnUse",
          orient: "auto",
        },
        svg("path", { d: "M0,0.5 7,4 0,7.5z" }),
      ),
    );
    scene = svg(
      "g",
      {},
      links.map((link) => {
        const off = chosen && link.source.id !== chosen && link.target.id !== chosen;
        const path = svg(
          "path",
          {
            class: `arrow ${link.kind}${off ? " faint" : ""}`,
            d: arrowPath(link),
            "marker-end": `url(#tip-${link.kind})`,
          },
          svg("title", {}, link.words),
        );
        path.style.strokeWidth = `${1 + (5 * link.weight) / heaviest}px`;
        return path;
      }),
      nodes.map((node) => {
        const { r } = node;
        const pick = () => choose(node.id === chosen ? null : node);
        return svg(
          "g",
          {
            class: `node ${node.kind}${faint(node.id) ? " faint" : ""}${node.id === chosen ? " chosen" : ""}`,
            transform: `translate(${node.x.toFixed(1)},${node.y.toFixed(1)})`,
            tabindex: 0,
            role: "button",
            "aria-label": node.one.name,
            "aria-pressed": node.id === chosen,
            "data-node": node.id,
            onclick: pick,
            onkeydown: (event) => (event.key === "Enter" || event.key === " ") && (event.preventDefault(), pick()),
          },
          svg("title", {}, node.one.name),
          svg("circle", { r }),
          svg(
            "text",
            {
              x: node.label.x,
              y: node.label.y,
              "text-anchor": node.label.anchor,
              class: node.crowded ? "spare" : null,
              lang: node.one.lang || null,
            },
            node.label.words,
          ),
        );
      }),
    );
    const picture = svg(
      "svg",
      { width, height, role: "group", "aria-label": "People between organisations" },
      svg("defs", {}, arrows),
      scene,
    );
    let grip = null;
    picture.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".node")) {
        grip = [event.clientX - view.x, event.clientY - view.y];
        picture.setPointerCapture(event.pointerId);
      }
    });
    picture.addEventListener("pointermove", (event) => {
      if (grip) {
        view.x = event.clientX - grip[0];
        view.y = event.clientY - grip[1];
        place();
      }
    });
    for (const end of ["pointerup", "pointercancel"]) picture.addEventListener(end, () => (grip = null));
    picture.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const edge = picture.getBoundingClientRect();
        zoom(Math.exp(-event.deltaY / 300), [event.clientX - edge.left, event.clientY - edge.top]);
      },
      { passive: false },
    );
    const button = (words, label, act) =>
      h("button", { type: "button", "aria-label": label, title: label, onclick: act }, words);
    box.replaceChildren(
      picture,
      h(
        "div",
        { class: "zoom" },
        button("+", "Larger", () => zoom(1.35)),
        button("−", "Smaller", () => zoom(1 / 1.35)),
        button("⤢", "Whole drawing", () => {
          Object.assign(view, { x: 0, y: 0, k: 1 });
          place();
        }),
      ),
    );
    place();
  }
  watchSize(box, draw);
  return {
    element: box,
    highlight: (id) => {
      chosen = id;
      if (box.clientWidth) draw();
    },
  };
}

const short = (name) => (name.length > 26 ? `${name.slice(0, 25)}…` : name);

function movesView(params) {
  const stage = h("div", { class: "stage" });
  const side = h("aside", { class: "side", "aria-live": "polite" });
  const table = h("section", { class: "flows" });
  let mode = params.get("mode") === "people" || params.get("mode") === "organisations" ? params.get("mode") : "";
  let shown = [];
  const modes = ["organisations", "people"].map((name) => ({
    name,
    button: h(
      "button",
      {
        type: "button",
        class: "chip",
        onclick: () => {
          mode = name;
          keep();
          draw();
        },
      },
      name === "people" ? "With each person" : "Organisations",
    ),
  }));
  const bar = filterBar("moves", readFilter(params), ({ places }) => {
    shown = places;
    draw();
  });

  function keep() {
    history.replaceState(null, "", href("moves", "", { ...filterParams(bar.filter()), mode }));
  }

  function draw() {
    const arrows = flows(shown);
    // Few people are told both to leave and to join: then their own arrows say more.
    const now = mode || (arrows.length < 6 ? "people" : "organisations");
    for (const { name, button } of modes) button.setAttribute("aria-pressed", name === now);
    const graph = now === "people" ? byPerson(shown) : byOrganisation(arrows);
    if (graph.nodes.length) {
      const picture = drawing(graph, null, (node) => {
        picture.highlight(node?.id ?? null);
        choose(node);
      });
      stage.replaceChildren(picture.element);
      const hidden = graph.hidden.filter(([count]) => count > 0).map(([count, ...words]) => counted(count, ...words));
      if (hidden.length)
        stage.append(
          h("p", { class: "note" }, `Not drawn: ${hidden.join(" and ")} with fewer moves. Filters bring them in.`),
        );
    } else {
      stage.replaceChildren(
        empty(
          shown.length
            ? "Nobody in this selection is told both to leave one organisation and to join another."
            : "No claim is like this.",
        ),
      );
    }
    choose(null, now);
    table.replaceChildren(
      ...(arrows.length
        ? [
            h("h2", {}, "From one to another"),
            ...growing(arrows, flowLine, { step: 60, className: "flow-list" }),
          ].filter(Boolean)
        : []),
    );
  }

  function choose(node, now = "") {
    if (!node) {
      const key =
        now === "people"
          ? [
              ["LEAVES", "leaves an organisation"],
              ["JOINS", "joins one"],
            ].map(([relation, words]) => h("p", {}, h("span", { class: `key ${relation}` }, "→"), ` a person ${words}`))
          : h(
              "p",
              {},
              h("span", { class: "key move" }, "→"),
              " people left the one and joined the other; the thicker, the more",
            );
      side.replaceChildren(
        h("div", { class: "hint" }, key, h("p", {}, "Choose an organisation or a person for the claims behind it.")),
      );
      return;
    }
    const inside = new Set(shown);
    const claims = (node.kind === "org" ? claimsOfOrg : claimsOfPerson)[node.place]
      .filter((i) => inside.has(i) && isMove(i))
      .sort(byTime);
    side.replaceChildren(
      h("h2", {}, h("a", { href: href(node.kind, node.one.id), lang: node.one.lang || null }, node.one.name)),
      ...growing(claims, (i) => claimLine(i, { without: node.kind }), { step: 12, className: "lines brief" }).filter(
        Boolean,
      ),
    );
  }

  const element = h(
    "div",
    { class: "moves" },
    h("h1", { class: "visually-hidden" }, "People between organisations"),
    bar.element,
    h(
      "div",
      { class: "modes chips", role: "group", "aria-label": "What is drawn" },
      modes.map((one) => one.button),
    ),
    h("div", { class: "graph-row" }, stage, side),
    table,
  );
  return { element, started: () => bar.start() };
}

function flowLine({ from, to, pairs }) {
  return h(
    "li",
    { class: "flow" },
    h("span", { class: "ends" }, orgLink(from), h("span", { class: "to", "aria-label": "to" }, " → "), orgLink(to)),
    h(
      "span",
      { class: "who" },
      pairs.map(([left, joined], n) => [
        n > 0 && ", ",
        personLink(C.person[left]),
        h(
          "a",
          { class: "ref", href: href("claim", C.id[left]), title: title(left), "aria-label": title(left) },
          icon("LEAVES"),
        ),
        h(
          "a",
          { class: "ref", href: href("claim", C.id[joined]), title: title(joined), "aria-label": title(joined) },
          icon("JOINS"),
        ),
      ]),
    ),
  );
}
