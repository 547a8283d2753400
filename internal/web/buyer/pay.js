(function () {
  var d = document, n = d.getElementById('number'), e = d.getElementById('expiry'), f = n.form;
  var b = f.querySelector('button'), u = d.getElementById('until'), end = Date.now() + u.getAttribute('data-left') * 1000;
  function digits(x) { return x.value.replace(/\D/g, ''); }
  function typed(x, v) { return x.selectionStart === x.value.length && !/^delete/.test(v.inputType || ''); }
  n.addEventListener('input', function (v) {
    if (typed(n, v)) n.value = digits(n).slice(0, 19).replace(/(.{4})(?=.)/g, '$1 ');
  });
  e.addEventListener('input', function (v) {
    var s = digits(e);
    if (!typed(e, v) || !s || s.length > 4) return;
    if (s > '1' && s.length === 1) s = '0' + s;
    e.value = s.length > 1 ? s.slice(0, 2) + '/' + s.slice(2) : s;
  });
  f.addEventListener('submit', function () {
    b.textContent = b.getAttribute('data-busy');
    setTimeout(function () { b.disabled = true; }, 0);
  });
  addEventListener('pageshow', function (v) { if (v.persisted) location.reload(); });
  function tick() {
    var s = Math.ceil((end - Date.now()) / 1000);
    if (b.disabled) return;
    if (s <= 0) return location.reload();
    if (s < 3600) u.textContent = Math.floor(s / 60) + ':' + ('0' + s % 60).slice(-2) + ' ' + u.getAttribute('data-word');
    setTimeout(tick, 1000);
  }
  tick();
})();
