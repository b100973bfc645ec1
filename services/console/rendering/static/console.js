// Keys, dialogs, copying, one submission of a form, and focus that survives a swap. Pages work without this file.
(() => {
  "use strict";
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const forms = () => all("form[method=post]");
  const typing = (element) => element.closest("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
  let going = false, card = null, focused = null, latest = null; // G was pressed: the next letter names a page

  // ---- keys
  function current() {
    const list = all("[data-row]").filter(shown);
    return { list, at: list.indexOf(document.activeElement.closest("[data-row]") ?? list.find((row) => row.getAttribute("aria-current"))) };
  }

  function move(step) {
    const { list, at } = current();
    const row = list[Math.min(list.length - 1, Math.max(0, at + step))];
    if (!row) return;
    (one("a[href], button", row) ?? row).focus();
    row.scrollIntoView({ block: "nearest" });
  }

  function press(element) {
    element[element.matches("input, textarea, select") ? "focus" : "click"]();
    if (element.matches("summary")) one("input:not([type=hidden]), select, textarea, button", element.nextElementSibling)?.focus();
  }

  function find(key) {
    const root = one("dialog:modal") ?? document, row = document.activeElement.closest("[data-row]");
    const matches = (element) => element.dataset.key.toLowerCase() === key.toLowerCase() && shown(element);
    return all("[data-key]", row ?? root).find(matches) ?? all("[data-key]", root).find(matches);
  }

  const ACTIONS = {
    j: () => move(1), k: () => move(-1),
    x: ({ shiftKey }) => { const { list, at } = current(); one("[type=checkbox]", list[at] ?? document)?.dispatchEvent(new MouseEvent("click", { bubbles: true, shiftKey })); },
    g: () => { going = true; setTimeout(() => { going = false; }, 1500); },
    "/": () => one("#find").focus(), "?": () => one("#keys").showModal(),
  };

  function pressed(event) {
    if (event.altKey || event.metaKey || event.isComposing) return;
    if (event.ctrlKey) {
      const combined = event.key.toLowerCase() === "k" ? one("#find") : event.key === "Enter" && find("Ctrl+Enter");
      if (combined) { event.preventDefault(); press(combined); }
      return;
    }
    if (event.key === "Escape") { escape(event); return; }
    if (typing(event.target) || document.body.dataset.keys === "off") return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === "Enter") {
      if (!event.target.closest("a, button, summary, input, [tabindex='0']")) one("[data-row][aria-current] a[href]")?.click();
      return;
    }
    const named = (going && one(`[data-go="${CSS.escape(key)}"]`)) || find(key);
    going = false;
    if (named) press(named);
    else if (ACTIONS[key] && !one("dialog:modal")) ACTIONS[key](event);
    else return;
    event.preventDefault();
  }

  function escape(event) {
    const open = event.target.closest("details.popover[open]") ?? one("details.popover[open]");
    if (open) { open.open = false; one("summary", open).focus(); return; }
    const close = one("dialog:modal [data-key=Escape]");
    if (close) { event.preventDefault(); close.click(); return; }
    if (typing(event.target)) event.target.blur();
  }

  // ---- one submission
  function submitted(event) {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.ariaBusy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    form.ariaBusy = "true";
    setTimeout(release, 10_000); // no answer: the person may try again, with the same command id
  }

  const release = () => { for (const form of forms()) form.ariaBusy = null; };
  const state = (textContent) => { one(".done + form")?.remove(); one("[role=status]")?.replaceChildren(Object.assign(document.createElement("span"), { textContent })); };

  // ---- clicks
  function clicked(event) {
    const boxes = all("[data-row] [type=checkbox]"), to = boxes.indexOf(event.target), from = event.shiftKey && to >= 0 ? boxes.indexOf(latest) : -1;
    if (from >= 0) for (const box of boxes.slice(Math.min(from, to), Math.max(from, to) + 1)) box.checked = event.target.checked; // from the last one
    latest = boxes[to] ?? latest;
    const copy = event.target.closest("[data-copy]");
    if (copy) { navigator.clipboard?.writeText(copy.dataset.copy); one("span", copy).textContent = "Copied"; }
    one(`#${event.target.closest("[data-open]")?.dataset.open}`)?.showModal();
    const form = event.target.closest(".dock summary")?.nextElementSibling, note = form && one("[name=note]", form);
    if (note) note.value ||= one("#note")?.value ?? ""; // what was begun goes on in the form of another outcome
    for (const each of all("details.popover[open]")) if (!each.contains(event.target)) each.open = false;
  }

  function changed(event) {
    if (event.target.name === "theme") document.documentElement.dataset.theme = event.target.value;
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
    if (event.target.matches("[data-row] [type=checkbox]")) count();
  }

  // Buttons that act on several rows appear once one is selected.
  function count() {
    const selected = all("[data-row] [type=checkbox]:checked").length;
    for (const each of all("[data-selected]")) { each.hidden = selected === 0; one("b", each)?.replaceChildren(String(selected)); }
  }

  // ---- dragging a card does what "Move to…" does, so a move that asks something asks it here too
  function dragged(event) {
    for (const each of all(".drop")) each.classList.remove("drop");
    if (event.type === "dragstart") card = event.target.closest?.("[data-card]");
    const over = card && event.target.closest?.("[data-stage]");
    if (event.type === "dragend") card = null;
    if (!over || event.type === "dragstart") return;
    event.preventDefault();
    if (event.type === "dragover") over.classList.add("drop");
    if (event.type === "drop") one(`[data-to="${CSS.escape(over.dataset.stage)}"]:not(:disabled)`, card)?.click();
  }

  // ---- Back: lists are where they were left, and what was selected still is
  const left = {};
  function leave({ navigationType, destination, signal }) {
    const tops = all(".scroll").map((list) => list.scrollTop);
    left[navigation.currentEntry.key] = { tops, selected: all("[data-row] :checked").map((box) => box.value) };
    const before = navigationType === "traverse" && left[destination.key];
    if (before) navigation.addEventListener("navigatesuccess", () => {
      all(".scroll").forEach((list, at) => { list.scrollTop = before.tops[at]; });
      for (const box of all("[data-row] [type=checkbox]")) box.checked = before.selected.includes(box.value);
      count();
    }, { once: true, signal });
  }

  // ---- swaps: the focus stays, a dialog on the page is a modal one
  const busy = () => one("#main:focus-within:not(:focus), dialog:modal, details.popover[open], [data-row] :checked");
  const about = ({ action, elements }) => action + (elements.target ?? elements.drafts)?.value;
  function remember(event) {
    focused = document.activeElement;
    const { ctx } = event.detail, of = ctx?.changesOf; // the page that the changes were asked for; another one may be open by now
    for (const form of forms()) form.about = form === ctx?.sourceElement && ctx.response?.status < 400 ? "sent" : about(form);
    if (!of || (of === location.href && !busy())) return;
    event.preventDefault();
    if (of === location.href) one("#changes").hidden = false;
  }

  function restore() {
    if (focused?.matches(":not(body)") && (document.activeElement ?? document.body) === document.body) {
      const same = (focused.id && document.getElementById(focused.id)) || (focused.dataset.key && find(focused.dataset.key));
      (same || one("#main"))?.focus({ preventScroll: true });
    }
    for (const form of forms()) if (form.about && form.about !== about(form)) form.reset(); // typed for another thing
    prepare();
    refresh();
  }

  // What changed is loaded at once, unless something on the page has the focus or is open: then it waits for U.
  function refresh() {
    const fresh = one("#fresh[data-changes]"), link = one("#changes");
    if (!fresh) return;
    const changes = Number(fresh.dataset.changes) + (link.hidden ? 0 : Number(one("b", link).textContent));
    delete fresh.dataset.changes;
    one("b", link).textContent = String(changes);
    link.hidden = !busy();
    if (link.hidden) htmx.ajax("GET", location.href, { target: "#app", select: "#app", swap: "outerMorph", changesOf: location.href });
  }

  function prepare() {
    document.documentElement.dataset.script = "on";
    for (const each of all("dialog[data-modal][open]:not(:modal)")) { each.close(); each.showModal(); }
    for (const each of all("[data-now]")) each.scrollIntoView({ block: "nearest" });
    count();
  }
  const live = (lost) => () => one("#fresh")?.classList.toggle("fresh-lost", lost);
  const heard = {
    keydown: pressed, click: clicked, change: changed, dragstart: dragged, dragover: dragged, drop: dragged, dragend: dragged,
    "htmx:before:swap": remember, "htmx:after:swap": restore,
    "htmx:sse:after:connection": live(false), "htmx:sse:after:message": live(false), "htmx:sse:error": live(true), offline: live(true),
    "htmx:finally:request": release, pageshow: release, "htmx:error": () => state("No answer: check the connection, then try again. What you typed is kept."),
  };
  for (const [name, does] of Object.entries(heard)) window.addEventListener(name, does);
  document.addEventListener("submit", submitted, true);
  window.navigation?.addEventListener("navigate", leave);
  prepare();
})();
