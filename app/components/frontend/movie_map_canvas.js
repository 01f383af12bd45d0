// How the map is drawn: movies as small lights, the visitor's way through them, names where there is room. A canvas knows no markup.

const TAU = 2 * Math.PI;
const GROUND = "#0b0c11";
const BULB = "#f2a33a";
const INK = "#f4efe6";
const HEATS = 32; // shades from dark to glowing
const NAMED = 400; // movies that are tried for a name, the best known first
const LONGEST = 34; // letters of a name
const [PAD, SIDE] = [36, 72]; // pixels above and below the whole map, and beside it
const FONT = "Inter, system-ui, sans-serif";

function mixed(from, to, share) {
  const part = (colour, at) => parseInt(colour.slice(at, at + 2), 16);
  return `#${[1, 3, 5].map((at) => Math.round(part(from, at) + (part(to, at) - part(from, at)) * share).toString(16).padStart(2, "0")).join("")}`;
}

// One light of a colour and a size, drawn once and stamped thousands of times: as it is, since to scale it each time costs most of a frame.
function light(colour, size) {
  const made = new OffscreenCanvas(size, size);
  const pen = made.getContext("2d");
  const middle = size / 2;
  const ray = pen.createRadialGradient(middle, middle, 0, middle, middle, middle);
  ray.addColorStop(0, mixed(colour, "#ffffff", 0.55));
  ray.addColorStop(0.2, colour);
  ray.addColorStop(0.34, `${colour}d0`);
  ray.addColorStop(0.46, `${colour}38`);
  ray.addColorStop(1, `${colour}00`);
  pen.fillStyle = ray;
  pen.fillRect(0, 0, size, size);
  return made;
}

function heat(share) {
  return share < 0.6 ? mixed("#2a2622", "#a4661f", share / 0.6) : mixed("#a4661f", "#ffc46b", (share - 0.6) / 0.4);
}

const heats = Array.from({ length: HEATS }, (_, at) => heat(at / (HEATS - 1)));

// From the plane to the screen and back.
function lens(map) {
  const { width, height, view } = map;
  const [across, down] = [(width - (width < 560 ? PAD : 2 * SIDE)) * view.zoom, (height - 2 * PAD) * view.zoom];
  return {
    x: (value) => width / 2 + (value - view.x) * across,
    y: (value) => height / 2 + (value - view.y) * down,
    plane: (x, y) => [view.x + (x - width / 2) / across, view.y + (y - height / 2) / down],
  };
}

// What each movie looks like: its light, its size, and who lies above whom.
function dress(map) {
  const { stars, data } = map;
  const warm = data.colour === "model";
  map.colours = warm ? heats : data.groups.map((group) => group.colour);
  map.lights = map.colours.map(() => []);
  map.shade = warm ? Uint8Array.from(stars.heat, (value) => Math.round((value / 255) * (HEATS - 1))) : stars.group;
  const grown = warm ? (at) => 0.5 + 2.8 * (stars.heat[at] / 255) ** 1.5 : (at) => 0.75 + 2.5 * stars.fame[at];
  map.size = Float32Array.from(stars.ids, (_, at) => grown(at));
  map.order = Uint32Array.from(stars.ids.keys()).sort((one, other) => map.size[one] - map.size[other]);
}

function paint(map) {
  const { pen, width, height, view, stars, density, lights, shade } = map;
  const { x, y } = lens(map);
  const began = performance.now();
  pen.setTransform(map.density, 0, 0, map.density, 0, 0);
  pen.globalAlpha = 1;
  pen.fillStyle = GROUND;
  pen.fillRect(0, 0, width, height);
  const grown = 2.1 * view.zoom ** 0.42 * Math.min(1.25, Math.max(0.8, width / 900));
  const only = map.data.colour === "genre" ? map.only : null;
  let [drawn, alpha] = [0, 1];
  pen.setTransform(1, 0, 0, 1, 0, 0);
  for (const at of map.order) {
    const seen = stars.seen[at] * (only === null || only === stars.group[at] ? 1 : 0.06);
    if (seen < 0.01) continue;
    const [px, py, size] = [x(stars.x[at]), y(stars.y[at]), map.size[at] * grown * 2.4];
    if (px < -size || py < -size || px > width + size || py > height + size) continue;
    if (seen !== alpha) pen.globalAlpha = alpha = seen;
    const dots = Math.max(4, Math.round(size * density));
    const stamp = (lights[shade[at]][dots] ??= light(map.colours[shade[at]], dots));
    pen.drawImage(stamp, Math.round(px * density - dots / 2), Math.round(py * density - dots / 2));
    drawn += 1;
  }
  pen.globalAlpha = 1;
  pen.setTransform(density, 0, 0, density, 0, 0);
  const taken = map.covered();
  const ways = way(map, x, y);
  for (const stop of ways) taken.push([stop.x - 12, stop.y - 12, stop.x + 12, stop.y + 12]);
  rings(map, x, y);
  names(map, x, y, grown, taken);
  for (const stop of ways) station(pen, stop);
  map.canvas.dataset.drawn = drawn;
  map.canvas.dataset.milliseconds = (performance.now() - began).toFixed(1);
}

