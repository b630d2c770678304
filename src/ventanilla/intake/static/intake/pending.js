// Ventanilla: marking rows of a list. How many are marked is said in the bar, which rests while none is.
const boxes = () => [...document.querySelectorAll('.table [name=line]')];
const all = document.querySelector('[data-mark-all]');
const bar = document.querySelector('[data-bulk]');

function tell() {
  const marked = boxes().filter((box) => box.checked).length;
  if (bar) {
    bar.hidden = marked === 0;
    bar.querySelector('b').textContent = marked === 1 ? '1 marcado' : `${marked} marcados`;
  }
  if (all) {
    all.checked = marked > 0 && marked === boxes().length;
    all.indeterminate = marked > 0 && !all.checked;
  }
}

document.addEventListener('change', (event) => {
  if (event.target === all) for (const box of boxes()) box.checked = all.checked;
  tell();
});

// With J and K the link of a row has the focus: the space bar marks that row, and the focus stays.
document.addEventListener('keydown', (event) => {
  if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.activeElement?.matches('a.title') ? document.activeElement.closest('tr')?.querySelector('[name=line]') : null;
  if (!box) return;
  event.preventDefault();
  box.checked = !box.checked;
  tell();
});

addEventListener('pageshow', tell); // going back, the browser marks again what was marked
