// What a button that stands behind a text does: it copies that. Without script the style shows no such button.
document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("button[data-copies]");
  if (!button) return;
  const text = document.getElementById(button.dataset.copies);
  try {
    await navigator.clipboard.writeText(text.value ?? text.textContent);
    button.textContent = button.dataset.done;
  } catch {
    // Where nothing may be copied by itself, the text is chosen for the reader to copy.
    if (text.select) text.select();
    else getSelection().selectAllChildren(text);
  }
});
