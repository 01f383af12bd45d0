// Loss and validation by epoch, one panel each. The panels stay and take the new points. Text enters by textContent only.

const SVG = "http://www.w3.org/2000/svg";
const PAD = { top: 10, right: 12, bottom: 22, left: 8 };

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

function draw(svg, points) {
  const { width, height } = svg.getBoundingClientRect();
  if (!width) return;
  const [first, last] = [points[0][0], points.at(-1)[0]];
  const values = points.map((point) => point[1]);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (epoch) => PAD.left + ((width - PAD.left - PAD.right) * (epoch - first)) / Math.max(1, last - first);
  const y = (value) => PAD.top + (height - PAD.top - PAD.bottom) * (high > low ? (high - value) / (high - low) : 0.5);
  const path = points.map(([epoch, value], at) => `${at ? "L" : "M"}${x(epoch).toFixed(1)},${y(value).toFixed(1)}`).join("");
  svg.replaceChildren(
    drawn("line", { class: "ground", x1: PAD.left, x2: width - PAD.right, y1: height - PAD.bottom, y2: height - PAD.bottom }),
    drawn("path", { class: "line", d: path }),
    drawn("circle", { class: "now", cx: x(last), cy: y(values.at(-1)), r: 5 }),
    drawn("text", { x: PAD.left, y: height - 4 }, `epoch ${first}`),
    ...(last > first ? [drawn("text", { x: width - PAD.right, y: height - 4, "text-anchor": "end" }, String(last))] : []),
  );
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".curves");
  const known = (root.known ??= new Map());
  root.style.setProperty("--model", data.colour);
  for (const panel of data.panels) {
    let one = known.get(panel.name);
    if (!one) {
      const figure = element("figure");
      const caption = element("figcaption");
      one = { caption, svg: drawn("svg", { role: "img" }) };
      figure.append(caption, one.svg);
      root.append(figure);
      one.watcher = new ResizeObserver(() => draw(one.svg, one.points));
      known.set(panel.name, one);
    }
    one.points = panel.points;
    one.caption.replaceChildren(element("span", "", panel.name), element("b", "", panel.now), element("small", "", panel.note));
    one.svg.setAttribute("aria-label", `${panel.name} of ${data.model} by epoch, now ${panel.now}, ${panel.note}`);
    one.watcher.observe(one.svg);
    draw(one.svg, one.points);
  }
}
