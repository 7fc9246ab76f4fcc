// Words that are selected in a paragraph of a plan go into the box for them. Without this they are pasted.
(() => {
  const box = document.getElementById("id_words");
  const text = box && document.getElementById(box.dataset.from);
  if (!text) return;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection ? selection.toString().trim() : "";
    if (words && selection.rangeCount && text.contains(selection.getRangeAt(0).commonAncestorContainer)) box.value = words;
  });
})();
