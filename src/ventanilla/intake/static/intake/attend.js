// Ventanilla: a reason marked shows its outcome below at once, and what is typed is kept on the server as a draft.
// Without this file the server shows the outcomes on its next answer, and keeps what is sent.
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

// Who comes for another is asked as what, and told what may be told; of who comes for herself nothing is asked.
const requester = form.querySelector('[name=requester]');
const thirdParty = form.querySelector('[data-third-party]');
const ask = () => { thirdParty.hidden = requester.value === 'self'; thirdParty.open = !thirdParty.hidden; };
requester.addEventListener('change', ask);
ask();

// Reasons by the words in which people ask. Enter marks the first one left, Escape shows all again.
const finder = form.querySelector('[data-find-reason]');
const found = form.querySelector('[data-found]');
const picks = [...form.querySelectorAll('.pick')];
const others = form.querySelector('.picks ~ details, details.more');
const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const said = new Map(picks.map((pick) => [pick, plain(`${pick.textContent} ${pick.dataset.words}`).split(/[^a-z0-9]+/)]));
let opened = null;

function find() {
  const asked = plain(finder.value).split(/[^a-z0-9]+/).filter(Boolean);
  const fits = (pick) => asked.every((word) => said.get(pick).some((known) => known.startsWith(word)));
  opened ??= others.open;
  others.open = Boolean(asked.length || opened || others.querySelector(':checked'));
  if (!asked.length) opened = null;
  for (const pick of picks) pick.hidden = !fits(pick);
  const left = picks.filter((pick) => !pick.hidden);
  found.textContent = !asked.length ? '' : left.length ? `${left[0].innerText.trim()}${left.length > 1 ? ` y ${left.length - 1} más` : ''}. Enter lo marca` : 'Ningún motivo dice eso';
  return asked.length ? left : [];
}

finder.addEventListener('input', find);
finder.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') { finder.value = ''; find(); return; }
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const mark = find()[0]?.querySelector('input');
  if (!mark) return;
  if (!mark.checked) mark.click();
  finder.value = '';
  find();
  const block = document.getElementById(mark.dataset.reveals);
  block.querySelector('input[type=radio]:checked, input[type=radio]')?.focus();
});

const PAUSE = 1000; // after the last key
const LONGEST = 5000; // while the typing does not stop
const AGAIN = 8000; // after a failure
const SAID = {
  offline: 'Sin conexión: lo escrito sigue aquí y se guardará al volver.',
  ended: 'Su sesión terminó. Ingrese en otra pestaña: lo escrito sigue aquí.',
  gone: 'Esta consulta ya no está en atención con usted. Copie lo escrito antes de salir.',
  failed: 'No se pudo guardar el borrador; lo escrito sigue aquí.',
};
const status = form.querySelector('[data-draft-status]');
let timer = 0;
let since = 0; // when the first key came that is not kept yet
let sending = false;

function say(text, tone) {
  if (status.textContent !== text) status.textContent = text;
  if (tone) status.dataset.tone = tone; else delete status.dataset.tone;
}

async function keep() {
  clearTimeout(timer);
  if (!since || sending || form.dataset.sent) return;
  const began = since;
  since = 0;
  sending = true;
  let failed = '';
  try {
    const answer = await fetch(form.dataset.draftUrl, { method: 'POST', body: new FormData(form), credentials: 'same-origin', keepalive: true });
    if (answer.status === 401 || answer.status === 403 || answer.redirected) failed = 'ended';
    else if (answer.status === 409) failed = 'gone';
    else if (!answer.ok) failed = 'failed';
    else say(await answer.text());
  } catch { failed = 'offline'; }
  sending = false;
  if (failed) {
    since = began;
    say(SAID[failed], 'bad');
  }
  if (failed !== 'gone' && since) timer = setTimeout(keep, failed ? AGAIN : PAUSE);
}

function changed(event) {
  since ||= event.timeStamp || 1;
  clearTimeout(timer);
  timer = setTimeout(keep, event.timeStamp - since > LONGEST ? 0 : PAUSE);
}

form.addEventListener('input', changed);
form.addEventListener('change', changed);
addEventListener('pagehide', keep);
addEventListener('online', keep);
