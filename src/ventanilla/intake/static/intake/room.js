// Ventanilla: the waiting room asks anew now and then, rests while nobody looks, and says when it cannot ask.
const DEFAULT_SECONDS = 15;
const block = () => document.querySelector('[data-refresh]');

function ask() {
  if (document.visibilityState === 'visible') block()?.dispatchEvent(new Event('refrescar'));
}

if (block()) {
  setInterval(ask, (Number(block().dataset.refresh) || DEFAULT_SECONDS) * 1000);
  document.addEventListener('visibilitychange', ask);
}

const late = document.querySelector('[data-late]');
for (const name of ['htmx:sendError', 'htmx:timeout', 'htmx:responseError']) {
  document.addEventListener(name, () => { if (late) late.hidden = false; });
}
document.addEventListener('htmx:afterOnLoad', () => { if (late) late.hidden = true; });

for (const button of document.querySelectorAll('[data-print]')) button.addEventListener('click', () => print());
