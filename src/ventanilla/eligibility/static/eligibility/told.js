// Ventanilla: beside a consultation, the entries that the reasons marked suggest come first, as they are marked.
const form = document.querySelector('[data-attend]');

function suggest() {
  const panel = form.querySelector('[data-told]');
  if (!panel) return;
  const marked = new Set([...form.querySelectorAll('[data-reveals]:checked')].map((mark) => mark.name.slice(2, 38)));
  const list = panel.querySelector('[data-suggested]');
  for (const row of panel.querySelectorAll('li[data-reasons]')) {
    const isSuggested = row.dataset.reasons.split(' ').some((reason) => marked.has(reason));
    const home = panel.querySelector(`[data-list="${row.dataset.of}"]`);
    if (isSuggested && row.parentElement !== list) list.append(row);
    if (!isSuggested && row.parentElement === list) home.prepend(row);
  }
  list.parentElement.hidden = !list.children.length;
}

form.addEventListener('change', suggest);
document.body.addEventListener('htmx:afterSwap', suggest);
