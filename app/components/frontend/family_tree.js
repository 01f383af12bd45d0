// The family tree: pills are buttons on a stage of fixed size that is enlarged to the page's width, lines are one SVG below them.
// A click opens a model's card, a second one switches to it; arrows move from pill to pill. Text enters by textContent only.

const SVG = "http://www.w3.org/2000/svg";
const PHONE = 700;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function sign(member, size) {
  const made = element("i");
  Object.assign(made.style, { background: member.colour, clipPath: member.clip, width: `${size}px`, height: `${size}px` });
  made.setAttribute("aria-hidden", "true");
  return made;
}

function pill(member, box, tall) {
  const made = element(member.block ? "button" : "span", member.block ? "pill" : "pill ancestor");
  made.dataset.id = member.id;
  made.style.cssText = `left:${box.x}px;top:${box.y}px;width:${box.width}px`;
  const mark = element("b", "mark");
  if (member.block) {
    made.type = "button";
    made.style.setProperty("--model", member.colour);
    made.classList.toggle("trained", member.trained);
    made.title = `${member.sentence} (${member.block}, ${member.year})`;
    made.setAttribute("aria-label", `${member.name}, ${member.year}, ${member.block}, ${member.trained ? "trained" : "not trained yet"}, ${member.said}`);
    mark.append(sign(member, member.size));
  } else {
    made.title = `${member.name}: an ancestor that is not in this house`;
    mark.append(element("i", "root"));
  }
  made.append(mark, element("span", "name", member.name));
  return made;
}

// Between two rows where somebody stands in between, or the line would seem to come from them. Else from the end of the parent to the beginning of the child; from below or above the parent's sign where there is no room to go around.
function curve(a, b, row, tall, between) {
  if (tall) {
    const [x1, y1, x2, y2] = [a.x + a.width / 2, a.y + row * 0.36, b.x + b.width / 2, b.y - row * 0.36];
    const bend = Math.max(14, (y2 - y1) * 0.5);
    return `M${x1},${y1} C${x1},${y1 + bend} ${x2},${y2 - bend} ${x2},${y2}`;
  }
  const end = a.x + a.width;
  if (between) {
    const lane = a.y - row / 2;
    return `M${end},${a.y} C${end + 10},${a.y} ${end + 4},${lane} ${end + 18},${lane} L${b.x - 18},${lane} C${b.x - 4},${lane} ${b.x - 10},${b.y} ${b.x},${b.y}`;
  }
  if (b.x - end >= 10) {
    const bend = Math.max(10, Math.min((b.x - end) * 0.6, 120));
    return `M${end},${a.y} C${end + bend},${a.y} ${b.x - bend},${b.y} ${b.x},${b.y}`;
  }
  const [x, y] = [a.x + 16, a.y + Math.sign(b.y - a.y) * row * 0.42];
  return `M${x},${y} C${x},${(y + 2 * b.y) / 3} ${b.x - 22},${b.y} ${b.x},${b.y}`;
}

function lines(members, drawing, tall) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const boxes = Object.values(drawing.boxes);
  svg.setAttribute("viewBox", `0 0 ${drawing.width} ${drawing.height}`);
  for (const member of members) {
    for (const parent of member.parents) {
      const path = document.createElementNS(SVG, "path");
      const [a, b] = [drawing.boxes[parent], drawing.boxes[member.id]];
      const between = a.y === b.y && boxes.some((one) => one.y === a.y && one.x > a.x && one.x < b.x);
      path.setAttribute("d", curve(a, b, drawing.row, tall, between));
      path.style.stroke = member.colour;
      Object.assign(path.dataset, { parent, child: member.id });
      svg.append(path);
    }
  }
  return svg;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function tick(className, text, style) {
  const made = element("span", className, text);
  made.style.cssText = style;
  return made;
}

// Everybody that one can reach by `next`, itself included.
function reached(start, next) {
  const found = new Set([start]);
  const waiting = [start];
  while (waiting.length) for (const one of next(waiting.pop())) if (!found.has(one)) found.add(one) && waiting.push(one);
  return found;
}

function relatives(members, id) {
  const by = new Map(members.map((member) => [member.id, member]));
  const up = reached(id, (one) => by.get(one).parents);
  const down = reached(id, (one) => members.filter((member) => member.parents.includes(one)).map((member) => member.id));
  return new Set([...up, ...down]);
}

function light(stage, lit) {
  stage.classList.toggle("dimming", lit !== null);
  for (const one of stage.querySelectorAll(".pill")) one.classList.toggle("lit", lit !== null && lit.has(one.dataset.id));
  for (const one of stage.querySelectorAll("path")) one.classList.toggle("lit", lit !== null && lit.has(one.dataset.parent) && lit.has(one.dataset.child));
}

function nearest(pills, from, key) {
  const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  const here = from.getBoundingClientRect();
  const far = (one) => {
    const box = one.getBoundingClientRect();
    const [x, y] = [box.left - here.left, box.top + box.height / 2 - here.top - here.height / 2];
    const along = x * dx + y * dy;
    return along > 2 ? along + 3 * Math.abs(x * dy + y * dx) : Infinity;
  };
  return pills.filter((one) => far(one) < Infinity).sort((one, other) => far(one) - far(other))[0];
}

