// Ventanilla: copies the message that reminds an hour. Without this file one selects it by hand.
for (const button of document.querySelectorAll('[data-copy]')) {
  const text = document.getElementById(button.dataset.copy);
  const label = button.querySelector('span');
  button.addEventListener('click', async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      label.textContent = 'Copiado';
    } catch {
      label.textContent = 'Cópielo con Ctrl C'; // it is selected already
    }
  });
}
