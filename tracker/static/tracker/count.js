// Says beside a text of limited length how much of it is used; the server counts, and the limit stands in the help.
(() => {
  for (const box of document.querySelectorAll("[data-most]")) {
    const most = Number(box.dataset.most), says = document.createElement("span");
    says.className = "count-of";
    box.after(says);
    const count = () => {
      const used = [...box.value.trim()].length;
      says.textContent = used > most / 2 ? `${used.toLocaleString("en")} / ${most.toLocaleString("en")}` : "";
      says.classList.toggle("over", used > most);
    };
    box.addEventListener("input", count);
    count();
  }
})();
