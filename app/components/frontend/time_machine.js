// One's own history, wound back and played: a slider, the chart of ranks, the list that glides. Text enters by textContent only.

const SVG = "http://www.w3.org/2000/svg";
const GLIDE = { duration: 450, easing: "cubic-bezier(.2, .8, .2, 1)" };
const FADE = { duration: 240, easing: "ease-out" };
const WHOLE = 40_000; // milliseconds that a long history takes to play
const [QUICKEST, SLOWEST] = [500, 1200]; // milliseconds per step
const PAD = { top: 10, right: 14, bottom: 24, left: 48 };
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const figure = (value) => value.toLocaleString("en");

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawn(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function poster(movie) {
  const made = element("img");
  made.alt = "";
  made.decoding = "async";
  made.src = `/poster/${movie}.svg`;
  return made;
}

// What stands on the page once; afterwards it is only told what is new.
function build(root) {
  const parts = {};
  const make = (name, tag, className) => (parts[name] = element(tag, className ?? name));
  const bar = element("div", "bar");
  make("play", "button").type = "button";
  const slider = make("slider", "input");
  slider.type = "range";
  slider.step = "1";
  slider.setAttribute("aria-label", "After how many of your ratings");
  bar.append(parts.play, slider, make("counter", "output"));
  const past = element("div", "past");
  const pair = element("div", "pair");
  pair.append(make("rated", "div", "event"), make("next", "div", "event next"));
  parts.chart = drawn("svg", { class: "chart", role: "img" });
  past.append(pair, make("axis", "p", "axis"), parts.chart);
  const list = element("div", "then");
  list.append(make("heading", "h4", "heading"), make("list", "ol", "list"));
  const body = element("div", "body");
  body.append(past, list);
  make("told", "p", "told").setAttribute("role", "status");
  root.replaceChildren(bar, body, parts.told);
  return { ...parts, cards: new Map(), step: null, timer: null };
}

function event(place, lead, movie, title, note, strong) {
  const words = element("div", "words");
  const name = element("b", "", title);
  name.dir = "auto";
  name.title = title;
  words.append(element("span", "lead", lead), name, element("span", strong ? "note strong" : "note", note));
  place.replaceChildren(...(movie === null ? [] : [poster(movie)]), words);
}

function card(movie, title, open) {
  const root = element("li");
  const button = element("button", "movie");
  button.type = "button";
  button.onclick = () => open(movie);
  const rank = element("span", "rank");
  const name = element("span", "title", title);
  name.dir = "auto";
  name.title = title;
  button.append(rank, poster(movie), name);
  root.append(button);
  const show = (place, comes) => {
    rank.textContent = place;
    button.classList.toggle("comes", comes);
    button.setAttribute("aria-label", `${place}. ${title}${comes ? ", which you rated next" : ""}`);
  };
  return { root, show };
}

// The list of a step: cards keep their identity and glide to their new places.
function place(machine, step, titles, open, move) {
  const { list } = machine;
  const origin = list.getBoundingClientRect();
  const from = new Map([...machine.cards].map(([movie, one]) => [movie, one.root.getBoundingClientRect()]));
  const next = new Map();
  step.items.forEach((movie, at) => {
    const one = machine.cards.get(movie) ?? card(movie, titles.get(movie), open);
    one.show(at + 1, movie === step.next);
    next.set(movie, one);
  });
  for (const [movie, { root }] of machine.cards) {
    if (next.has(movie)) continue;
    if (!move) {
      root.remove();
      continue;
    }
    const box = from.get(movie);
    root.inert = true;
    root.className = "gone";
    Object.assign(root.style, { left: `${box.left - origin.left}px`, top: `${box.top - origin.top}px`, width: `${box.width}px` });
    root.animate([{ opacity: 1 }, { opacity: 0, transform: "scale(.94)" }], { ...FADE, fill: "forwards" }).finished.finally(() => root.remove());
  }
  let before = list.firstElementChild;
  for (const { root } of next.values()) {
    while (before?.className === "gone") before = before.nextElementSibling;
    if (root === before) before = before.nextElementSibling;
    else list.insertBefore(root, before);
  }
  machine.cards = next;
  if (!move) return;
  for (const [movie, { root }] of next) {
    root.getAnimations().forEach((animation) => animation.cancel());
    const [old, now] = [from.get(movie), root.getBoundingClientRect()];
    const [x, y] = old ? [old.left - now.left, old.top - now.top] : [0, 0];
    if (!old) root.animate([{ opacity: 0, transform: "scale(.94)" }, { opacity: 1, transform: "none" }], GLIDE);
    else if (x || y) root.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], GLIDE);
  }
}

