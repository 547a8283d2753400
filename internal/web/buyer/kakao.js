(function () {
  var d = document, b = d.getElementById('share'), failed = d.getElementById('failed');
  function fail() { failed.hidden = false; }
  b.addEventListener('click', function () {
    var link = { mobileWebUrl: b.getAttribute('data-link'), webUrl: b.getAttribute('data-link') };
    try {
      if (!Kakao.isInitialized()) Kakao.init(b.getAttribute('data-key'));
      Kakao.Share.sendDefault({ objectType: 'text', text: b.getAttribute('data-text'), link: link, buttonTitle: b.getAttribute('data-act') });
      failed.hidden = true;
    } catch (e) { fail(); }
  });
  // Blocked, changed or not to be reached: it is said before anybody presses.
  addEventListener('load', function () { if (typeof Kakao === 'undefined') fail(); });
})();
