// Ventanilla: keys pressed while the scripts of a page are still coming are kept, and heard once all are here.
// The only script that a page waits for: whoever knows the keys types them before a slow line has brought the rest.
{
  const early = [];
  const writing = (target) => target.closest?.('input:not([type=checkbox], [type=radio]), textarea, select');

  const keep = (event) => {
    const commands = event.ctrlKey || event.metaKey;
    const isOrder = commands && event.key === 'Enter';
    const isLetter = event.key.length === 1 && !commands && !event.altKey;
    const acts = early.length || event.key !== ' '; // a first space scrolls, or marks what has the focus
    if (event.repeat || !acts || !(isOrder || isLetter || (early.length && event.key === 'Enter'))) return;
    if (writing(event.target) && !early.length && !isOrder) return; // it is written where it belongs already
    event.preventDefault();
    event.stopImmediatePropagation();
    early.push(event);
  };

  const hear = ({ key, ctrlKey, metaKey }) => {
    const event = new KeyboardEvent('keydown', { key, ctrlKey, metaKey, bubbles: true, cancelable: true });
    const isFree = (document.activeElement ?? document.body).dispatchEvent(event);
    const field = document.activeElement; // the key itself may have moved it
    if (!isFree || key.length > 1 || !field || !writing(field) || field.matches('select')) return;
    field.setRangeText(key, field.selectionStart, field.selectionEnd, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };

  addEventListener('keydown', keep, true);
  addEventListener('DOMContentLoaded', () => {
    removeEventListener('keydown', keep, true);
    early.forEach(hear);
  });
}
