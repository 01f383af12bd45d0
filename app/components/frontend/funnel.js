// The funnel: a bar for what stands after each stage, ribbons between them in the colours of who brought the movies, and the way of one
// movie. Bars are laid out by CSS, side by side or one below the other; ribbons follow wherever they are. Text enters by textContent only.

const SVG = "http://www.w3.org/2000/svg";

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawn(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function sign(source) {
  const made = element("i");
  made.style.background = source.colour;
  made.style.clipPath = source.clip;
  made.setAttribute("aria-hidden", "true");
  return made;
}

function named(source, className) {
  const made = element("span", className);
  made.append(sign(source), element("b", "", source.name), element("small", "", source.note));
  return made;
}

function stage(bar, sources, most) {
  const made = element("li", "stage");
  made.classList.toggle("left-out", bar.left_out);
  const head = element("div", "head");
  head.append(element("b", "count", bar.count.toLocaleString("en")), element("span", "title", bar.title), element("span", "note", bar.note));
  const well = element("div", "well");
  const stack = element("div", bar.split ? "bar split" : "bar");
  stack.style.setProperty("--share", `${(100 * Math.log1p(bar.count)) / Math.log1p(most)}%`);
  const parts = bar.parts.length ? bar.parts : [bar.count];
  parts.forEach((count, place) => {
    if (!count) return;
    const part = element("div", bar.parts.length ? "part" : "part whole");
    part.dataset.source = bar.parts.length ? place : -1;
    part.style.flexGrow = count;
    if (bar.parts.length) part.style.background = sources[place].colour;
    if (bar.split) part.append(named(sources[place], "tag"));
    stack.append(part);
  });
  well.append(stack);
  made.append(head, well);
  return made;
}

// The edge of a part that looks to the next or to the last stage, as two points from its beginning to its end.
function edge(box, origin, upright, after) {
  const [left, right, top, bottom] = [box.left - origin.left, box.right - origin.left, box.top - origin.top, box.bottom - origin.top];
  return upright ? [[left, after ? bottom : top], [right, after ? bottom : top]] : [[after ? right : left, top], [after ? right : left, bottom]];
}

function bend([x1, y1], [x2, y2], upright) {
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return upright ? `C${x1},${y} ${x2},${y} ${x2},${y2}` : `C${x},${y1} ${x},${y2} ${x2},${y2}`;
}

function between([from, to], share) {
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}

function ribbons(root, sources, upright, origin) {
  const made = [];
  const stacks = [...root.querySelectorAll(".bar")].map((bar) => new Map([...bar.children].map((part) => [Number(part.dataset.source), part.getBoundingClientRect()])));
  for (let at = 0; at + 1 < stacks.length; at += 1) {
    const total = [...stacks[at + 1].values()].reduce((sum, box) => sum + (upright ? box.width : box.height), 0);
    let passed = 0;
    for (const [source, box] of stacks[at + 1]) {
      const size = (upright ? box.width : box.height) / (total || 1);
      const whole = stacks[at].get(-1);
      const begin = whole ? edge(whole, origin, upright, true) : stacks[at].has(source) && edge(stacks[at].get(source), origin, upright, true);
      const [a, b] = whole ? [between(begin, passed), between(begin, passed + size)] : begin || [];
      passed += size;
      if (!a) continue;
      const [c, d] = edge(box, origin, upright, false);
      made.push(drawn("path", { class: "ribbon", d: `M${a} ${bend(a, c, upright)} L${d} ${bend(d, b, upright)} Z`, fill: source < 0 ? "currentColor" : sources[source].colour }));
    }
  }
  return made;
}

// Through the middle of every bar that the movie is in; where it was lost the line goes on a little, to a cross.
function line(root, way, upright, origin) {
  const bars = [...root.querySelectorAll(".bar")];
  const points = way.places.map((place, at) => {
    const part = bars[at].querySelector(`[data-source="${way.source}"]`) || bars[at].querySelector('[data-source="-1"]') || bars[at];
    const box = part.getBoundingClientRect();
    const share = 0.08 + 0.84 * place;
    return upright
      ? [box.left - origin.left + box.width * share, box.top - origin.top + box.height / 2]
      : [box.left - origin.left + box.width / 2, box.top - origin.top + box.height * share];
  });
  const last = points.at(-1);
  const next = bars[points.length];
  let end = last;
  if (way.lost && next) {
    const box = next.getBoundingClientRect();
    end = upright ? [last[0], (last[1] + box.top - origin.top) / 2 + 8] : [(last[0] + box.left - origin.left) / 2 + 12, last[1]];
  }
  const walk = points.reduce((d, point, at) => (at ? `${d} ${bend(points[at - 1], point, upright)}` : `M${point}`), "") + (end === last ? "" : ` L${end}`);
  const made = [drawn("path", { class: "way under", d: walk }), drawn("path", { class: "way", d: walk })];
  for (const [cx, cy] of points) made.push(drawn("circle", { class: "step", cx, cy, r: 6 }));
  if (way.lost) {
    const [x, y] = end;
    made.push(drawn("path", { class: "cross under", d: `M${x - 8},${y - 8} l16,16 m0,-16 l-16,16` }), drawn("path", { class: "cross", d: `M${x - 8},${y - 8} l16,16 m0,-16 l-16,16` }));
  }
  return [made, end];
}

function draw(stages, data) {
  const [below, above] = stages.querySelectorAll("svg");
  const label = stages.querySelector(".end");
  const origin = stages.getBoundingClientRect();
  const upright = getComputedStyle(stages).getPropertyValue("--upright").trim() === "1";
  below.replaceChildren(...ribbons(stages, data.sources, upright, origin));
  above.replaceChildren();
  if (!data.way) return;
  const [made, [x, y]] = line(stages, data.way, upright, origin);
  above.append(...made);
  const half = label.offsetWidth / 2; // 0 on a phone, where the sentence below says it
  label.style.cssText = `top:${y + 16}px;left:${Math.min(Math.max(x, half), origin.width - half)}px`;
}

function taken(data, open) {
  const made = element("div", "fate");
  const sentence = element("p");
  for (const [text, strong] of data.fate) sentence.append(element(strong ? "b" : "span", "", text));
  made.append(sentence);
  const list = element("ul", "takers");
  for (const taker of data.takers) {
    const row = element("li");
    const button = element("button");
    button.type = "button";
    button.title = taker.label;
    button.setAttribute("aria-label", taker.label);
    const poster = element("img");
    Object.assign(poster, { src: `/poster/${taker.movie_id}.svg`, alt: "", loading: "lazy" });
    button.append(poster, element("span", "", taker.label));
    button.onclick = () => open(taker.movie_id);
    row.append(button);
    list.append(row);
  }
  if (data.takers.length) made.append(list);
  return made;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".funnel");
  const stages = element("ol", "stages");
  stages.style.setProperty("--stages", data.bars.length);
  const most = Math.max(1, ...data.bars.map((bar) => bar.count));
  const [below, above] = ["drawing", "drawing above"].map((name) => drawn("svg", { class: name, "aria-hidden": "true" }));
  stages.append(below, ...data.bars.map((bar) => stage(bar, data.sources, most)), above);
  if (data.way) {
    stages.append(element("li", "end", data.way.end));
  }
  const legend = element("p", "legend");
  for (const source of data.sources) legend.append(named(source, source.left_out ? "chip left-out" : "chip"));
  root.replaceChildren(stages, legend, ...(data.fate.length ? [taken(data, (id) => setTriggerValue("opened", id))] : []));
  const watcher = new ResizeObserver(() => draw(stages, data));
  watcher.observe(stages);
  return () => watcher.disconnect();
}
