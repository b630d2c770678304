// Ventanilla: the omnibox as an ARIA 1.2 combobox. The server answers the options as <li role="option">; without this
// file, or before it has answered, the form posts what was typed and a page of results comes.
const WAIT = 150;
const SLOW = 400;
const SENTENCES = {
  slow: 'Buscando…',
  none: 'Sin coincidencias. Presione Enter para ver cómo seguir.',
  offline: 'No pudimos buscar: no hay conexión con el servidor. Lo escrito sigue aquí; presione Enter para reintentar.',
  ended: 'Su sesión terminó. Presione Enter para ingresar de nuevo.',
  switched: 'Cambió de desempeño en otra pestaña. Presione Enter para ver cómo seguir.',
  failed: 'El servidor no pudo buscar. Lo escrito sigue aquí; presione Enter para reintentar.',
};

function checkDigit(body) {
  let total = 0;
  [...body].reverse().forEach((figure, i) => { total += Number(figure) * (2 + (i % 6)); });
  return '0K987654321'[total % 11];
}

/** "902145303" as "90.214.530-3": only what can be nothing but a RUN, because its check digit says so. */
export function formatRun(text) {
  const bare = text.replace(/[.\-\s]/g, '').toUpperCase();
  if (!/^\d{7,8}[\dK]$/.test(bare) || checkDigit(bare.slice(0, -1)) !== bare.at(-1)) return text;
  return `${bare.slice(0, -1).replace(/\B(?=(\d{3})+$)/g, '.')}-${bare.at(-1)}`;
}

/** Puts the points of a RUN while it grows; takes them back when the next figure shows that it was something else. */
export function formatWhileTyping(input, state, event) {
  const atEnd = input.selectionStart === input.value.length;
  if (!atEnd || event.inputType?.startsWith('delete')) { state.formatted = ''; return; }
  const formatted = formatRun(input.value);
  if (formatted !== input.value) { input.value = formatted; state.formatted = formatted; return; }
  const grewOutOfIt = state.formatted && input.value.startsWith(state.formatted) && input.value !== state.formatted;
  if (grewOutOfIt) { input.value = input.value.replace(/[.\-]/g, ''); state.formatted = ''; }
}

function choose(option, form) {
  const { action, method } = option.dataset;
  if (method !== 'post') { location.assign(action); return; }
  const order = document.createElement('form');
  order.method = 'post';
  order.action = action;
  order.hidden = true;
  // The order goes under the posting this page was shown under, like any form of it.
  for (const name of ['csrfmiddlewaretoken', 'posting_shown']) if (form.elements[name]) order.append(form.elements[name].cloneNode());
  document.body.append(order);
  order.requestSubmit();
}

export function omnibox(input) {
  const form = input.form;
  const status = form.querySelector('[data-omni-status]');
  const list = document.createElement('ul');
  list.className = 'pop list list--mid';
  list.id = `${input.id}-list`;
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Resultados');
  list.hidden = true;
  input.closest('.omni').append(list);
  const roles = { role: 'combobox', 'aria-expanded': 'false', 'aria-controls': list.id, 'aria-autocomplete': 'list' };
  for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);

  const typed = { formatted: '' };
  let active = -1;
  let answered = null; // the text that the options on screen answer
  let request = null;
  let timer = 0;
  let chosen = false;

  const options = () => [...list.children];
  const say = (text, isBad = false) => {
    status.textContent = text;
    if (isBad) status.dataset.tone = 'bad'; else delete status.dataset.tone;
  };
  const move = (index) => {
    active = index;
    options().forEach((option, i) => option.setAttribute('aria-selected', String(i === index)));
    if (index < 0) { input.removeAttribute('aria-activedescendant'); return; }
    input.setAttribute('aria-activedescendant', options()[index].id);
    options()[index].scrollIntoView({ block: 'nearest' });
  };
  const show = (open) => {
    list.hidden = !open;
    input.setAttribute('aria-expanded', String(open));
    if (!open) move(-1);
  };
  const stop = () => { clearTimeout(timer); request?.abort(); request = null; };

  async function ask(query) {
    request?.abort();
    const mine = request = new AbortController();
    const slow = setTimeout(() => { if (request === mine) say(SENTENCES.slow); }, SLOW);
    try {
      const response = await fetch(form.dataset.optionsUrl, {
        method: 'POST', body: new FormData(form), signal: mine.signal, credentials: 'same-origin',
        headers: { 'X-CSRFToken': form.elements.csrfmiddlewaretoken.value },
      });
      if (response.redirected || response.status === 401 || response.status === 403) { show(false); say(SENTENCES.ended, true); return; }
      if (response.status === 409) { show(false); say(SENTENCES.switched, true); return; }
      if (!response.ok) { show(false); say(SENTENCES.failed, true); return; }
      const html = await response.text();
      if (request !== mine || input.value.trim() !== query) return;
      list.innerHTML = html;
      answered = query;
      say(options().length ? '' : SENTENCES.none);
      show(options().length > 0);
      move(options().findIndex((option) => option.getAttribute('aria-selected') === 'true'));
    } catch (error) {
      if (error.name !== 'AbortError' && request === mine) { show(false); say(SENTENCES.offline, true); }
    } finally {
      clearTimeout(slow);
      if (request === mine) request = null;
    }
  }

  input.addEventListener('input', (event) => {
    formatWhileTyping(input, typed, event);
    stop();
    const query = input.value.trim();
    if (query.length < 2) { show(false); say(''); answered = null; return; }
    timer = setTimeout(() => ask(query), WAIT);
  });
  input.addEventListener('focus', () => { if (options().length && answered === input.value.trim()) show(true); });
  input.addEventListener('keydown', (event) => {
    const count = options().length;
    if (event.key === 'Escape') { stop(); say(''); show(false); return; }
    if (list.hidden) return;
    if (event.key === 'ArrowDown') { event.preventDefault(); move((active + 1) % count); }
    else if (event.key === 'ArrowUp') { event.preventDefault(); move((Math.max(active, 0) - 1 + count) % count); }
    // Options of an older text are not what she means: the form goes to the server as it is.
    else if (event.key === 'Enter' && active >= 0 && answered === input.value.trim()) {
      event.preventDefault();
      if (!chosen) { chosen = true; choose(options()[active], form); }
    }
  });
  list.addEventListener('mousedown', (event) => event.preventDefault()); // the box keeps the focus
  list.addEventListener('click', (event) => {
    const option = event.target.closest('[role=option]');
    if (option && !chosen) { chosen = true; choose(option, form); }
  });
  form.addEventListener('submit', stop);
  input.addEventListener('blur', () => { show(false); if (!status.dataset.tone) say(''); });
  addEventListener('pageshow', () => { chosen = false; });
}

for (const input of document.querySelectorAll('[data-omni]')) omnibox(input);
for (const input of document.querySelectorAll('[data-run]')) {
  const typed = { formatted: '' };
  input.addEventListener('input', (event) => formatWhileTyping(input, typed, event));
}