// Ranks on a logarithmic axis, 1 at the top; hollow where popularity spoke for the model.
function draw(machine, data) {
  const { chart } = machine;
  const { width, height } = chart.getBoundingClientRect();
  if (!width) return;
  const { steps } = data;
  const worst = Math.max(data.first, ...steps.map((step) => step.rank ?? 1));
  const x = (at) => PAD.left + ((width - PAD.left - PAD.right) * at) / Math.max(1, steps.length - 1);
  const y = (rank) => PAD.top + ((height - PAD.top - PAD.bottom) * Math.log(rank)) / Math.log(worst);
  const parts = [drawn("rect", { class: "near", x: PAD.left, y: PAD.top, width: width - PAD.left - PAD.right, height: y(data.first) - PAD.top })];
  for (let tick = 1; tick <= worst; tick *= 10) {
    parts.push(drawn("line", { class: "grid", x1: PAD.left, x2: width - PAD.right, y1: y(tick), y2: y(tick) }));
    parts.push(drawn("text", { x: PAD.left - 8, y: y(tick) + 4, "text-anchor": "end" }, figure(tick)));
  }
  parts.push(drawn("text", { x: PAD.left, y: height - 4 }, `rating ${figure(steps[0].known)}`));
  parts.push(drawn("text", { x: width - PAD.right, y: height - 4, "text-anchor": "end" }, figure(steps.at(-1).known)));
  const known = steps.map((step, at) => ({ ...step, at })).filter((step) => step.rank !== null);
  const path = known.map((step, n) => `${n && known[n - 1].at === step.at - 1 ? "L" : "M"}${x(step.at).toFixed(1)},${y(step.rank).toFixed(1)}`);
  parts.push(drawn("line", { class: "cursor", x1: 0, x2: 0, y1: PAD.top, y2: height - PAD.bottom }));
  parts.push(drawn("path", { class: "line", d: path.join("") }));
  const size = steps.length > 60 ? 2.5 : 4;
  for (const step of known) parts.push(drawn("circle", { class: step.fallback ? "dot hollow" : "dot", cx: x(step.at), cy: y(step.rank), r: size }));
  parts.push(drawn("circle", { class: "now", r: 8 }));
  chart.replaceChildren(...parts);
  machine.at = (step) => [x(step), steps[step].rank === null ? null : y(steps[step].rank)];
  machine.under = (pixels) => Math.round(((pixels - PAD.left) / (width - PAD.left - PAD.right)) * (steps.length - 1));
  point(machine);
}

function point(machine) {
  if (!machine.at) return;
  const [x, y] = machine.at(machine.step);
  const [cursor, now] = [machine.chart.querySelector(".cursor"), machine.chart.querySelector(".now")];
  for (const end of ["x1", "x2"]) cursor.setAttribute(end, x);
  now.setAttribute("cx", x);
  now.setAttribute("cy", y ?? 0);
  now.style.visibility = y === null ? "hidden" : "visible";
}

function told(step, titles, data) {
  const after = `After ${figure(step.known)} of ${figure(data.total)} ratings, ${titles.get(step.rated)} the last`;
  if (step.next === null) return after;
  return `${after}; ${titles.get(step.next)} came next${step.rank === null ? "" : `, at rank ${figure(step.rank)}`}`;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".machine");
  const machine = (root.machine ??= build(root));
  const titles = new Map(data.titles);
  const last = data.steps.length - 1;
  const { play, slider, counter, chart } = machine;
  root.style.setProperty("--model", data.colour);

  const show = (at, spoken = true) => {
    const step = data.steps[at];
    const move = machine.step !== null && !still();
    machine.step = at;
    slider.value = at;
    slider.style.setProperty("--filled", `${last ? (100 * at) / last : 100}%`);
    slider.setAttribute("aria-valuetext", told(step, titles, data));
    counter.textContent = `${figure(step.known)} of ${figure(data.total)}`;
    event(machine.rated, "You had just rated", step.rated, titles.get(step.rated), `${step.stars} ★`, false);
    if (step.next === null) event(machine.next, "Next", null, "What will you rate?", "the list is today’s", false);
    else {
      const rank = step.rank === null ? "rated before" : `${step.fallback ? "popularity" : data.model} had it at ${figure(step.rank)}`;
      event(machine.next, `Then you rated (${step.next_stars} ★)`, step.next, titles.get(step.next), rank, step.rank !== null && step.rank <= data.first);
    }
    machine.heading.replaceChildren(element("i"), step.fallback ? `Popularity: ${step.fallback}` : `${data.model} would have shown`);
    machine.heading.firstChild.style.clipPath = data.clip;
    place(machine, step, titles, (movie) => setTriggerValue("opened", movie), move);
    point(machine);
    if (spoken) machine.told.textContent = told(step, titles, data);
  };
  const pause = () => {
    clearInterval(machine.timer);
    machine.timer = null;
    play.setAttribute("aria-label", "Play your history");
    play.classList.remove("on");
  };
  const start = () => {
    if (machine.step === last) show(0, false);
    play.setAttribute("aria-label", "Pause");
    play.classList.add("on");
    const pace = Math.min(SLOWEST, Math.max(QUICKEST, WHOLE / data.steps.length));
    machine.timer = setInterval(() => {
      if (!root.isConnected) return pause();
      if (machine.step < last) show(machine.step + 1, machine.step + 1 === last);
      if (machine.step === last) pause();
    }, pace);
  };
  const go = (at) => {
    pause();
    const wanted = Math.min(last, Math.max(0, at));
    if (wanted !== machine.step) show(wanted);
  };

  slider.min = 0;
  slider.max = last;
  slider.oninput = () => go(Number(slider.value));
  play.onclick = () => (machine.timer === null ? start() : pause());
  root.onkeydown = (event) => {
    if (event.key !== " " || event.target !== slider) return;
    event.preventDefault();
    play.click();
  };
  const drag = (event) => machine.under && go(machine.under(event.clientX - chart.getBoundingClientRect().left));
  chart.onpointerdown = (event) => {
    chart.setPointerCapture(event.pointerId);
    drag(event);
  };
  chart.onpointermove = (event) => event.buttons && drag(event);
  chart.setAttribute("aria-label", `Rank that ${data.model} gave to the movie that you rated next, rating by rating; the slider reads them out`);
  machine.axis.textContent = `Rank of what you rated next, 1 at the top; the band is the first ${figure(data.first)}`;

  const again = machine.step === null || machine.total !== data.total;
  if (again) pause();
  machine.total = data.total;
  show(again ? last : Math.min(machine.step, last), false);
  machine.watcher?.disconnect();
  machine.watcher = new ResizeObserver(() => draw(machine, data));
  machine.watcher.observe(chart);
}
