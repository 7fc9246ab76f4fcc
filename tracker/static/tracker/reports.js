// Where very many reports come in: find the number that a signed stamp asks for, in place of a minute's wait.
(async () => {
  const form = document.querySelector('form[data-stamp]');
  if (!form || !window.crypto?.subtle) return;
  const { stamp, bits } = form.dataset, text = new TextEncoder();
  for (let number = 0; ; number++) {
    const hash = await crypto.subtle.digest('SHA-256', text.encode(`${stamp}:${number}`));
    if (new DataView(hash).getUint32(0) >>> (32 - bits) === 0) {
      form.elements.proof.value = number;
      return;
    }
  }
})();
