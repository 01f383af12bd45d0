// What pointer, fingers, keys and words do to the map, and how the page tells it what is new.

function legend(map) {
  const { data, stars } = map;
  if (data.colour === "model") {
    const scale = element("p", "scale");
    scale.append(element("span", "", "last"), element("i"), element("span", "", `first on ${data.model}’s list for you`));
    map.legend.replaceChildren(scale);
    return;
  }
  const present = new Set(stars.group);
  const made = data.groups.map((group, place) => {
    const one = button("", group.name);
    one.prepend(element("i"));
    one.style.setProperty("--light", group.colour);
    one.setAttribute("aria-pressed", String(map.only === place));
    one.hidden = !present.has(place);
    one.onclick = () => {
      map.only = map.only === place ? null : place;
      map.legend.querySelectorAll("button").forEach((other, at) => other.setAttribute("aria-pressed", String(map.only === at)));
      refresh(map);
    };
    return one;
  });
  map.legend.replaceChildren(...made);
}

function search(map) {
  const { input, found, stars } = map;
  const wanted = plainly(input.value.trim());
  const fits = (key) => (key.startsWith(wanted) ? 2 : key.includes(` ${wanted}`) ? 1 : 0);
  const hits = wanted ? stars.famous.filter((at) => fits(stars.keys[at])).slice(0, 200) : [];
  hits.sort((one, other) => fits(stars.keys[other]) - fits(stars.keys[one]));
  const rows = hits.slice(0, FOUND).map((at) => {
    const [row, pick] = [element("li"), button("", label(stars, at))];
    pick.dir = "auto";
    pick.onclick = () => {
      [input.value] = [""];
      found.replaceChildren();
      choose(map, at, true);
      map.send("chosen", stars.ids[at]);
      map.canvas.focus({ preventScroll: true });
    };
    row.append(pick);
    return row;
  });
  if (wanted && !rows.length) rows.push(element("li", "none", "No such title on the map"));
  found.replaceChildren(...rows);
}

