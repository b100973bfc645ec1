// What is wrong with the page that is open? Each check returns the elements that it finds: an expression for checks.py.
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const shown = (element) => element.checkVisibility({ visibilityProperty: true });
  const short = (element) => element.outerHTML.replace(/\s+/g, " ").slice(0, 140);
  const CONTROLS = "button, summary, select, textarea, input:not([type=hidden])";

  // Elements with a style or a script of their own, or an address of another host; an authenticator app is none.
  function foreign() {
    const elsewhere = (value) => /^(javascript:|(?!otpauth:)[a-z]+:\/\/|\/\/)/i.test(value) && !value.startsWith(`${location.origin}/`);
    const bad = ({ name, value }) => /^(style$|on|hx-on)/.test(name)
      || (["src", "href", "action", "formaction", "srcset", "data"].includes(name) && elsewhere(value));
    // A link that a person opens, such as a record in the CRM, states no address of ours.
    const opened = (each) => each.matches('a[href^="https://"][rel="noopener noreferrer"]');
    return all("*").filter((each) => [...each.attributes].some((one) => bad(one) && !(one.name === "href" && opened(each)))
      || each.matches("style, script:not([src]), iframe, object, embed"));
  }

  // What makes the page scroll sideways. Wide tables and boards scroll within themselves.
  function wide() {
    if (document.documentElement.scrollWidth <= innerWidth) return [];
    return all("body *").filter((each) => each.getBoundingClientRect().right > innerWidth + 1);
  }

  // Controls and rows that are lower than a thumb needs. Of a labeled choice, the label is the target.
  function low() {
    const target = (each) => (each.matches("label input") ? each.closest("label") : each);
    return all(`${CONTROLS}, .btn, .chip, .segments a, .tabs a, .menu a, .pager a, [data-row]`).filter((each) => shown(each)
      && !each.matches(".link, :disabled") && Math.round(target(each).getBoundingClientRect().height) < 44);
  }

  // What moves although the person asked for no motion.
  function moving() {
    const longest = (text) => Math.max(...text.split(",").map(parseFloat));
    return all("*").filter((each) => {
      const style = getComputedStyle(each);
      return (style.animationName !== "none" && longest(style.animationDuration) > 0)
        || longest(style.transitionDuration) > 0 || style.scrollBehavior === "smooth";
    });
  }

  // What is current, and looks like what is not.
  function alike() {
    const NAMES = ["color", "backgroundColor", "fontWeight", "textDecorationLine", "borderTopWidth", "borderBottomWidth",
      "borderTopColor", "borderBottomColor", "borderLeftWidth", "outlineStyle", "outlineWidth"];
    const look = (element) => { const style = getComputedStyle(element); return NAMES.map((name) => style[name]).join(" "); };
    const others = (each) => [...each.closest("nav, ol, ul, tbody, .filters, .toolbar")?.querySelectorAll(each.tagName) ?? []]
      .filter((other) => other.className === each.className && !other.hasAttribute("aria-current"));
    return all("[aria-current]").filter((each) => shown(each) && !each.querySelector(".icon")
      && others(each).some((other) => look(other) === look(each)));
  }

  // What has the focus without showing it, of each kind of control.
  function unfocused() {
    const kinds = new Map();
    for (const each of all(`a[href], ${CONTROLS}`)) if (shown(each) && !each.disabled) kinds.set(each.tagName + each.className, each);
    const outlined = (element) => {
      const style = element && getComputedStyle(element);
      return style && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    };
    return [...kinds.values()].filter((each) => {
      each.focus({ focusVisible: true, preventScroll: true });
      return document.activeElement === each && !outlined(each) && !outlined(each.closest("[data-row], .entry"));
    });
  }

  // Charts whose marks lead elsewhere than the rows of the table that says the same.
  function unlike() {
    const lists = (root, selector) => [...new Set([...root.querySelectorAll(selector)].map((each) => each.getAttribute("href")))];
    return all(".as-table").filter((table) => {
      const rows = lists(table, "tbody tr:not(.few) a").sort().join("\n");
      const chart = [...table.parentElement.children].filter((each) => each !== table);
      return rows !== [...new Set(chart.flatMap((each) => lists(each, "svg a, li:not(:has(.muted)) > .value a")))].sort().join("\n");
    });
  }

  const checks = { foreign, wide, low, moving, alike, unfocused, unlike };
  return (name) => checks[name]().map(short);
})()
