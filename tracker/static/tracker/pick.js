// Boxes that take a code or words: what fits is offered while one types. Without this, the words are looked up on sending.
(() => {
  const WAIT = 150;
  let count = 0;
  const set = (box) => {
    if (box.dataset.ready || box.closest("template")) return;
    box.dataset.ready = "yes";
    const list = document.createElement("ul");
    list.id = `offered-${count++}`;
    list.className = "offered";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels?.[0]?.textContent.trim() || "");
    list.hidden = true;
    box.after(list);
    for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"],
      ["aria-controls", list.id]]) box.setAttribute(name, value);
    let timer = 0, asked = 0, at = -1;
    const options = () => [...list.querySelectorAll("[role=option]")];
    const close = () => {
      list.hidden = true;
      at = -1;
      box.setAttribute("aria-expanded", "false");
      box.removeAttribute("aria-activedescendant");
    };
    const mark = (n) => {
      const all = options();
      if (!all.length) return;
      at = (n + all.length) % all.length;
      all.forEach((each, m) => each.setAttribute("aria-selected", String(m === at)));
      box.setAttribute("aria-activedescendant", all[at].id);
      all[at].scrollIntoView({ block: "nearest" });
    };
    const take = (option) => {
      box.value = option.dataset.text;
      close();
      box.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const offer = (results) => {
      list.replaceChildren(...results.map((each, n) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${n}`;
        item.dataset.text = each.text;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        const name = document.createElement("strong"), more = document.createElement("span");
        name.textContent = each.label;
        more.textContent = [each.detail, each.code].filter(Boolean).join(" · ");
        item.append(name, more);
        item.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(item);
        });
        return item;
      }));
      list.hidden = !results.length;
      at = -1;
      box.setAttribute("aria-expanded", String(!!results.length));
      if (results.length) mark(0);
    };
    const ask = async () => {
      const mine = ++asked, words = box.value.trim();
      if (!words) return close();
      const at = box.dataset.findAt;
      const address = `${at}${at.includes("?") ? "&" : "?"}kind=${box.dataset.find}&q=${encodeURIComponent(words)}`;
      const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
      if (mine !== asked || document.activeElement !== box || !answer?.ok || answer.redirected) return;
      offer((await answer.json()).results);
    };
    box.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    box.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) mark(at + step);
      else if (event.key === "Enter" && at >= 0) take(options()[at]);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
    });
    box.addEventListener("blur", () => {
      asked++;
      clearTimeout(timer);
      close();
    });
    box.addEventListener("focus", () => box.select());
  };
  const all = (root) => root.querySelectorAll("input[data-find]").forEach(set);
  all(document);
  document.addEventListener("row-added", (event) => all(event.target));
})();
