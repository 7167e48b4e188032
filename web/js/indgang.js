// Comfort only: every page works without this. No inline code, no framework; each part looks for what it serves.
'use strict';

// A session that is about to end: the page says when in words; here a dialog asks in time. The words are in the page.
(function session() {
  const note = document.getElementById('session');
  const dialog = document.getElementById('session-dialog');
  if (!note || !dialog || !dialog.showModal) return;
  let ends = Date.now() + Number(note.dataset.endsS) * 1000;
  const warn = Number(note.dataset.warnS) * 1000;
  const look = () => {
    const left = ends - Date.now();
    if (left <= 0) {
      location.reload();
    } else if (left <= warn) {
      if (!dialog.open) dialog.showModal();
      setTimeout(look, left + 1000);
    } else {
      setTimeout(look, Math.min(left - warn, 2 ** 30));
    }
  };
  look();
  const extend = dialog.querySelector('[data-extend]');
  extend.addEventListener('click', async (event) => {
    event.preventDefault();
    try {
      const reply = await fetch(extend.href);
      if (!reply.ok) throw new Error(reply.status);
      ends = Date.now() + Number(note.dataset.idleS) * 1000;
      note.hidden = true; // the time it names is no longer so
      dialog.close();
      look();
    } catch {
      location.href = extend.href;
    }
  });
})();

// Ask before something that cannot be undone; the server asks too where it matters.
document.addEventListener('submit', (event) => {
  const question = event.submitter?.dataset.confirm ?? event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// A form is sent once: a second press within a few seconds does nothing. While a file is on its way nothing else is sent, and the
// bar says so: what the page says is about to change, and the letter would leave without its attachment.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== 'post') return;
  if (document.documentElement.dataset.uploading) {
    const bar = document.querySelector('progress[data-upload]:not([hidden])');
    bar.nextElementSibling.textContent = bar.dataset.upload;
    bar.scrollIntoView({ block: 'center' });
    event.preventDefault();
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = '1';
  setTimeout(() => delete form.dataset.sent, 5000);
});

window.addEventListener('pageshow', (event) => { // back to a page one left meanwhile, as it was
  if (event.persisted) delete document.documentElement.dataset.uploading;
});

// Show how far an upload has come. The form is then sent as it would have been.
document.addEventListener('submit', (event) => {
  const form = event.target;
  const bar = form.querySelector('progress[data-upload]');
  const files = [...form.querySelectorAll('input[type=file]')].some((input) => input.files.length);
  if (event.defaultPrevented || !bar || !files) return;
  event.preventDefault();
  document.documentElement.dataset.uploading = '1'; // the answer is a new document, without it
  bar.hidden = false;
  const data = new FormData(form, event.submitter);
  const own = event.submitter?.hasAttribute('formaction'); // without one, formAction is the page itself
  const target = own ? event.submitter.formAction : form.action;
  const typed = [...form.querySelectorAll('textarea, input')].filter((field) => !field.readOnly);
  typed.forEach((field) => { field.readOnly = true; }); // what is typed now would not come along
  window.addEventListener('pageshow', () => typed.forEach((field) => { field.readOnly = false; }));
  const request = new XMLHttpRequest();
  request.open('POST', target);
  request.upload.addEventListener('progress', (e) => {
    bar.max = e.total;
    bar.value = e.loaded;
  });
  request.addEventListener('load', () => {
    // the reply is the next page already (its message is shown once only): put it up instead of fetching it again
    history.replaceState(null, '', request.responseURL);
    document.open();
    document.write(request.responseText);
    document.close();
    document.querySelector('[autofocus]')?.focus(); // a browser does that for a page it fetched itself
  });
  request.addEventListener('error', () => {
    form.action = target;
    form.submit();
  });
  request.send(data);
});

// Under a text with a limit: how many characters are left.
for (const area of document.querySelectorAll('textarea[data-max]')) {
  const note = document.getElementById(area.id + '-limit');
  if (!note) continue;
  const update = () => {
    const left = Number(area.dataset.max) - [...area.value].length;
    note.textContent = (left < 0 ? note.dataset.over : note.dataset.left).replace('#', Math.abs(left));
  };
  area.addEventListener('input', update);
}

// Something is being made: look again now and then, and show how far it has come, until the page no longer says so.
(function again() {
  const box = document.querySelector('[data-again-s]');
  if (!box) return;
  setTimeout(async () => {
    try {
      const reply = await fetch(location.href);
      const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
      const fresh = reply.ok && !reply.redirected && page.getElementById(box.id);
      if (!fresh) return; // logged out meanwhile: the link is still there
      const status = box.querySelector('[role=status]'); // the same element, so that a screen reader tells what is new in it
      const next = fresh.querySelector('[role=status]');
      if (status && next && fresh.dataset.againS) status.innerHTML = next.innerHTML;
      else box.replaceWith(document.importNode(fresh, true));
    } catch { /* the network is away: once more */ }
    again();
  }, Number(box.dataset.againS) * 1000);
})();

document.querySelector('[data-print]')?.addEventListener('click', () => window.print());
