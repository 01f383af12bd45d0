// Posters with stars. Cards keep their identity: when the list changes they glide to their new ranks. Text enters by textContent only.

const GLIDE_MS = 450;
const HALVES = [0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5];

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function starRow(card, act) {
  const row = element("div", "stars");
  row.id = `rate_${card.movie_id}`;
  row.setAttribute("role", "radiogroup");
  row.setAttribute("aria-label", `Your stars for ${card.title}`);
  for (const value of HALVES) {
    const half = element("button", value % 1 ? "half left" : "half right");
    half.type = "button";
    half.dataset.stars = value;
    half.setAttribute("role", "radio");
    half.setAttribute("aria-label", `${value} ${value === 1 ? "star" : "stars"} for ${card.title}`);
    half.append(element("span", "", "★"));
    row.append(half);
  }
  const rate = (stars) => {
    row.dataset.pending = String(stars);
    paint(row, stars);
    act({ kind: "rate", movie_id: card.movie_id, stars });
  };
  const value = () => Number(row.dataset.value) || 0;
  row.onclick = (event) => {
    const half = event.target.closest("button");
    if (half) rate(Number(half.dataset.stars) === value() ? null : Number(half.dataset.stars));
  };
  row.onkeydown = (event) => {
    const step = { ArrowRight: 0.5, ArrowUp: 0.5, ArrowLeft: -0.5, ArrowDown: -0.5 }[event.key];
    const place = Number(event.target.dataset?.stars);
    if (step) focus(row, Math.min(5, Math.max(0.5, place + step)));
    else if (event.key === "Home") focus(row, 0.5);
    else if (event.key === "End") focus(row, 5);
    else if ((event.key === "Delete" || event.key === "Backspace") && value()) rate(null);
    else return;
    event.preventDefault();
  };
  row.onpointerover = (event) => event.pointerType === "mouse" && preview(row, Number(event.target.closest("button")?.dataset.stars) || null);
  row.onpointerleave = () => preview(row, null);
  return row;
}

function focus(row, stars) {
  const half = row.querySelector(`[data-stars="${stars}"]`);
  for (const other of row.children) other.tabIndex = other === half ? 0 : -1;
  half.focus();
  preview(row, stars);
}

function preview(row, stars) {
  const shown = stars ?? (Number(row.dataset.value) || 0);
  row.classList.toggle("preview", stars !== null);
  for (const half of row.children) half.classList.toggle("on", Number(half.dataset.stars) <= shown);
}

function paint(row, stars) {
  row.dataset.value = String(stars ?? 0);
  const rest = stars ?? 0.5;
  for (const half of row.children) {
    const chosen = Number(half.dataset.stars) === stars;
    half.setAttribute("aria-checked", String(chosen));
    half.tabIndex = Number(half.dataset.stars) === rest ? 0 : -1;
    half.title = chosen ? "Click again to take your stars away" : "";
  }
  preview(row, null);
}

function make(card, act) {
  const item = element("li", "card");
  item.dataset.movie = card.movie_id;
  const open = element("button", "poster");
  open.type = "button";
  open.onclick = () => act({ kind: "open", movie_id: card.movie_id });
  const image = element("img");
  image.src = `/poster/${card.movie_id}.svg`;
  image.alt = "";
  image.loading = "lazy";
  image.decoding = "async";
  open.append(image, element("span", "rank"));
  const line = element("div", "line");
  line.append(starRow(card, act), element("span", "change"));
  item.append(open, line, element("p", "why"));
  return item;
}

function fill(item, card, act) {
  const label = card.year ? `${card.title} (${card.year})` : card.title;
  const open = item.querySelector(".poster");
  open.setAttribute("aria-label", card.rank ? `${card.rank}. ${label}` : label);
  open.title = label;
  const rank = item.querySelector(".rank");
  rank.textContent = card.rank ?? "";
  rank.hidden = card.rank === null;
  const row = item.querySelector(".stars");
  paint(row, card.stars);
  const change = item.querySelector(".change");
  change.className = "change";
  change.textContent = "";
  change.removeAttribute("aria-label");
  if (card.change === "new") {
    change.classList.add("new");
    change.textContent = "NEW";
  } else if (card.change) {
    change.classList.add(card.change > 0 ? "up" : "down");
    change.textContent = `${card.change > 0 ? "▲" : "▼"} ${Math.abs(card.change)}`;
    change.setAttribute("role", "img");
    change.setAttribute("aria-label", `${card.change > 0 ? "up" : "down"} ${Math.abs(card.change)}`);
  }
  const why = item.querySelector(".why");
  why.replaceChildren();
  why.hidden = !card.reason;
  if (card.reason) {
    const [lead, ...rest] = card.reason.split(/(?<=^because of )/);
    why.append(lead, element("b", "", rest.join("")));
    why.title = card.reason;
    why.dir = "auto";
  }
  item.querySelector(".skip")?.remove();
  if (card.skippable) {
    const skip = element("button", "skip", "Not seen it");
    skip.type = "button";
    skip.setAttribute("aria-label", `Not seen ${card.title}`);
    skip.onclick = () => act({ kind: "skip", movie_id: card.movie_id });
    item.append(skip);
  }
}

function arrange(grid, cards, act) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches || !grid.children.length;
  const before = new Map([...grid.children].map((item) => [item.dataset.movie, item]));
  const places = new Map([...before].map(([movie, item]) => [movie, item.getBoundingClientRect()]));
  const focused = grid.getRootNode().activeElement;
  const items = cards.map((card) => {
    const item = before.get(String(card.movie_id)) ?? make(card, act);
    fill(item, card, act);
    return item;
  });
  grid.replaceChildren(...items);
  if (focused && grid.contains(focused)) focused.focus({ preventScroll: true });
  if (still) return;
  for (const item of items) {
    const from = places.get(item.dataset.movie);
    if (!from) {
      item.animate([{ opacity: 0, transform: "scale(.96)" }, { opacity: 1, transform: "none" }], { duration: GLIDE_MS, easing: "ease-out" });
      continue;
    }
    const to = item.getBoundingClientRect();
    const [x, y] = [from.left - to.left, from.top - to.top];
    if (x || y) item.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: GLIDE_MS, easing: "cubic-bezier(.2,.8,.2,1)" });
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  arrange(parentElement.querySelector(".grid"), data.cards, (event) => setTriggerValue("act", event));
}
