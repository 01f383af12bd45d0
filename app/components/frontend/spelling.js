// A movie's name, written token by token: after each token fewer movies are left. Text enters by textContent only.

const PACE = 1400; // milliseconds per token while it plays
const figure = (value) => value.toLocaleString("en");

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function percent(value) {
  if (value >= 0.995) return "100 %";
  if (value >= 0.1) return `${Math.round(100 * value)} %`;
  if (value >= 0.0001) return `${Number((100 * value).toPrecision(1))} %`;
  return "< 0.01 %";
}

function once(value) {
  return value >= 0.1 ? percent(value) : `1 in ${figure(Number((1 / value).toPrecision(2)))}`;
}

// What stands on the page once; afterwards it is only told what is new.
function build(root) {
  const parts = {};
  const make = (name, tag, className) => (parts[name] = element(tag, className ?? name));
  make("names", "div").setAttribute("role", "radiogroup");
  parts.names.setAttribute("aria-label", "Which movie is written");
  const bar = element("div", "bar");
  for (const [name, label] of [["play", "Write it"], ["back", "One token back"], ["on", "One token on"]]) {
    make(name, "button").type = "button";
    parts[name].setAttribute("aria-label", label);
    bar.append(parts[name]);
  }
  bar.append(make("line", "p"));
  make("tokens", "ol");
  make("told", "p").setAttribute("role", "status");
  root.replaceChildren(parts.names, bar, parts.tokens, parts.told);
  return { ...parts, chosen: 0, step: 0, timer: null };
}

function left(step) {
  return step.possible === 1 ? "only this movie is left" : `${figure(step.possible)} movies begin so`;
}

function token(step, at, name) {
  const decided = at > 0 && name.steps[at - 1].possible === 1;
  const root = element("li", "token");
  const word = element("div", "word");
  word.append(element("small", "", `token ${at + 1}`), element("b", "", String(step.token)));
  const chance = element("div", "chance");
  const track = element("i");
  track.style.setProperty("--share", `${100 * step.probability}%`);
  chance.append(element("span", "", `probability ${percent(step.probability)}`), track);
  const rest = element("div", "rest");
  rest.append(element("strong", "", decided ? "no other way to go on" : left(step)));
  const examples = decided ? [] : step.possible === 1 ? [name.title] : step.examples;
  if (examples.length) {
    const titles = element("ul");
    for (const title of examples) {
      const one = element("li", "", title);
      one.dir = "auto";
      one.title = title;
      titles.append(one);
    }
    rest.append(titles);
  }
  root.append(word, chance, rest);
  return root;
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".spelling");
  const panel = (root.panel ??= build(root));
  const { names } = data;
  root.style.setProperty("--model", data.colour);
  root.setAttribute("aria-label", `How ${data.model} writes`);

  const show = (spoken) => {
    const name = names[panel.chosen];
    const { steps } = name;
    [...panel.tokens.children].forEach((one, at) => one.classList.toggle("written", at < panel.step));
    panel.back.disabled = panel.step === 0;
    panel.on.disabled = panel.step === steps.length;
    const so_far = steps.slice(0, panel.step).map((step) => step.token).join(" · ");
    const chance = steps.slice(0, panel.step).reduce((whole, step) => whole * step.probability, 1);
    const line = panel.step === 0 ? "Nothing is written yet: every movie is possible." : panel.step < steps.length ? `${so_far} … so far ${once(chance)}` : `${so_far} is ${name.title}: ${once(chance)}`;
    panel.line.textContent = line;
    if (spoken) panel.told.textContent = panel.step ? `${line}; ${left(steps[panel.step - 1])}` : line;
  };
  const pause = () => {
    clearInterval(panel.timer);
    panel.timer = null;
    panel.play.setAttribute("aria-label", "Write it");
    panel.play.classList.remove("playing");
  };
  const go = (step) => {
    pause();
    panel.step = Math.min(names[panel.chosen].steps.length, Math.max(0, step));
    show(true);
  };
  const choose = (at) => {
    pause();
    panel.chosen = at;
    const name = names[at];
    [...panel.names.children].forEach((one, n) => {
      one.setAttribute("aria-checked", String(n === at));
      one.tabIndex = n === at ? 0 : -1;
    });
    panel.tokens.style.setProperty("--count", name.steps.length);
    panel.tokens.replaceChildren(...name.steps.map((step, n) => token(step, n, name)));
    panel.step = name.steps.length;
    show(false);
  };

  panel.play.onclick = () => {
    if (panel.timer !== null) return pause();
    if (panel.step === names[panel.chosen].steps.length) panel.step = 0;
    show(true);
    panel.play.setAttribute("aria-label", "Pause");
    panel.play.classList.add("playing");
    panel.timer = setInterval(() => {
      if (!root.isConnected) return pause();
      panel.step += 1;
      show(true);
      if (panel.step === names[panel.chosen].steps.length) pause();
    }, PACE);
  };
  panel.back.onclick = () => go(panel.step - 1);
  panel.on.onclick = () => go(panel.step + 1);
  panel.names.onkeydown = (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    choose((panel.chosen + by + names.length) % names.length);
    panel.names.children[panel.chosen].focus();
  };

  const said = JSON.stringify(names);
  if (panel.said === said) return;
  panel.said = said;
  panel.names.replaceChildren(
    ...names.map((name, at) => {
      const one = element("button", "name");
      one.type = "button";
      one.setAttribute("role", "radio");
      const poster = element("img");
      poster.alt = "";
      poster.src = `/poster/${name.movie}.svg`;
      const title = element("span", "title", name.title);
      title.dir = "auto";
      one.append(poster, title);
      one.title = name.title;
      one.onclick = () => choose(at);
      return one;
    }),
  );
  choose(0);
}
