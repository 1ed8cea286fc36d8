'use strict';

// A part of the page that is asked for again while somebody looks at it: <div data-refresh="/path?part=1">.
// What comes back is made by the same template as the first time, so nothing is built here.
const EVERY = 2000;

function keepFresh(box) {
  let shown = '';

  // What tells a link or a button from its neighbours, before and after.
  function keyOf(element) {
    return element.getAttribute('href') ?? element.getAttribute('aria-label') ?? element.textContent;
  }

  // Whoever goes through the page by keyboard, reads what was folded, or marks a text to copy it, goes on where they are.
  function replace(html) {
    const at = box.contains(document.activeElement) ? keyOf(document.activeElement) : null;
    const open = [...box.querySelectorAll('details[open][id]')].map((details) => [details.id, details.querySelector('.log')?.scrollTop]);
    box.innerHTML = html;
    shown = html;
    open.forEach(([id, scrolled]) => {
      const details = document.getElementById(id);
      details?.setAttribute('open', '');
      details?.querySelector('.log')?.scrollTo(0, scrolled ?? 0);
    });
    if (at !== null) {
      [...box.querySelectorAll('a, button, summary')].find((element) => keyOf(element) === at)?.focus();
    }
  }

  // A click that is half done would be lost, and a marked text, too.
  function isInUse() {
    const marked = window.getSelection();
    return box.querySelector(':active') !== null || (!marked.isCollapsed && box.contains(marked.anchorNode));
  }

  async function again() {
    if (!document.hidden) {
      try {
        const answer = await fetch(box.dataset.refresh, { headers: { Accept: 'text/html' }, redirect: 'manual' });
        box.classList.toggle('stale', !answer.ok);
        if (answer.status === 401) {
          // Signed out meanwhile: the page itself leads to the sign-in and back.
          window.location.reload();
          return;
        }
        if (answer.ok) {
          const html = await answer.text();
          if (html !== shown && !isInUse()) {
            replace(html);
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

// On a narrow screen the tabs scroll: the one that is open is in sight.
document.querySelector('.tabs .on')?.scrollIntoView({ block: 'nearest', inline: 'center' });

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