// The visitor's ratings in their order: a line that glows, brighter towards today. Returns the stations that have room.
function way(map, x, y) {
  const { pen, stars } = map;
  const stops = map.path.filter(({ at }) => stars.seen[at] > 0.5).map((stop) => ({ ...stop, x: x(stars.x[stop.at]), y: y(stars.y[stop.at]) }));
  pen.lineCap = "round";
  for (const [thick, bright] of [[9, 0.1], [4, 0.22], [1.8, 0.85]]) {
    pen.lineWidth = thick;
    for (let n = 1; n < stops.length; n += 1) {
      pen.strokeStyle = thick < 2 ? "#ffd9a0" : BULB;
      pen.globalAlpha = bright * (0.25 + (0.75 * n) / stops.length) * (stops.length > 60 ? 0.5 : 1);
      const [from, to] = [stops[n - 1], stops[n]];
      const bend = 0.14 * (n % 2 ? 1 : -1);
      pen.beginPath();
      pen.moveTo(from.x, from.y);
      pen.quadraticCurveTo((from.x + to.x) / 2 - (to.y - from.y) * bend, (from.y + to.y) / 2 + (to.x - from.x) * bend, to.x, to.y);
      pen.stroke();
    }
  }
  pen.globalAlpha = 1;
  const free = [];
  for (const stop of stops.toReversed()) {
    if (free.every((other) => Math.hypot(other.x - stop.x, other.y - stop.y) > 21)) free.push(stop);
  }
  return free;
}

function station(pen, stop) {
  pen.beginPath();
  pen.arc(stop.x, stop.y, 10, 0, TAU);
  pen.fillStyle = "#1b140b";
  pen.fill();
  pen.lineWidth = 2;
  pen.strokeStyle = BULB;
  pen.stroke();
  pen.fillStyle = "#ffd9a0";
  pen.font = `700 ${stop.number > 99 ? 9 : 11}px ${FONT}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(stop.number, stop.x, stop.y + 0.5);
}

// Around the model's first ten, and around the movie that was looked for.
function rings(map, x, y) {
  const { pen, stars } = map;
  const ring = (at, radius, colour, thick) => {
    if (at === undefined || stars.seen[at] < 0.5) return;
    pen.beginPath();
    pen.arc(x(stars.x[at]), y(stars.y[at]), radius, 0, TAU);
    pen.lineWidth = thick;
    pen.strokeStyle = colour;
    pen.stroke();
  };
  if (map.data.colour === "model") for (const at of map.top) ring(at, 9, "#ffe3b8", 1.8);
  if (map.selected !== null) {
    ring(map.selected, 13, INK, 2.5);
    ring(map.selected, 18, `${INK}55`, 1.5);
  }
}

const widths = new Map();

// Pixels that a text takes in the pen's font; worked out once, since every drawing asks for hundreds.
function wide(pen, text) {
  const key = `${pen.font}${text}`;
  if (!widths.has(key)) widths.set(key, pen.measureText(text).width);
  return widths.get(key);
}

// Names that do not lie upon each other: what was looked for, the first ten or the visitor's own, then the best known.
function names(map, x, y, grown, taken) {
  const { pen, width, height, stars, data } = map;
  const letters = Math.round((width < 560 ? 12 : 13.5) * map.large);
  const only = data.colour === "genre" ? map.only : null;
  const most = Math.round((width * height) / 17_000 / map.large) + Math.min(40, map.view.zoom * 2);
  const wanted = [];
  if (map.selected !== null) wanted.push([map.selected, INK, "", true]);
  if (data.colour === "model") map.top.forEach((at, n) => wanted.push([at, "#ffd590", `${n + 1}  `, true]));
  for (const stop of map.path.toReversed()) wanted.push([stop.at, "#ffd9a0", "", false, `  ${stop.stars} ★`]);
  const marked = new Set(wanted.map(([at]) => at));
  if (data.colour === "genre" || !map.top.length) {
    let tried = 0;
    for (const at of stars.famous) {
      if (marked.has(at) || (only !== null && stars.group[at] !== only)) continue;
      const [px, py] = [x(stars.x[at]), y(stars.y[at])];
      if (px < 0 || py < 0 || px > width || py > height) continue;
      if ((tried += 1) > NAMED) break;
      wanted.push([at, "#d8d3c9", "", false]);
    }
  }
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  let [written, began] = [0, new Set()];
  for (const [at, colour, lead, bold, trail = ""] of wanted) {
    if (stars.seen[at] < 0.5 || began.has(at)) continue;
    if (written >= most && !marked.has(at)) break;
    const title = stars.titles[at].length > LONGEST ? `${stars.titles[at].slice(0, LONGEST).replace(/\W*\s\S*$/u, "")} …` : stars.titles[at];
    const text = `${lead}${title}${trail}`;
    pen.font = `${bold ? 700 : 550} ${letters}px ${FONT}`;
    const long = wide(pen, text);
    const gap = marked.has(at) ? 15 : map.size[at] * grown * 0.55 + 4;
    const [px, py] = [x(stars.x[at]), y(stars.y[at])];
    const spots = [[px + gap, py], [px - gap - long, py], [px - long / 2, py - gap - letters / 2], [px - long / 2, py + gap + letters / 2]];
    const half = letters * 0.62;
    const spot = spots.find(([left, middle]) => {
      if (left < 4 || left + long > width - 4 || middle < half || middle > height - half) return false;
      return taken.every((box) => left > box[2] + 5 || left + long < box[0] - 5 || middle - half > box[3] || middle + half < box[1]);
    });
    if (!spot) continue;
    taken.push([spot[0], spot[1] - half, spot[0] + long, spot[1] + half]);
    began.add(at);
    written += 1;
    pen.lineWidth = 4;
    pen.strokeStyle = `${GROUND}e6`;
    pen.strokeText(text, ...spot);
    pen.fillStyle = colour;
    pen.fillText(text, ...spot);
  }
}