function listen(map) {
  const { canvas, input, found, root, frame } = map;
  const fingers = new Map();
  let [travelled, spread] = [0, 0];
  const here = (event) => {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  const full = () => (root.getRootNode().fullscreenElement ?? document.fullscreenElement) !== null;
  canvas.onpointerdown = (event) => {
    if (!fingers.size) travelled = 0;
    fingers.set(event.pointerId, here(event));
    if (event.pointerType === "mouse") canvas.setPointerCapture(event.pointerId);
    spread = 0;
  };
  canvas.onpointermove = (event) => {
    if (!map.stars) return;
    const [x, y] = here(event);
    const before = fingers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") hover(map, under(map, x, y));
      return;
    }
    fingers.set(event.pointerId, [x, y]);
    travelled += Math.abs(x - before[0]) + Math.abs(y - before[1]);
    if (travelled < 5) return;
    hover(map, null);
    const [fromX, fromY] = lens(map).plane(...before);
    const [toX, toY] = lens(map).plane(x, y);
    const share = 1 / fingers.size;
    look(map, { ...map.view, x: map.view.x - (toX - fromX) * share, y: map.view.y - (toY - fromY) * share }, false);
    if (fingers.size === 2) {
      const [[oneX, oneY], [otherX, otherY]] = fingers.values();
      const apart = Math.hypot(oneX - otherX, oneY - otherY);
      if (spread) enlarge(map, apart / spread, (oneX + otherX) / 2, (oneY + otherY) / 2);
      spread = apart;
    }
  };
  canvas.onpointerup = (event) => {
    const lone = fingers.size === 1 && fingers.delete(event.pointerId);
    fingers.delete(event.pointerId);
    if (!lone || travelled >= 5 || !map.stars) return;
    const at = under(map, ...here(event));
    if (event.pointerType === "mouse" && at !== null) map.send("opened", map.stars.ids[at]);
    else if (event.pointerType !== "mouse" && at !== map.selected) {
      choose(map, at);
      map.send("chosen", at === null ? 0 : map.stars.ids[at]);
    }
  };
  canvas.onpointercancel = (event) => fingers.delete(event.pointerId);
  canvas.onpointerleave = () => hover(map, null);
  canvas.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!(event.ctrlKey || event.metaKey || full())) return say(map, "Ctrl and the wheel bring you closer, or two fingers");
      event.preventDefault();
      enlarge(map, Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0022)), ...here(event));
    },
    { passive: false },
  );
  canvas.ondblclick = (event) => enlarge(map, 2 * STEP, ...here(event), true);
  canvas.onkeydown = (event) => {
    const far = 0.16 / map.view.zoom;
    const to = { ArrowLeft: [-far, 0], ArrowRight: [far, 0], ArrowUp: [0, -far], ArrowDown: [0, far] }[event.key];
    if (to) look(map, { ...map.view, x: map.view.x + to[0], y: map.view.y + to[1] });
    else if (event.key === "+" || event.key === "=") enlarge(map, STEP, undefined, undefined, true);
    else if (event.key === "-") enlarge(map, 1 / STEP, undefined, undefined, true);
    else if (event.key === "0") look(map, { zoom: 1, x: 0.5, y: 0.5 });
    else if (event.key === "Enter" && map.selected !== null) map.send("opened", map.stars.ids[map.selected]);
    else return;
    event.preventDefault();
  };
  map.closer.onclick = () => enlarge(map, STEP, undefined, undefined, true);
  map.farther.onclick = () => enlarge(map, 1 / STEP, undefined, undefined, true);
  map.whole.onclick = () => look(map, { zoom: 1, x: 0.5, y: 0.5 });
  map.full.onclick = () => (full() ? document.exitFullscreen() : root.requestFullscreen());
  input.oninput = () => map.stars && search(map);
  input.onkeydown = (event) => {
    if (event.key === "Enter") found.querySelector("button")?.click();
    else if (event.key === "ArrowDown") found.querySelector("button")?.focus();
    else if (event.key === "Escape") [input.value] = [""], found.replaceChildren();
    else return;
    event.preventDefault();
  };
  found.onkeydown = (event) => {
    const next = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!next) return;
    (event.target.closest("li")[next]?.querySelector("button") ?? input).focus();
    event.preventDefault();
  };
  frame.addEventListener("focusout", (event) => !frame.contains(event.relatedTarget) && found.replaceChildren());
  new ResizeObserver(() => {
    Object.assign(map, { width: frame.clientWidth, height: frame.clientHeight, density: Math.min(2, devicePixelRatio || 1), large: full() ? 1.35 : 1 });
    Object.assign(canvas, { width: map.width * map.density, height: map.height * map.density });
    refresh(map);
  }).observe(frame);
}

// Take in what the page says: another map, other colours, a longer way, another movie.
function update(map, data) {
  const { stars } = map;
  const before = map.data;
  map.data = data;
  const heats64 = atob(data.heat);
  stars.items.forEach((item, at) => (stars.heat[at] = heats64.charCodeAt(item)));
  map.path = data.path.map(([item, rating], n) => ({ at: stars.of.get(item), stars: rating, number: n + 1 })).filter(({ at }) => at !== undefined);
  map.top = data.top.map((item) => stars.of.get(item)).filter((at) => at !== undefined);
  map.ranks = new Map(map.top.map((at, n) => [at, n + 1]));
  dress(map);
  legend(map);
  map.canvas.setAttribute("aria-label", data.name);
  map.root.dataset.by = data.by;
  map.root.dataset.colour = data.colour;
  if (before?.by !== data.by) settle(map, data.by, before !== undefined);
  const chosen = data.selected === null ? null : (stars.named.get(data.selected) ?? null);
  if (chosen !== map.selected || before?.by !== data.by) choose(map, chosen, chosen !== null);
  refresh(map);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".map");
  const map = (root.map ??= build(root));
  if (!map.send) listen(map);
  map.send = setTriggerValue;
  map.newest = data;
  if (map.url !== data.url) {
    map.url = data.url;
    fetched(data.url).then(
      (stars) => {
        Object.assign(map, { stars, data: undefined, selected: null });
        update(map, map.newest);
      },
      () => say(map, "The map could not be fetched just now; reload the page to try again."),
    );
  } else if (map.stars) update(map, data);
}
