// Ventanilla: sends a file in pieces that go on after a cut, and shows how far a load is. Without this file a file of up
// to 5 MB is sent whole, and the page says how far it is when it is opened again.
const FIRST = 128 * 1024;
const LARGEST = 1024 * 1024;
const PATIENT = [1, 2, 5, 10, 20, 30]; // seconds between tries while there is no connection

const wait = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });
const shown = (bytes) => (bytes < 2 ** 20 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 2 ** 20).toFixed(1).replace('.', ',')} MB`);

for (const form of document.querySelectorAll('[data-upload]')) {
  const sending = form.querySelector('[data-sending]');
  const problem = form.querySelector('[data-problem]');
  const button = form.querySelector('button[type=submit]');
  const tell = (text) => { problem.textContent = text; problem.hidden = !text; };

  function show(has, size, words) {
    const percent = Math.floor((has * 100) / size);
    sending.querySelector('[data-words]').textContent = words ?? `${shown(has)} de ${shown(size)}`;
    sending.querySelector('[data-percent]').textContent = `${percent} %`;
    sending.querySelector('progress').value = percent;
  }

  // What an answer says; nothing when the connection or the server is away for now.
  async function ask(url, data) {
    data.set('csrfmiddlewaretoken', document.cookie.match(/(?:^|; )csrftoken=([^;]*)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value);
    data.set('posting_shown', form.elements.posting_shown?.value ?? '');
    let answer;
    try { answer = await fetch(url, { method: 'POST', body: data, credentials: 'same-origin' }); } catch { return null; }
    if (answer.status >= 500) return null;
    const isOurs = answer.headers.get('Content-Type')?.startsWith('application/json');
    if (!isOurs) return { problem: 'Su sesión terminó, o cambió su desempeño. Ingrese en otra pestaña y siga subiendo desde esta página.' };
    return answer.json();
  }

  async function send(file, piece, page, has) {
    sending.hidden = false;
    let step = FIRST;
    let tries = 0;
    while (has < file.size) {
      const data = new FormData();
      data.set('from', String(has));
      data.set('piece', file.slice(has, has + step), 'piece');
      const began = performance.now();
      const answer = await ask(piece, data);
      if (answer?.has !== undefined) {
        has = answer.has;
        tries = 0;
        step = performance.now() - began < 2000 ? Math.min(step * 2, LARGEST) : Math.max(step / 2, FIRST / 4);
        show(has, file.size);
      } else if (answer) {
        tell(answer.problem ?? 'El servidor no recibió el archivo. Recargue la página.');
        return;
      } else {
        show(has, file.size, 'Sin conexión: sigue sola cuando vuelva');
        await wait(PATIENT[Math.min(tries, PATIENT.length - 1)]);
        tries += 1;
      }
    }
    location.assign(page);
  }

  form.addEventListener('submit', async (event) => {
    const [file] = form.elements.file.files;
    if (!file || (form.elements.dataset && !form.elements.dataset.value)) return; // the server says what is missing
    event.preventDefault();
    tell('');
    const { piece, page, name, size, modified, has } = form.dataset;
    if (piece && (file.size !== Number(size) || (modified && file.lastModified !== Number(modified)))) {
      tell(`Ese no es el mismo archivo. Elija ${name}, como estaba al empezar.`);
      return;
    }
    button.disabled = true;
    if (piece) await send(file, piece, page, Number(has));
    else {
      const data = new FormData();
      data.set('dataset', form.elements.dataset.value);
      data.set('name', file.name);
      data.set('size', String(file.size));
      data.set('modified', String(file.lastModified));
      const answer = await ask(form.action, data);
      if (answer?.piece) {
        history.replaceState(null, '', answer.page); // a page that is loaded again goes on with it
        await send(file, answer.piece, answer.page, 0);
      } else tell(answer?.problem ?? 'No se pudo llegar al servidor. Intente de nuevo.');
    }
    button.disabled = false;
  });
}

const followed = document.querySelector('[data-progress]');
async function follow() {
  while (true) {
    await wait(document.hidden ? 5 : 1);
    let answer;
    try {
      const reply = await fetch(followed.dataset.progress, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
      if (!reply.headers.get('Content-Type')?.startsWith('application/json')) { location.reload(); return; }
      answer = await reply.json();
    } catch { continue; } // it is asked again
    if (answer.state !== followed.dataset.state) { location.reload(); return; }
    followed.querySelector('progress').value = answer.percent;
    followed.querySelector('[data-percent]').textContent = `${answer.percent} %`;
  }
}
if (followed) follow();
