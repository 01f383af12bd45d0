// One line of models; arrow keys move, Enter or a click chooses. The choice shows at once. Text enters by textContent only.

const MANY = 16;
const GAP = 8;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function pill(model) {
  const made = element("button", "pill");
  made.type = "button";
  made.dataset.model = model.slug;
  made.setAttribute("role", "radio");
  made.title = `${model.sentence} (${model.block})`;
  made.style.setProperty("--model", model.colour);
  const shape = element("i");
  shape.style.clipPath = model.clip;
  made.append(shape, element("span", "", model.name));
  return made;
}

// With more models than the eye runs through, a list of all, family by family, that is found in by typing.
function all(models) {
  const made = element("select", "all");
  made.setAttribute("aria-label", `All ${models.length} models`);
  const lead = element("option", "", `All ${models.length}`);
  lead.value = "";
  made.append(lead);
  for (const family of new Set(models.map((model) => model.family))) {
    const group = element("optgroup");
    group.label = family;
    for (const model of models.filter((one) => one.family === family)) {
      const option = element("option", "", model.name);
      option.value = model.slug;
      group.append(option);
    }
    made.append(group);
  }
  return made;
}

function mark(row, slug) {
  for (const one of row.querySelectorAll(".pill")) {
    const chosen = one.dataset.model === slug;
    one.setAttribute("aria-checked", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
  }
}

function reveal(row, slug, behavior) {
  const chosen = row.querySelector(`[data-model="${CSS.escape(slug)}"]`);
  if (!chosen) return;
  const all = row.querySelector(".all");
  // Where the list of all stays at the left, behind it: in the middle a neighbour would look out from under the list.
  const left = all && getComputedStyle(all).position === "sticky"
    ? chosen.offsetLeft - all.offsetWidth - GAP
    : chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  row.scrollTo({ left, behavior });
}

export default function ({ data, parentElement, setTriggerValue }) {
  const row = parentElement.querySelector(".switch");
  const drawn = data.models.map((model) => model.slug).join();
  const fresh = row.dataset.drawn !== drawn;
  if (fresh) {
    row.dataset.drawn = drawn;
    const parts = [];
    let family;
    for (const model of data.models) {
      if (family !== undefined && family !== model.family) parts.push(element("hr"));
      family = model.family;
      parts.push(pill(model));
    }
    const surprise = element("button", "surprise", "Surprise me");
    surprise.type = "button";
    surprise.title = "Switch to the model whose list differs most from this one";
    const end = element("div", "end");
    if (data.models.length > MANY) end.append(all(data.models));
    end.append(surprise);
    row.replaceChildren(...parts, end);
  }
  const still = fresh || matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (row.dataset.chosen !== data.chosen || fresh) reveal(row, data.chosen, still ? "instant" : "smooth");
  row.dataset.chosen = data.chosen;
  mark(row, data.chosen);
  row.querySelector(".surprise").hidden = data.models.length < 2;

  row.onclick = (event) => {
    const button = event.target.closest("button");
    if (button?.classList.contains("surprise")) setTriggerValue("surprise", true);
    else if (button && button.dataset.model !== row.dataset.chosen) {
      mark(row, button.dataset.model);
      setTriggerValue("picked", button.dataset.model);
    }
  };
  row.onchange = (event) => {
    const slug = event.target.value;
    event.target.value = "";
    if (!slug || slug === row.dataset.chosen) return;
    mark(row, slug);
    setTriggerValue("picked", slug);
  };
  row.onkeydown = (event) => {
    const pills = [...row.querySelectorAll(".pill")];
    const at = pills.indexOf(event.target);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: pills.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    pills[(to + pills.length) % pills.length].focus();
    event.preventDefault();
  };
}
