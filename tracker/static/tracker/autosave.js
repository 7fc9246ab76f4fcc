// Keeps what is typed, a few seconds after each change, as the person's unsaved text; adds rows; saves a form once.
(() => {
  const says = document.querySelector("[data-kept]"), form = says?.closest("form");
  if (!form) return;
  const WAIT = 3000, AGAIN = 15000;
  let timer = 0, sent = "", busy = false;
  const text = () => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") data.append(name, value);
    data.append("_address", location.pathname + location.search);
    return data;
  };
  const own = (data) => [...data].filter(([name]) => name !== "csrfmiddlewaretoken").join("\n");
  sent = own(text());
  const say = (sentence, address) => {
    says.textContent = `${sentence} `;
    if (!address) return;
    const link = document.createElement("a");
    [link.href, link.target, link.textContent] = [address, "_blank", says.dataset.open];
    says.append(link);
  };
  const keep = async (leaving) => {
    const data = text(), now = own(data);
    if (busy || now === sent) return;
    busy = true;
    const answer = await fetch(says.dataset.kept, { method: "POST", body: data, keepalive: !!leaving && now.length < 30000 })
      .catch(() => null);
    const found = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    busy = false;
    if (found.token) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((each) => { each.value = found.token });
    if (found.signed_out) say(says.dataset.signedOut, says.dataset.signIn);
    else say(found.sentence || says.dataset.failed, found.became);
    if (answer?.ok) sent = now;
    else if (answer?.status !== 409) later(AGAIN);
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(keep, wait);
  };
  for (const event of ["input", "change"]) form.addEventListener(event, () => later(WAIT));
  setInterval(keep, AGAIN); // what a widget changed without saying so
  document.addEventListener("visibilitychange", () => document.hidden && keep(true));
  addEventListener("pagehide", () => keep(true));
  // Shown again by the Back button: it may have been saved since.
  addEventListener("pageshow", (event) => {
    form.removeAttribute("data-sent");
    if (event.persisted) {
      sent = "";
      keep();
    }
  });
  form.addEventListener("submit", (event) => {
    if (form.hasAttribute("data-sent")) return event.preventDefault();
    form.setAttribute("data-sent", "");
    clearTimeout(timer);
    sent = own(text());
    setTimeout(() => form.removeAttribute("data-sent"), 8000);
  });
  const more = form.querySelector("[name=_more]"), row = document.querySelector("template[data-row]");
  more?.addEventListener("click", (event) => {
    const total = form.querySelector("[name$=-TOTAL_FORMS]"), holder = form.querySelector("[data-rows]");
    if (!row || !total || !holder) return;
    event.preventDefault();
    const added = document.createElement("div");
    added.innerHTML = row.innerHTML.replaceAll("__prefix__", total.value);
    total.value = Number(total.value) + 1;
    holder.append(...added.children);
    const last = holder.lastElementChild;
    last.dispatchEvent(new Event("row-added", { bubbles: true }));
    last.querySelector("input:not([type=hidden])")?.focus();
  });
})();
