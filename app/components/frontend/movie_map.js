// The map of all movies under the hand: moved, enlarged, asked for names. Text enters by textContent only.

const GLIDE = 700; // milliseconds from one map to the other
const REACH = 14; // pixels from a movie at which it is meant
const DEEPEST = 60;
const [STEP, NEAR] = [1.6, 7]; // of a press on +; how far in one flies to a movie
const FOUND = 8;
const SIGNS = {
  Closer: "M10 4v12M4 10h12",
  Farther: "M4 10h12",
  "The whole map": "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  "Full screen": "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
};
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const eased = (share) => (share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2);
const plainly = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(className, text, name) {
  const made = element("button", className, text);
  made.type = "button";
  if (name) made.setAttribute("aria-label", name);
  return made;
}

// A sign that no font need have.
function sign(drawing) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  made.setAttribute("viewBox", "0 0 20 20");
  path.setAttribute("d", drawing);
  made.append(path);
  return made;
}

// What stands on the page once; afterwards it is only told what is new.
function build(root) {
  const canvas = element("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  const search = element("div", "find");
  const input = element("input");
  Object.assign(input, { type: "search", placeholder: "Find a movie", autocomplete: "off", spellcheck: false });
  input.setAttribute("aria-label", "Find a movie on the map");
  const found = element("ul", "found");
  search.append(input, found);
  const tools = element("div", "tools");
  const [closer, farther, whole, full] = Object.entries(SIGNS).map(([name, drawing]) => {
    const made = button("", "", name);
    made.append(sign(drawing));
    return made;
  });
  full.hidden = !document.fullscreenEnabled;
  tools.append(closer, farther, whole, full);
  const [tip, card, hint, legend] = [element("div", "tip"), element("div", "card"), element("p", "hint"), element("div", "legend")];
  hint.setAttribute("role", "status");
  const frame = element("div", "frame");
  frame.append(canvas, search, tools, tip, card, hint);
  root.replaceChildren(frame, legend);
  return { root, canvas, frame, input, found, closer, farther, whole, full, tip, card, hint, legend,
    pen: canvas.getContext("2d"), view: { x: 0.5, y: 0.5, zoom: 1 }, only: null, selected: null, top: [], path: [], large: 1,
    covered: () => [search, tools].map((part) => [part.offsetLeft, part.offsetTop, part.offsetLeft + part.offsetWidth, part.offsetTop + part.offsetHeight]) };
}

async function fetched(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${answer.status}`);
  const columns = await answer.json();
  const most = Math.sqrt(Math.max(1, ...columns.ratings));
  const laid = (steps) => Float32Array.from(steps, (step) => (step < 0 ? NaN : step / columns.fine));
  return {
    ...columns, group: Uint8Array.from(columns.groups), fame: Float32Array.from(columns.ratings, (count) => Math.sqrt(count) / most),
    famous: [...columns.ids.keys()].sort((one, other) => columns.ratings[other] - columns.ratings[one]),
    keys: columns.titles.map(plainly), of: new Map(columns.items.map((item, at) => [item, at])), named: new Map(columns.ids.map((id, at) => [id, at])),
    maps: { text: laid(columns.text), behaviour: laid(columns.behaviour) }, x: new Float32Array(columns.ids.length), y: new Float32Array(columns.ids.length),
    seen: new Float32Array(columns.ids.length), heat: new Uint8Array(columns.ids.length),
  };
}

const label = (stars, at) => (stars.years[at] ? `${stars.titles[at]} (${stars.years[at]})` : stars.titles[at]);

// Ask for one drawing, however often it is asked for before.
function refresh(map) {
  map.asked ??= requestAnimationFrame(() => {
    map.asked = null;
    if (map.stars && map.width) paint(map);
    pin(map);
  });
}

// Let something go on for a while: `step(share)` from 0 to 1.
function flow(map, name, milliseconds, step) {
  cancelAnimationFrame(map[name]);
  const began = performance.now();
  const go = (now) => {
    const share = milliseconds ? Math.min(1, Math.max(0, (now - began) / milliseconds)) : 1;
    step(eased(share));
    refresh(map);
    if (share < 1) map[name] = requestAnimationFrame(go);
  };
  go(began);
}

// All movies glide from where they are to their places on a map; those without one fade.
function settle(map, by, move) {
  const { stars } = map;
  const there = stars.maps[by];
  const [fromX, fromY, fromSeen] = [stars.x.slice(), stars.y.slice(), stars.seen.slice()];
  flow(map, "gliding", move && !still() ? GLIDE : 0, (share) => {
    for (let at = 0; at < stars.ids.length; at += 1) {
      const [x, y] = [there[2 * at], there[2 * at + 1]];
      const placed = !Number.isNaN(x);
      const [oldX, oldY] = fromSeen[at] > 0.01 || !placed ? [fromX[at], fromY[at]] : [x, y];
      stars.x[at] = placed ? oldX + (x - oldX) * share : oldX;
      stars.y[at] = placed ? oldY + (y - oldY) * share : oldY;
      stars.seen[at] = fromSeen[at] + ((placed ? 1 : 0) - fromSeen[at]) * share;
    }
  });
}

function look(map, view, move = true) {
  const from = { ...map.view };
  const to = { zoom: Math.min(DEEPEST, Math.max(1, view.zoom)), x: Math.min(1, Math.max(0, view.x)), y: Math.min(1, Math.max(0, view.y)) };
  if (to.zoom === 1) Object.assign(to, { x: 0.5, y: 0.5 });
  flow(map, "flying", move && !still() ? 420 : 0, (share) => {
    map.view = { zoom: from.zoom * (to.zoom / from.zoom) ** share, x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  });
}

// Enlarge so that what lies under a point of the screen stays there.
function enlarge(map, times, x = map.width / 2, y = map.height / 2, move = false) {
  const zoom = Math.min(DEEPEST, Math.max(1, map.view.zoom * times));
  const [planeX, planeY] = lens(map).plane(x, y);
  const shrunk = map.view.zoom / zoom;
  look(map, { zoom, x: planeX + (map.view.x - planeX) * shrunk, y: planeY + (map.view.y - planeY) * shrunk }, move);
}

function under(map, px, py) {
  const { stars } = map;
  const { x, y } = lens(map);
  let [best, least] = [null, REACH];
  for (const at of stars.ids.keys()) {
    if (stars.seen[at] < 0.5 || (map.only !== null && map.data.colour === "genre" && stars.group[at] !== map.only)) continue;
    const far = Math.hypot(x(stars.x[at]) - px, y(stars.y[at]) - py) - 4 * stars.fame[at];
    if (far < least) [best, least] = [at, far];
  }
  return best;
}

// The movie's name beside it, on the side where there is room.
function beside(map, place, at) {
  const { x, y } = lens(map);
  const [px, py] = [x(map.stars.x[at]), y(map.stars.y[at])];
  const [wide, high] = [place.offsetWidth, place.offsetHeight];
  place.style.left = `${Math.max(8, Math.min(map.width - wide - 8, px + 20 + wide > map.width ? px - wide - 20 : px + 20))}px`;
  place.style.top = `${Math.max(8, Math.min(map.height - high - 8, py - high / 2))}px`;
}

function told(map, at) {
  const rated = map.path.find((stop) => stop.at === at);
  const parts = [map.data.groups[map.stars.group[at]].name];
  if (rated) parts.unshift(`your ${rated.stars} ★`);
  else if (map.data.colour === "model" && map.ranks.has(at)) parts.unshift(`rank ${map.ranks.get(at).toLocaleString("en")} for you`);
  return parts.join(" · ");
}

function fill(map, place, at) {
  const name = element("b", "", label(map.stars, at));
  name.dir = "auto";
  place.replaceChildren(name, element("span", "", told(map, at)));
}

function hover(map, at) {
  if (map.over === at) return;
  map.over = at;
  map.canvas.style.cursor = at === null ? "" : "pointer";
  map.tip.classList.toggle("on", at !== null && at !== map.selected);
  if (at === null || at === map.selected) return;
  fill(map, map.tip, at);
  beside(map, map.tip, at);
}

// The card of the chosen movie moves with it.
function pin(map) {
  const { card, selected, stars } = map;
  const shown = selected !== null && stars && stars.seen[selected] > 0.5;
  card.classList.toggle("on", shown);
  if (shown) beside(map, card, selected);
}

function choose(map, at, fly) {
  map.selected = at;
  hover(map, null);
  if (at !== null) {
    fill(map, map.card, at);
    const [open, close] = [button("open", "Open"), button("close", "×", "Let go of this movie")];
    open.setAttribute("aria-label", `Open ${label(map.stars, at)}`);
    open.onclick = () => map.send("opened", map.stars.ids[at]);
    close.onclick = () => [choose(map, null), map.send("chosen", 0)];
    map.card.append(open, close);
    const [x, y] = [map.stars.maps[map.data.by][2 * at], map.stars.maps[map.data.by][2 * at + 1]];
    if (Number.isNaN(x)) say(map, `${map.stars.titles[at]} has no place on this map: ${map.data.placeless}.`);
    else if (fly) look(map, { zoom: Math.max(NEAR, map.view.zoom), x, y });
  }
  refresh(map);
}

function say(map, sentence) {
  map.hint.textContent = sentence;
  map.hint.classList.add("on");
  clearTimeout(map.saying);
  map.saying = setTimeout(() => map.hint.classList.remove("on"), 2600);
}
