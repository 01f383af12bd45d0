// One small poster per model. A click stays in the page; a new tab gets the address. Text enters by textContent only.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function pick(one, open) {
  const link = element("a", "pick");
  link.href = one.address;
  link.title = one.label;
  link.style.setProperty("--model", one.colour);
  link.style.setProperty("--shape", one.clip);
  link.setAttribute("aria-label", `${one.model}: ${one.label}`);
  if (one.chosen) link.setAttribute("aria-current", "true");
  const poster = element("img");
  poster.src = `/poster/${one.movie_id}.svg`;
  poster.alt = "";
  poster.loading = "lazy";
  const line = element("span", "line");
  line.append(element("i"), element("span", "name", one.model));
  link.append(poster, line);
  link.onclick = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(one.slug);
  };
  const item = element("li");
  item.append(link);
  return item;
}

export default function ({ data, parentElement, setTriggerValue }) {
  parentElement.querySelector("h2").textContent = data.heading;
  const row = parentElement.querySelector(".picks");
  row.replaceChildren(...data.picks.map((one) => pick(one, (slug) => setTriggerValue("opened", slug))));
}
