// Ratings by month: poster, title, stars in halves, remove. One slider per row, drawn as stars. Text enters by textContent only.

const PAUSE = 500; // milliseconds after the last arrow key until the stars are kept

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function slider(row, ask) {
  const made = element("input", "stars");
  Object.assign(made, { type: "range", min: "0.5", max: "5", step: "0.5" });
  made.setAttribute("aria-label", `Stars for ${row.title}`);
  let kept = row.stars;
  let pointed = false;
  let waiting;
  const show = (value) => {
    made.value = value;
    made.style.setProperty("--filled", `${value * 20}%`);
    made.setAttribute("aria-valuetext", `${value} stars`);
  };
  const keep = () => {
    clearTimeout(waiting);
    const value = Number(made.value);
    if (value !== kept) ask({ movie_id: row.movie_id, stars: (kept = value) });
  };
  // A click means the half star under the finger; the slider itself would round to the nearest step of its own range.
  const under = (event) => {
    const box = made.getBoundingClientRect();
    return Math.min(5, Math.max(0.5, Math.ceil(((event.clientX - box.left) / box.width) * 10) / 2));
  };
  made.onpointerdown = () => { pointed = true; };
  made.onpointermove = (event) => { if (pointed && event.buttons) show(under(event)); };
  made.onclick = (event) => { if (event.detail) { show(under(event)); pointed = false; keep(); } };
  made.oninput = () => {
    if (pointed) return;
    show(Number(made.value));
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  };
  made.onblur = keep;
  show(kept);
  return made;
}

function line(row, ask) {
  const made = element("li");
  const open = element("button", "open");
  open.type = "button";
  open.setAttribute("aria-label", `Open ${row.title}`);
  const poster = element("img");
  Object.assign(poster, { src: `/poster/${row.movie_id}.svg`, alt: "", loading: "lazy" });
  const words = element("span", "words");
  const title = element("span", "title", row.title);
  title.dir = "auto";
  words.append(title, element("span", "note", row.note));
  open.append(poster, words);
  open.onclick = () => ask({ movie_id: row.movie_id, opened: true });
  const remove = element("button", "remove", "×");
  remove.type = "button";
  remove.title = "Remove this rating";
  remove.setAttribute("aria-label", `Remove the rating of ${row.title}`);
  remove.onclick = () => ask({ movie_id: row.movie_id, stars: null });
  made.append(open, slider(row, ask), remove);
  return made;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".groups");
  const ask = (what) => setTriggerValue("asked", what);
  const focused = root.contains(root.getRootNode().activeElement) ? root.getRootNode().activeElement.getAttribute("aria-label") : null;
  root.replaceChildren(
    ...data.groups.map((group) => {
      const section = element("section");
      const list = element("ol");
      list.append(...group.rows.map((row) => line(row, ask)));
      section.append(element("h3", "", group.heading), list);
      return section;
    }),
  );
  if (focused) [...root.querySelectorAll("[aria-label]")].find((one) => one.getAttribute("aria-label") === focused)?.focus();
}
