// Ventanilla: the little behaviour that HTML does not give. Every page works without this file.
const root = document.documentElement;
root.classList.add('js');

const typing = (target) => target.closest('input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]');

// Shortcuts of one letter can be switched off on this computer (WCAG 2.1.4); those with Ctrl stay.
const SHORTCUTS = 'ventanilla.shortcuts';
const stored = (() => { try { return localStorage; } catch { return null; } })();
const shortcutsAreOn = () => stored?.getItem(SHORTCUTS) !== 'off';
for (const box of document.querySelectorAll('[data-shortcuts]')) {
  box.checked = shortcutsAreOn();
  box.addEventListener('change', () => { stored?.setItem(SHORTCUTS, box.checked ? 'on' : 'off'); });
}

/** Says a sentence to the operator, on screen and aloud. */
function announce(text, tone) {
  let toast = document.getElementById('aviso');
  if (!toast) {
    toast = document.createElement('p');
    toast.id = 'aviso';
    toast.className = 'toast';
    document.body.append(toast);
  }
  toast.setAttribute('role', tone === 'bad' ? 'alert' : 'status');
  toast.textContent = text;
}

// <button data-dialog="id"> opens <dialog id>: focus trap, Escape and return of focus come from the platform.
document.addEventListener('click', (event) => {
  const opener = event.target.closest('[data-dialog]');
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target.closest('[data-print]')) print();
  const omni = event.target.closest('[data-to-omni]') && document.querySelector('[data-omni]');
  if (omni) { event.preventDefault(); omni.focus(); omni.select(); }
  const closer = event.target.closest('[data-dismiss]');
  if (closer) closer.closest('.toast, .alert').remove();
  for (const menu of document.querySelectorAll('details.menu[open]')) if (!menu.contains(event.target)) menu.open = false;
});

// After a refused form the summary takes the focus, so that Tab goes on to its links.
document.querySelector('[data-focus]:not([data-sample] *)')?.focus();

// The token of a page that was open while one signed in again is old; the cookie holds the one of today.
const cookieToken = () => document.cookie.split('; ').find((pair) => pair.startsWith('csrftoken='))?.slice(10);

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.method !== 'post') return;
  const field = form.elements.csrfmiddlewaretoken;
  const token = cookieToken();
  if (field && token) field.value = token;
  // A second press while the first is on its way is not a second order.
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (event.defaultPrevented) return;
  if (form.target) return; // it is answered in another tab, and this page stays
  form.dataset.sent = 'yes';
  setTimeout(() => { if (form.dataset.sent) announce('Enviando. La conexión está lenta; lo escrito sigue aquí.'); }, 3000);
  setTimeout(() => { delete form.dataset.sent; }, 8000);
});
addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  document.getElementById('aviso')?.remove();
});

document.addEventListener('htmx:sendError', () => announce('Sin conexión con el servidor. Lo escrito sigue aquí; vuelva a intentar en un momento.', 'bad'));
document.addEventListener('htmx:timeout', () => announce('El servidor no respondió a tiempo. Lo escrito sigue aquí; vuelva a intentar.', 'bad'));
const ENDED = 'Su sesión terminó. Ingrese en otra pestaña y vuelva a intentar: lo escrito sigue aquí.';
const REFUSED = {
  401: ENDED,
  403: ENDED,
  409: 'Su desempeño cambió o terminó. Elija otro en otra pestaña y vuelva a intentar: lo escrito sigue aquí.',
};
document.addEventListener('htmx:responseError', (event) => {
  announce(REFUSED[event.detail.xhr.status] ?? 'El servidor no pudo completar el pedido. Lo escrito sigue aquí.', 'bad');
});

// <input type="file" data-largest="bytes">: told before it is sent, since a server does not read on what is far too large.
document.addEventListener('change', ({ target }) => {
  if (!target.dataset.largest) return;
  const most = Number(target.dataset.largest);
  const isLarge = [...target.files].some((file) => file.size > most);
  target.setCustomValidity(isLarge ? `El archivo pesa más de ${Math.round(most / 2 ** 20)} MB. Redúzcalo, o envíe menos páginas.` : '');
  target.reportValidity();
});

// Rows: whatever holds a link to open, in a list or a table. J and K move, Enter opens because the link has the focus.
function moveRow(step) {
  const rows = [...document.querySelectorAll('.main .list > li a.title, .main .table tbody a.title')].filter((row) => row.checkVisibility());
  if (!rows.length) return;
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)];
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
}

// <form data-unhurried>: its keys rest a moment, so that one pressed twice does not answer what nobody has read yet.
const A_MOMENT = 500;
setTimeout(() => { for (const form of document.querySelectorAll('[data-unhurried]')) form.removeAttribute('data-unhurried'); }, A_MOMENT);

function press(target, event) {
  event.preventDefault();
  if (target.closest('[data-unhurried]')) return;
  target.focus();
  target.click();
}

const keyed = (keys) => [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)].find((element) => !element.disabled);
const digit = (key) => (/^[1-9]$/.test(key) ? document.querySelectorAll('[data-keys] input')[Number(key) - 1] : null);

let pending = '';
let pendingUntil = 0;

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') {
    const menu = document.querySelector('details.menu[open]');
    if (menu) { menu.open = false; menu.querySelector('summary').focus(); }
    if (location.hash === '#menu') location.hash = '#contenido';
  }
  if (event.isComposing || event.repeat && event.key === 'Enter') return;
  const box = document.querySelector('[data-omni]');
  const commands = event.ctrlKey || event.metaKey;
  if (box && commands && event.key.toLowerCase() === 'k') { event.preventDefault(); box.focus(); box.select(); return; }
  if (commands && event.key === 'Enter') { const target = keyed('mod+enter'); if (target) press(target, event); return; }
  if (commands || event.altKey || typing(event.target) || document.querySelector('dialog[open]') || !shortcutsAreOn()) return;

  const key = event.key.toLowerCase();
  const sequence = pending && event.timeStamp < pendingUntil ? keyed(`${pending} ${key}`) : null;
  pending = '';
  if (sequence) { press(sequence, event); return; }
  const target = keyed(key) ?? digit(key);
  if (target) press(target, event);
  else if (key === '/' && box) { event.preventDefault(); box.focus(); box.select(); }
  else if (box && /^\d$/.test(key)) { box.focus(); box.select(); } // where numbers do nothing else, a RUN may be typed at once
  else if (key === '?') document.getElementById('ayuda')?.showModal();
  else if (key === 'j' || key === 'k') { event.preventDefault(); moveRow(key === 'j' ? 1 : -1); }
  else if (/^[a-z]$/.test(key) && document.querySelector(`[data-key^="${key} "]`)) { pending = key; pendingUntil = event.timeStamp + 1500; }
});
