// Posters with half stars. Cards keep their identity from list to list and glide to their new places. Text enters by textContent only.

const GLIDE = { duration: 450, easing: "cubic-bezier(.2, .8, .2, 1)" };
const FADE = { duration: 240, easing: "ease-out" };
const DRAG = 8; // pixels a finger must move before it draws stars instead of tapping one
const VALUES = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function button(className, text) {
  const made = element("button", className, text);
  made.type = "button";
  return made;
}

const label = (card) => (card.year === null ? card.title : `${card.title} (${card.year})`);
const counted = (value) => (value === 1 ? "1 star" : `${value} stars`);
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The stars of one movie: a radio group of ten halves. Arrows only try a value, Enter, Space, a digit or a click gives it:
// otherwise the first arrow key would rate half a star and the list would move on.
function stars(card, act) {
  const group = element("div", "stars");
  group.id = `rate_${card.movie_id}`;
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", `Your stars for ${card.title}`);
  let value = null;
  let finger = null;

  const halves = VALUES.map((worth) => {
    const half = button("half");
    half.setAttribute("role", "radio");
    half.setAttribute("aria-label", `${counted(worth)} for ${card.title}`);
    half.dataset.value = worth;
    group.append(half);
    return half;
  });

  const paint = (shown, trying) => {
    group.classList.toggle("trying", trying);
    for (const half of halves) half.classList.toggle("on", shown !== null && Number(half.dataset.value) <= shown);
  };
  const show = (next) => {
    value = next;
    paint(value, false);
    for (const half of halves) half.setAttribute("aria-checked", String(Number(half.dataset.value) === value));
    const current = halves[Math.max(0, VALUES.indexOf(value))];
    for (const half of halves) half.tabIndex = half === current ? 0 : -1;
  };
  const give = (next) => {
    if (next === value) return paint(value, false);
    show(next);
    group.classList.remove("set");
    void group.offsetWidth;
    group.classList.add("set");
    act("rate", card.movie_id, next);
  };
  const at = (event) => {
    const box = group.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    return VALUES[Math.min(9, Math.max(0, Math.floor(share * 10)))];
  };

  group.addEventListener("click", (event) => {
    const half = event.target.closest(".half");
    if (!half || finger?.drawn) return;
    const worth = Number(half.dataset.value);
    const whole = Math.ceil(worth);
    if (event.pointerType === "touch") give(value === whole ? whole - 0.5 : whole); // a second tap on a star halves it
    else if (worth !== value) give(worth);
    else if (event.detail < 2) give(null); // the same star again takes it away; a double click is no second wish
  });
  group.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse" && event.target.dataset.value) paint(Number(event.target.dataset.value), true);
  });
  group.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && paint(value, false));
  group.addEventListener("pointerdown", (event) => {
    finger = event.pointerType === "touch" ? { x: event.clientX, drawn: false } : null;
  });
  group.addEventListener("pointermove", (event) => {
    if (!finger || event.pointerType !== "touch") return;
    finger.drawn ||= Math.abs(event.clientX - finger.x) > DRAG;
    if (finger.drawn) {
      group.setPointerCapture(event.pointerId);
      paint(at(event), true);
    }
  });
  group.addEventListener("pointerup", (event) => finger?.drawn && give(at(event)));
  group.addEventListener("pointercancel", () => {
    finger = null;
    paint(value, false);
  });
  group.addEventListener("keydown", (event) => {
    const now = halves.indexOf(event.target);
    if (now < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { ArrowRight: now + 1, ArrowUp: now + 1, ArrowLeft: now - 1, ArrowDown: now - 1, Home: 0, End: 9 };
    if (event.key in steps) {
      const next = halves[Math.min(9, Math.max(0, steps[event.key]))];
      for (const half of halves) half.tabIndex = half === next ? 0 : -1;
      next.focus();
      paint(Number(next.dataset.value), true);
    } else if (/^[1-5]$/.test(event.key)) give(Number(event.key));
    else if (event.key === "Delete" || event.key === "Backspace" || event.key === "0") give(null);
    else return;
    event.preventDefault();
  });
  group.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible") && event.target.dataset.value) paint(Number(event.target.dataset.value), true);
  });
  group.addEventListener("focusout", () => show(value));
  return { group, show };
}

function poster(card, act) {
  const made = button("poster");
  const image = element("img");
  image.alt = "";
  image.loading = "lazy";
  image.decoding = "async";
  image.draggable = false;
  image.onload = () => made.classList.add("drawn");
  image.onerror = () => {
    made.classList.add("failed");
    image.remove();
  };
  image.src = `/poster/${card.movie_id}.svg`;
  const name = element("span", "name", card.title);
  name.dir = "auto";
  made.append(name, image);
  made.onclick = () => act("open", card.movie_id, null);
  return made;
}

function difference(change) {
  if (change === "new") return ["change new", "NEW", "new in the list"];
  if (change > 0) return ["change up", `▲ ${change}`, `${change} up`];
  if (change < 0) return ["change down", `▼ ${-change}`, `${-change} down`];
  return ["change same", "=", "same place"];
}

