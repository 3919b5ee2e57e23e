// A table of any length: only the rows in sight are in the page. The window scrolls, the arrow keys go from row to row.

let shownList = null;
addEventListener("scroll", () => shownList?.draw(), { passive: true });
addEventListener("resize", () => shownList?.measure());

const topBar = () => document.querySelector(".top").offsetHeight;

function virtualList({ label, head, className, row, open }) {
  const body = h("div", { class: "rows", role: "rowgroup", onkeydown: press, onclick: click });
  const element = h("div", { class: `list ${className}`, role: "table", "aria-label": label }, head, body);
  const drawn = new Map();
  let count = 0;
  let height = 44;
  let active = 0;

  function measure() {
    height = parseFloat(getComputedStyle(element).getPropertyValue("--row")) || 44;
    body.style.height = `${count * height}px`;
    clear();
    draw();
  }

  function clear() {
    drawn.forEach((one) => one.remove());
    drawn.clear();
  }

  function draw() {
    if (!element.isConnected) return;
    const top = body.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(-top / height) - 6);
    const last = Math.min(count, Math.ceil((innerHeight - top) / height) + 6);
    for (const [i, one] of drawn) {
      if ((i < first || i >= last) && one !== document.activeElement) {
        one.remove();
        drawn.delete(i);
      }
    }
    for (let i = first; i < last; i += 1) {
      if (drawn.has(i)) continue;
      const one = row(i);
      one.setAttribute("role", "row");
      one.setAttribute("aria-rowindex", i + 2);
      one.dataset.row = i;
      one.tabIndex = i === active ? 0 : -1;
      one.style.transform = `translateY(${i * height}px)`;
      // Readers of the page by ear meet the rows in their order.
      const after = [...drawn.keys()].filter((other) => other > i).sort((a, b) => a - b)[0];
      body.insertBefore(one, after === undefined ? null : drawn.get(after));
      drawn.set(i, one);
    }
  }

  function update(newCount, keepPlace = false) {
    count = newCount;
    if (!keepPlace) active = 0;
    element.setAttribute("aria-rowcount", count + 1);
    measure();
  }

  function go(i, { focus = true } = {}) {
    if (!count) return;
    active = Math.max(0, Math.min(count - 1, i));
    const above = topBar() + (head?.offsetHeight ?? 0);
    const top = body.getBoundingClientRect().top + active * height;
    if (top < above) scrollBy(0, top - above - 4);
    else if (top + height > innerHeight) scrollBy(0, top + height - innerHeight + 4);
    draw();
    drawn.forEach((one, place) => (one.tabIndex = place === active ? 0 : -1));
    if (focus) drawn.get(active)?.focus({ preventScroll: true });
  }

  function press(event) {
    const page = Math.max(1, Math.floor(innerHeight / height) - 4);
    const steps = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in steps) {
      event.preventDefault();
      go(active + steps[event.key]);
    } else if (event.key === "Enter" && event.target.dataset.row !== undefined) {
      open(active);
    }
  }

  function click(event) {
    const one = event.target.closest("[data-row]");
    if (!one || event.target.closest("a") || String(getSelection())) return;
    active = Number(one.dataset.row);
    open(active);
  }

  const self = { element, update, draw, measure, go, active: () => active };
  shownList = self;
  return self;
}
