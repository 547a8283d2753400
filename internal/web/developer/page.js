// What only a script can do: copy, and keep all examples in the language that was chosen.
const korean = document.documentElement.lang === 'ko';

for (const button of document.querySelectorAll('button.copy')) {
  button.hidden = false;
  const label = button.textContent;
  button.addEventListener('click', async () => {
    const code = document.getElementById(button.dataset.copy);
    let copied = true;
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      copied = false;
      getSelection().selectAllChildren(code);
    }
    button.textContent = copied ? (korean ? '복사했어요' : 'Copied') : korean ? '골라 두었어요' : 'Selected';
    setTimeout(() => (button.textContent = label), 2000);
  });
}

for (const pick of document.querySelectorAll('.pick')) {
  pick.addEventListener('change', () => {
    const top = pick.getBoundingClientRect().top;
    const kind = pick.classList.contains('node') ? 'node' : 'curl';
    for (const other of document.querySelectorAll(`.pick.${kind}`)) other.checked = true;
    // What stands above may have changed its height: the button stays under the finger.
    scrollBy(0, pick.getBoundingClientRect().top - top);
  });
}
