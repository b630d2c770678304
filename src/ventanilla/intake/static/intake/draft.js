// Ventanilla: what is typed in an attention is kept on the server as a draft, as it comes.
const form = document.querySelector('[data-attend]');
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