// One card: made once for a movie, then only told what is new of it.
function make(card, act) {
  const root = element("li", "card");
  root.dataset.movie = card.movie_id;
  const open = poster(card, act);
  const rank = element("span", "rank");
  rank.setAttribute("aria-hidden", "true");
  const mark = element("span", "mark");
  mark.setAttribute("aria-hidden", "true");
  const row = element("div", "row");
  const rating = stars(card, act);
  const change = element("span");
  change.setAttribute("aria-hidden", "true");
  const clear = button("clear", "×");
  clear.setAttribute("aria-label", `Remove your stars from ${card.title}`);
  clear.title = "Remove your stars";
  clear.onclick = () => {
    act("rate", card.movie_id, null);
    rating.group.querySelector("[tabindex='0']").focus();
  };
  const why = element("p", "why");
  const skip = button("skip", "Not seen it");
  skip.setAttribute("aria-label", `Not seen ${card.title}`);
  skip.onclick = () => act("skip", card.movie_id, null);
  row.append(rating.group);
  root.append(open, row);

  const show = (now) => {
    rating.show(now.stars);
    open.append(...(now.rank === null ? [] : [rank]));
    rank.textContent = now.rank;
    root.classList.toggle("marked", now.mark !== null);
    if (now.mark === null) mark.remove();
    else if (mark.parentNode !== open) open.append(mark);
    mark.textContent = now.mark ?? "";
    const told = now.change === null ? "" : difference(now.change)[2];
    const said = [now.rank === null ? "" : `rank ${now.rank}`, told, now.mark ?? "", now.reason ?? ""];
    open.setAttribute("aria-label", [`Open ${label(now)}`, ...said].filter(Boolean).join(", "));
    let side = null;
    if (now.stars !== null) side = clear;
    else if (now.change !== null) {
      [change.className, change.textContent] = difference(now.change);
      side = change;
    }
    for (const one of [clear, change]) if (one !== side) one.remove();
    if (side && side.parentNode !== row) row.append(side); // the stars stay in the row: taken out they would lose the focus
    const [lead, title = ""] = (now.reason ?? "").split(/(?<=^because of )/);
    const strong = element("b", "", title);
    strong.dir = "auto";
    why.replaceChildren(lead, strong);
    why.title = now.reason ?? "";
    const below = [...(now.reason === null ? [] : [why]), ...(now.skippable ? [skip] : [])];
    for (const one of [why, skip]) if (!below.includes(one)) one.remove();
    root.append(...below.filter((one) => one.parentNode !== root));
  };
  return { root, show };
}

// Put the cards into the grid's order, moving as few nodes as can be: a node that is moved loses its focus.
function arrange(grid, roots) {
  let next = grid.firstElementChild;
  for (const root of roots) {
    if (root === next) next = next.nextElementSibling;
    else grid.insertBefore(root, next);
  }
}

function leave(root, box, origin) {
  root.inert = true;
  root.classList.add("gone");
  Object.assign(root.style, {
    left: `${box.left - origin.left}px`,
    top: `${box.top - origin.top}px`,
    width: `${box.width}px`,
  });
  root.animate([{ opacity: 1 }, { opacity: 0, transform: "scale(.94)" }], { ...FADE, fill: "forwards" }).finished.finally(() => root.remove());
}

function place(grid, memory, cards, act) {
  const first = memory.cards.size === 0;
  const active = grid.getRootNode().activeElement;
  const holder = active?.closest(".card");
  const position = holder ? [...memory.cards.values()].findIndex((one) => one.root === holder) : -1;
  const from = new Map([...memory.cards].map(([id, one]) => [id, one.root.getBoundingClientRect()]));
  const origin = grid.getBoundingClientRect();

  const next = new Map();
  for (const card of cards) {
    const known = memory.cards.get(card.movie_id) ?? make(card, act);
    known.show(card);
    next.set(card.movie_id, known);
  }
  const gone = [...memory.cards].filter(([id]) => !next.has(id));
  memory.cards = next;
  for (const [id, one] of gone) {
    if (first || still()) one.root.remove();
    else leave(one.root, from.get(id), origin);
  }
  arrange(grid, [...next.values()].map((one) => one.root));

  if (holder && position >= 0) {
    const heir = [...next.values()].find((one) => one.root === holder) ?? [...next.values()][Math.min(position, next.size - 1)];
    const wanted = heir?.root === holder ? active : heir?.root.querySelector(active.classList.contains("half") ? ".half[tabindex='0']" : `.${active.className}`);
    wanted?.focus({ preventScroll: true });
  }
  if (first || still()) return;
  for (const [id, { root }] of next) {
    root.getAnimations().forEach((animation) => animation.cancel());
    const before = from.get(id);
    const after = root.getBoundingClientRect();
    const [x, y] = before ? [before.left - after.left, before.top - after.top] : [0, 0];
    if (!before) root.animate([{ opacity: 0, transform: "scale(.94)" }, { opacity: 1, transform: "none" }], GLIDE);
    else if (x || y) root.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], GLIDE);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const grid = parentElement.querySelector(".grid");
  const memory = (grid.memory ??= { cards: new Map(), waiting: [], last: 0 });
  memory.waiting = memory.waiting.filter((act) => act.number > data.answered);
  memory.last = Math.max(memory.last, data.answered);
  memory.send = (acts) => setTriggerValue("acts", acts);

  const act = (kind, movie, value) => {
    memory.last = Math.max(memory.last + 1, Date.now());
    memory.waiting.push({ number: memory.last, kind, movie_id: movie, stars: value });
    memory.send([...memory.waiting]);
    const card = memory.shown.find((one) => one.movie_id === movie);
    if (kind === "rate" && card) {
      card.stars = value; // the star is there before the server has answered
      memory.cards.get(movie)?.show(card);
      parentElement.querySelector(".told").textContent =
        value === null ? `Stars of ${card.title} removed` : `${counted(value)} for ${card.title}`;
    }
  };

  const asked = new Map(memory.waiting.filter((one) => one.kind === "rate").map((one) => [one.movie_id, one.stars]));
  memory.shown = data.cards.map((card) => (asked.has(card.movie_id) ? { ...card, stars: asked.get(card.movie_id) } : { ...card }));
  grid.id = data.name;
  place(grid, memory, memory.shown, act);
}
