// Ventanilla: a reason marked shows its outcome below at once. Without this file the server shows it on the next answer.
const form = document.querySelector('[data-attend]');
const marks = [...form.querySelectorAll('[data-reveals]')];
const none = form.querySelector('[data-none]');

function refresh(changed) {
  for (const mark of marks) document.getElementById(mark.dataset.reveals).hidden = !mark.checked;
  none.hidden = marks.some((mark) => mark.checked);
  if (!changed?.checked) return;
  const block = document.getElementById(changed.dataset.reveals);
  block.scrollIntoView({ block: 'nearest' });
}

for (const mark of marks) mark.addEventListener('change', () => refresh(mark));
refresh();
