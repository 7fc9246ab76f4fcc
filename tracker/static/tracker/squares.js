// Escape takes away the name of the square under the pointer or in focus, until another one is met (WCAG 1.4.13).
(() => {
  const root = document.documentElement;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") root.classList.add("names-off");
  });
  for (const name of ["pointerover", "focusin"]) {
    addEventListener(name, (event) => {
      if (event.target instanceof Element && event.target.closest("a.sq")) root.classList.remove("names-off");
    });
  }
})();