function about(member, chosen, answer) {
  const made = element("aside", "about");
  made.setAttribute("role", "status");
  const said = element("p");
  const name = element("b", "", member.name);
  said.append(sign(member, 14), name, ` ${member.authors} ${member.year}. `, member.sentence, element("small", "", ` ${member.said}`));
  const acts = element("div", "acts");
  const now = member.id === chosen;
  const go = element("button", "go", now ? `${member.name} answers now` : member.trained ? `Switch to ${member.name}` : "Not trained yet");
  go.type = "button";
  go.disabled = now || !member.trained;
  go.onclick = () => answer("picked", member.id);
  const full = element("button", "full", "Card in full ↓");
  full.type = "button";
  full.onclick = () => {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    document.querySelector(".st-key-model_panel")?.scrollIntoView({ behavior, block: "start" });
  };
  const close = element("button", "close", "×");
  close.type = "button";
  close.setAttribute("aria-label", "Close the card");
  close.onclick = () => answer("opened", "");
  acts.append(go, full, close);
  made.append(said, acts);
  return made;
}

function draw(root, data) {
  const tall = root.clientWidth < PHONE;
  const drawing = data.drawings[tall ? 1 : 0];
  const scroller = element("div", "scroller");
  const stage = element("div", tall ? "stage tall" : "stage");
  const held = element("div", "held");
  const scale = Math.max(root.clientWidth / drawing.width, tall ? 0 : 0.93);
  stage.style.cssText = `width:${drawing.width}px;height:${drawing.height}px;scale:${scale};--row:${drawing.row}px`;
  held.style.cssText = `width:${drawing.width * scale}px;height:${drawing.height * scale}px`;
  for (const { text, begin, end } of drawing.years) stage.append(tick("year", text, tall ? `top:${begin}px;height:${end - begin}px` : `left:${begin}px;width:${end - begin}px`));
  drawing.lanes.forEach(({ text, begin, end }) => stage.append(tick("lane", capital(text.replaceAll("_", " ")), `top:${begin}px;height:${end - begin}px`)));
  stage.append(lines(data.members, drawing, tall));
  for (const member of data.members) stage.append(pill(member, drawing.boxes[member.id], tall));
  held.append(stage);
  scroller.append(held);
  return scroller;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tree");
  const by = new Map(data.members.map((member) => [member.id, member]));
  const shape = JSON.stringify([data.members, data.drawings]);
  const resting = data.asked && by.has(data.asked) ? relatives(data.members, data.asked) : data.lit && new Set(data.lit);
  const show = (lit) => light(root.querySelector(".stage"), lit);

  function dress() {
    const pills = [...root.querySelectorAll("button.pill")];
    for (const one of pills) {
      const { id } = one.dataset;
      one.classList.toggle("asked", id === data.asked);
      one.classList.toggle("now", id === data.chosen);
      one.setAttribute("aria-pressed", String(id === data.asked));
    }
    const first = pills.find((one) => one.dataset.id === data.asked) || pills.find((one) => one.dataset.id === data.chosen) || pills[0];
    for (const one of pills) one.tabIndex = one === first ? 0 : -1;
    show(resting);
    root.querySelector(".about")?.remove();
    if (by.get(data.asked)?.block) root.append(about(by.get(data.asked), data.chosen, setTriggerValue));
  }

  function build() {
    const focused = root.getRootNode().activeElement?.dataset?.id;
    const left = root.querySelector(".scroller")?.scrollLeft || 0;
    root.replaceChildren(draw(root, data));
    root.querySelector(".scroller").scrollLeft = left;
    Object.assign(root.dataset, { width: root.clientWidth });
    root.drawn = shape;
    dress();
    if (focused) root.querySelector(`.pill[data-id="${CSS.escape(focused)}"]`)?.focus();
  }

  if (root.drawn !== shape) build();
  else dress();

  root.onclick = (event) => {
    const one = event.target.closest("button.pill");
    if (!one) return;
    const { id } = one.dataset;
    if (id !== data.asked) setTriggerValue("opened", id);
    else if (by.get(id).trained && id !== data.chosen) setTriggerValue("picked", id);
  };
  root.onpointerover = (event) => {
    const one = event.target.closest(".pill");
    if (one && event.pointerType === "mouse") show(relatives(data.members, one.dataset.id));
  };
  root.onpointerout = (event) => event.target.closest(".pill") && show(resting);
  root.onfocusin = (event) => event.target.matches(".pill:focus-visible") && show(relatives(data.members, event.target.dataset.id));
  root.onfocusout = () => show(resting);
  root.onkeydown = (event) => {
    if (!event.target.matches("button.pill") || !event.key.startsWith("Arrow")) return;
    const to = nearest([...root.querySelectorAll("button.pill")], event.target, event.key);
    event.preventDefault();
    if (!to) return;
    for (const one of root.querySelectorAll("button.pill")) one.tabIndex = one === to ? 0 : -1;
    to.focus();
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const watcher = new ResizeObserver(() => Math.abs(root.clientWidth - Number(root.dataset.width)) > 1 && build());
  watcher.observe(root);
  return () => watcher.disconnect();
}
