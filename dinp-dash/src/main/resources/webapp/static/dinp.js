'use strict';

// A part of the page that is asked for again while somebody looks at it: <div data-refresh="/path?part=1">.
// What comes back is made by the same template as the first time, so nothing is built here.
const EVERY = 2000;

function keepFresh(box) {
  async function again() {
    if (!document.hidden) {
      try {
        const answer = await fetch(box.dataset.refresh, { headers: { Accept: 'text/html' }, redirect: 'manual' });
        box.classList.toggle('stale', !answer.ok);
        if (answer.ok) {
          const html = await answer.text();
          if (html !== box.innerHTML) {
            box.innerHTML = html;
          }
        }
      } catch (unreachable) {
        box.classList.add('stale');
      }
    }
    setTimeout(again, EVERY);
  }
  setTimeout(again, EVERY);
}

document.querySelectorAll('[data-refresh]').forEach(keepFresh);

// Forms that take something away ask first; without scripts they simply act.
document.addEventListener('submit', (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // A second click while the first is under way would do it twice.
  event.target.querySelectorAll('button').forEach((button) => { button.disabled = true; });
});

window.addEventListener('pageshow', () => {
  document.querySelectorAll('button:disabled').forEach((button) => { button.disabled = false; });
});
