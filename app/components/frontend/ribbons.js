// Lists side by side, with a ribbon from a title in one column to the same title in the next. Text enters by textContent only.

const SVG = "http://www.w3.org/2000/svg";

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function shape(column) {
  const made = element("i");
  made.style.background = column.colour;
  made.style.clipPath = column.clip;
  made.setAttribute("aria-hidden", "true");
  return made;
}

function card(movie, column, columns, open) {
  const made = element("button", movie.only ? "only" : "");
  made.type = "button";
  made.dataset.movie = movie.movie_id;
  made.style.setProperty("--model", column.colour);
  const poster = element("img");
  poster.src = `/poster/${movie.movie_id}.svg`;
  poster.alt = "";
  poster.loading = "lazy";
  const words = element("span", "words");
  const title = element("span", "title", `${movie.rank}. ${movie.title}`);
  title.title = movie.title;
  title.dir = "auto";
  words.append(title);
  const why = [movie.only ? "only here" : "", movie.reason || ""].filter(Boolean).join(" · ");
  if (why) {
    const line = element("span", "why");
    if (movie.only) line.append(element("i", movie.reason ? "lead" : "", movie.reason ? "only here · " : "only here"));
    line.append(movie.reason || "");
    line.title = why;
    words.append(line);
  }
  const also = element("span", "also");
  for (const [place, rank] of movie.also) {
    const near = Math.abs(place - columns.indexOf(column)) === 1; // a ribbon says it already, where there is room for one
    also.append(element("span", near ? "near" : "", `${columns[place].name} ${rank}`));
  }
  const shared = movie.also.map(([place, rank]) => `${columns[place].name} has it at ${rank}`).join(", ");
  made.setAttribute("aria-label", [`${movie.rank}. ${movie.label}`, why, shared].filter(Boolean).join(", "));
  words.append(also);
  made.append(poster, words);
  made.onclick = () => open(movie.movie_id);
  return made;
}

function draw(stage, columns) {
  const svg = stage.querySelector(".ribbons");
  svg.replaceChildren();
  const origin = stage.getBoundingClientRect();
  const lists = [...stage.querySelectorAll("section")].map(
    (section) => new Map([...section.querySelectorAll("button")].map((button) => [button.dataset.movie, button])),
  );
  for (let left = 0; left + 1 < lists.length; left += 1) {
    for (const [movie, from] of lists[left]) {
      const to = lists[left + 1].get(movie);
      if (!to) continue;
      const [a, b] = [from.getBoundingClientRect(), to.getBoundingClientRect()];
      const [x1, x2] = [a.right - origin.left + 2, b.left - origin.left - 2];
      const [y1, y2] = [a.top + a.height / 2 - origin.top, b.top + b.height / 2 - origin.top];
      const bend = (x2 - x1) / 2;
      const path = document.createElementNS(SVG, "path");
      path.setAttribute("d", `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`);
      path.setAttribute("stroke", columns[left + 1].colour);
      path.dataset.movie = movie;
      svg.append(path);
    }
  }
}

function follow(stage) {
  const light = (event) => {
    const movie = event.target.closest?.("button")?.dataset.movie;
    stage.classList.toggle("focus", movie !== undefined);
    for (const one of stage.querySelectorAll("[data-movie]")) one.classList.toggle("lit", one.dataset.movie === movie);
  };
  const dark = () => light({ target: stage });
  stage.addEventListener("pointerover", (event) => event.pointerType === "mouse" && light(event));
  stage.addEventListener("pointerleave", dark);
  stage.addEventListener("focusin", (event) => event.target.matches(":focus-visible") && light(event));
  stage.addEventListener("focusout", dark);
}

export default function ({ data, parentElement, setTriggerValue }) {
  const { columns } = data;
  const viewport = parentElement.querySelector(".viewport");
  const scrolled = viewport.scrollLeft;
  const stage = element("div", "stage");
  stage.style.setProperty("--columns", columns.length);
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "ribbons");
  svg.setAttribute("aria-hidden", "true");
  stage.append(svg);
  for (const column of columns) {
    const section = element("section");
    section.setAttribute("aria-label", column.name);
    const heading = element("h3", "", column.name);
    heading.append(shape(column));
    const head = element("header");
    head.append(heading, element("p", "", column.note));
    const list = element("ol");
    for (const movie of column.movies) {
      const row = element("li");
      row.append(card(movie, column, columns, (id) => setTriggerValue("opened", id)));
      list.append(row);
    }
    section.append(head, list);
    stage.append(section);
  }
  follow(stage);
  viewport.replaceChildren(stage);
  viewport.scrollLeft = scrolled;
  const watcher = new ResizeObserver(() => draw(stage, columns));
  watcher.observe(stage);
  return () => watcher.disconnect();
}
