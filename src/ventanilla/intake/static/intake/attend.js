// Ventanilla: an attention by keyboard. A reason marked shows its outcome below at once, and letters choose it.
// Without this file the server shows the outcomes on its next answer, and keeps what is sent.
const form = document.querySelector('[data-attend]');
const marks = [...form.querySelectorAll('[data-reveals]')];
const none = form.querySelector('[data-none]');

function refresh(changed) {
  for (const mark of marks) document.getElementById(mark.dataset.reveals).hidden = !mark.checked;
  none.hidden = marks.some((mark) => mark.checked);
  aim();
  if (!changed?.checked) return;
  const block = document.getElementById(changed.dataset.reveals);
  block.scrollIntoView({ block: 'nearest' });
}

// Letters say how a reason ended. They belong to one reason at a time, which shows them: the one where the focus is,
// else the first without an outcome. A letter chooses, and goes on to the next reason or to what this one still asks.
const LETTERS = { informed: 'i', resolved: 'r', waiting_documents: 'e', needs_unit: 'u', needs_case: 'c', withdrew: 'd' };
const blocks = [...form.querySelectorAll('.outcome')];
const isOpen = (block) => !block.hidden && !block.querySelector('input[type=radio]:checked');
const end = form.querySelector('button[name=end]');
let aimed = null;

function aim() {
  const shown = blocks.filter((block) => !block.hidden);
  const focused = shown.find((block) => block.contains(document.activeElement));
  const block = focused ?? shown.find(isOpen) ?? shown.at(-1) ?? null;
  if (block === aimed) return;
  for (const keyed of aimed?.querySelectorAll('[data-key]') ?? []) {
    delete keyed.dataset.key;
    keyed.querySelector(':scope > kbd')?.remove();
  }
  aimed = block;
  for (const radio of block?.querySelectorAll('input[type=radio]') ?? []) give(radio.parentElement, LETTERS[radio.value]);
  const about = block?.querySelector('[data-about] > summary');
  if (about) give(about, 's');
}

function give(element, key) {
  element.dataset.key = key;
  element.insertAdjacentHTML('beforeend', ` <kbd aria-hidden="true">${key.toUpperCase()}</kbd>`);
}

function goOn(block) {
  const asks = block?.querySelector('.awaits');
  if (asks?.checkVisibility()) asks.querySelector('input').focus();
  else (blocks.find(isOpen)?.querySelector('input[type=radio]') ?? end).focus();
}

form.addEventListener('click', (event) => {
  const label = event.target.closest('.seg label');
  if (!label || event.target !== label || event.detail) return; // by its letter: neither mouse nor arrows
  event.preventDefault();
  const radio = label.querySelector('input');
  radio.checked = true;
  radio.dispatchEvent(new Event('change', { bubbles: true }));
  goOn(label.closest('.outcome'));
});
form.addEventListener('focusin', () => aim());
form.addEventListener('change', () => aim());

// Inside a group of boxes the numbers are theirs. Escape leaves what one is writing; Enter goes on, and ends nothing.
const boxes = (group) => [...group.querySelectorAll('input[type=checkbox]')];
function number(group) {
  for (const [at, box] of boxes(group).slice(0, 9).entries()) {
    if (!box.parentElement.querySelector('kbd')) box.parentElement.insertAdjacentHTML('beforeend', `<kbd aria-hidden="true">${at + 1}</kbd>`);
  }
}
for (const group of form.querySelectorAll('[data-digits]')) number(group);

form.addEventListener('keydown', (event) => {
  const target = event.target;
  const isText = target.matches('input:not([type=checkbox], [type=radio]), textarea');
  if (event.key === 'Escape' && target !== finder) target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Enter' && target.matches('input')) {
    event.preventDefault();
    if (target.name.endsWith('-other_run') && target.value.trim()) findSubject(target);
    else if (target.closest('.awaits, [data-about]')) goOn();
  }
  const group = target.closest('[data-digits]');
  const box = group && !isText && /^[1-9]$/.test(event.key) ? boxes(group)[event.key - 1] : null;
  if (!box) return;
  event.preventDefault();
  event.stopPropagation();
  box.focus();
  box.click();
});

for (const about of form.querySelectorAll('[data-about]')) {
  about.firstElementChild.addEventListener('click', (event) => {
    if (event.detail || about.open) return;
    event.preventDefault();
    about.open = true; // at once: the next key may be a number already
    about.querySelector('input').focus();
  });
}

// Somebody who is not of the home: her name comes in place, ticked.
async function findSubject(field) {
  const group = field.closest('[data-digits]');
  const told = group.querySelector('[role=status]');
  const asked = new FormData();
  for (const name of ['csrfmiddlewaretoken', 'posting_shown']) if (form.elements[name]) asked.set(name, form.elements[name].value);
  asked.set('run', field.value);
  asked.set('name', field.name.replace('-other_run', '-subjects'));
  told.textContent = 'Buscando…';
  try {
    const answer = await fetch(form.dataset.subjectUrl, { method: 'POST', body: asked, credentials: 'same-origin' });
    const text = await answer.text();
    if (answer.status === 422) { told.textContent = text; return; }
    if (!answer.ok) throw new Error();
    const line = group.querySelector('.row');
    const made = new DOMParser().parseFromString(text, 'text/html').querySelector('label');
    const known = boxes(line).find((box) => box.value === made.querySelector('input').value);
    if (known) known.checked = true; else { line.append(made); number(line); }
    told.textContent = `${made.textContent.trim()}: se agregó`;
    field.value = '';
    field.dispatchEvent(new Event('change', { bubbles: true }));
  } catch { told.textContent = 'No se pudo buscar. Se buscará al guardar.'; }
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
