// Comforts only: every page works without this file.
(function () {
  "use strict";
  // One tick for all rows of a table.
  document.addEventListener("change", function (event) {
    var all = event.target.closest("[data-check-all]");
    if (!all) return;
    document.querySelectorAll(all.getAttribute("data-check-all")).forEach(function (box) { box.checked = all.checked; });
  });
  // A question before what cannot simply be undone; and no form is sent twice by a double click.
  document.addEventListener("submit", function (event) {
    var question = event.target.getAttribute("data-confirm");
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (event.target.method === "post" && !(event.submitter && event.submitter.formTarget)) {
      var buttons = event.target.querySelectorAll("button[type=submit], button:not([type])");
      window.setTimeout(function () { buttons.forEach(function (b) { b.disabled = true; }); }, 0);
    }
  });
  // A filter takes effect when it is chosen by hand; the arrow keys pass over every choice, so there the button decides.
  var keyed = false;
  document.addEventListener("keydown", function () { keyed = true; }, true);
  document.addEventListener("pointerdown", function () { keyed = false; }, true);
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit]") && !(keyed && event.target.matches("select"))) event.target.form.submit();
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) { event.preventDefault(); window.print(); }
  });
  // Coming back to a page by the browser's own button: its buttons work again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[method=post] button[disabled]:not([data-blocked])").forEach(function (b) { b.disabled = false; });
  });
})();
