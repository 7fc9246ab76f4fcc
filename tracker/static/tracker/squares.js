// Escape takes away the name of the square under the pointer or in focus, until another one is met (WCAG 1.4.13).
// A first press on a touch screen names the square; the second one leads away.
(() => {
  const root = document.documentElement;
  const squareOf = (event) => (event.target instanceof Element ? event.target.closest("a.sq") : null);
  let touched = false;
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") root.classList.add("names-off");
  });
  for (const name of ["pointerover", "focusin"]) {
    addEventListener(name, (event) => {
      if (squareOf(event)) root.classList.remove("names-off");
    });
  }
  addEventListener("pointerdown", (event) => {
    touched = event.pointerType === "touch";
  });
  addEventListener("click", (event) => {
    const square = squareOf(event);
    const named = document.querySelector("a.sq.named");
    if (named && named !== square) named.classList.remove("named");
    if (square && touched && !square.classList.contains("named")) {
      event.preventDefault();
      square.classList.add("named");
      square.focus();
    }
  });
})();
