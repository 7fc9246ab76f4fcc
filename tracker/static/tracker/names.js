// Gives the boxes that select2 draws, and the fields in a table of evidence, the names that they stand for.
(() => {
  const words = (field) => {
    const last = field.name.split("-").pop();
    const label = field.id && document.querySelector(`label[for="${field.id}"]`);
    const head = field.closest("td") && field.closest("table").querySelector(`th.column-${last}`);
    return (label || head)?.textContent.trim().replace(/:$/, "") || last;
  };
  const name = (select) => {
    const box = select.parentElement.querySelector(".select2");
    for (const part of box ? box.querySelectorAll("[role=combobox], [role=textbox], .select2-search__field") : []) {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", words(select));
    }
  };
  const all = () => {
    // A list that holds a search box is none, and the empty head above the row handles is no head.
    document.querySelectorAll("ul.select2-selection__rendered, th.original").forEach((each) => {
      each.setAttribute("role", "presentation");
    });
    document.querySelectorAll("select.admin-autocomplete").forEach(name);
    for (const field of document.querySelectorAll(".tabular td :is(input, select, textarea):not([type=hidden])")) {
      if (!field.closest(".select2")) field.setAttribute("aria-label", words(field));
    }
  };
  // select2 draws its boxes when the document is ready, and anew when a value is chosen or a row is added.
  new MutationObserver(all).observe(document.body, { childList: true, subtree: true });
  all();
})();
