// Keys and small comforts. Every page works without this file.
(() => {
  "use strict";
  const OFF = "leeway.keys.off";
  const TOAST_MS = 10000;
  const ROWS_ABOVE_PX = 33;
  const find = (selector) => document.querySelector(selector);
  const isTyping = (target) => target.closest("input, select, textarea, [contenteditable]") !== null;
  const isOff = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
  let isGoing = false;

  function step(by) {
    const rows = [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
    if (!rows.length) return;
    const held = rows.findIndex((row) => row.contains(document.activeElement));
    const at = held < 0 ? rows.findIndex((row) => row.matches("[data-chosen]")) : held;
    const next = Math.min(Math.max(at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by, 0), rows.length - 1);
    // At the end, or asked for a moment ago: asking again would only fill the history.
    if (next === held) return;
    const row = rows[next];
    const link = row.querySelector("a");
    link.focus();
    if (row.closest(".briefs") && !row.matches("[data-chosen]")) link.click();
  }

  function press(key) {
    const target = find(`[data-key="${key}"]`);
    if (!target) return false;
    target.focus();
    target.click();
    const fields = target.tagName === "SUMMARY" && target.parentElement.open && target.parentElement.querySelector("button, select");
    if (fields) fields.focus();
    return true;
  }

  function unfold(number) {
    const summary = find(`#cause-${number} > summary`);
    if (!summary) return false;
    summary.focus();
    summary.click();
    summary.scrollIntoView({ block: "nearest" });
    return true;
  }

  function showKeys() {
    const dialog = find("#keys");
    if (!dialog) return;
    for (const box of document.querySelectorAll("[data-keys-off]")) box.checked = isOff();
    if (!dialog.open) dialog.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && isTyping(event.target)) { event.target.blur(); return; }
    if (isTyping(event.target) || find("dialog[open]") || isOff()) return;
    const key = event.key.toLowerCase();
    const go = isGoing && find(`[data-go="${key}"]`);
    isGoing = key === "g";
    let isTaken = true;
    if (go) go.click();
    else if (key === "j" || key === "arrowdown" && event.target.closest(".briefs")) step(1);
    else if (key === "k" || key === "arrowup" && event.target.closest(".briefs")) step(-1);
    else if (key === "?") showKeys();
    else if (key === "/") { const field = find('[data-key="/"]'); if (field) field.focus(); else isTaken = false; }
    else if (key === "a" && event.shiftKey) isTaken = press("shift+a");
    else if ("arsnz".includes(key) && !event.shiftKey && !event.repeat) isTaken = press(key);
    else if (key >= "1" && key <= "9") isTaken = unfold(key);
    else isTaken = false;
    if (isTaken) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys]")) { event.preventDefault(); showKeys(); }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-off]")) {
      try { localStorage.setItem(OFF, event.target.checked ? "1" : ""); } catch { /* kept for this page only */ }
    }
  });

  function settle() {
    for (const chart of document.querySelectorAll(".gantt[data-today]")) {
      if (!chart.dataset.seen) { chart.dataset.seen = "1"; chart.scrollLeft = Number(chart.dataset.today) - chart.clientWidth / 2;
        chart.scrollTop = Number(chart.dataset.open) - ROWS_ABOVE_PX; }
    }
    for (const line of document.querySelectorAll("[data-keys-setting]")) line.hidden = false;
    for (const toast of document.querySelectorAll("[data-toast]")) setTimeout(() => toast.classList.add("gone"), TOAST_MS);
    const chosen = find("[data-chosen]");
    if (chosen) chosen.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:after:swap", settle);
  settle();
})();
