// Shows a mail that the phone hands over, in a document with an origin of its own. Nothing of the
// mail runs here: its scripts are taken out, and the policy of this document refuses what it has beside.
'use strict';

addEventListener('message', (event) => {
  if (event.source !== parent || typeof event.data?.html !== 'string') return;
  const mail = new DOMParser().parseFromString(event.data.html, 'text/html');
  for (const each of mail.querySelectorAll('script, iframe, object, embed, base, meta, link, form')) each.remove();
  document.head.querySelectorAll('style').forEach((style) => style.remove());
  document.head.append(...mail.head.querySelectorAll('style'));
  document.documentElement.lang = mail.documentElement.lang || 'ko';
  document.title = event.data.title;
  document.body.replaceWith(document.adoptNode(mail.body));
});

// A link opens in the phone, which decides whether it may.
addEventListener('click', (event) => {
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!link) return;
  event.preventDefault();
  parent.postMessage({ open: link.getAttribute('href') }, '*');
});

parent.postMessage({ ready: true }, '*');
