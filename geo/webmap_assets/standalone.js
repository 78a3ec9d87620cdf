/* The standalone page around the map: filters, line that adds up, table, list and cards.  Every text is set as text. */
(function () {
  "use strict";
  const Page = window.Page;
  const { make } = window.LiveMap;
  const { fill } = Page;
  const $ = (id) => document.getElementById(id);
  const STEP = 40; // activities shown at a time
  const LISTS = ["agency", "donor", "area", "scope", "status"];

  const map = JSON.parse($("embedded").textContent);
  const fixed = map["areas.json"];
  Page.local = fixed.local;
  const data = Page.read(JSON.parse($("standalone").textContent), fixed.levels);
  const goals = fixed.goals.map(([number]) => number);
  const bare = { ...data.start, sdg: [], agency: [], donor: [], area: [], status: [], scope: [], years: "", undated: "", q: "" };
  let state = structuredClone(data.start);
  let focus = "";
  let shown = STEP;
  let view = null;
  const open = new Set();

  const areaOf = (code) => fixed.levels.adm1.concat(fixed.levels.adm2).find((area) => area[0] === code);
  const name = (code) => Page.areaName(areaOf(code), state.lang);
  const say = (key) => data.words[state.lang][key];
  const whole = (value) => view.numbers.whole(value);

  function put(element, ...children) {
    element.append(...children.filter(Boolean));
    return element;
  }

  function button(text, act, style) {
    const one = make("button", text, style);
    one.type = "button";
    one.addEventListener("click", act);
    return one;
  }

  function go(change) {
    state = { ...state, ...change };
    shown = STEP;
    draw();
  }

  /* ---- head and foot */
  function head() {
    document.documentElement.lang = state.lang;
    document.title = say("title");
    document.querySelector(".skip").textContent = say("skip");
    $("series").textContent = say("series");
    document.querySelector("#head h1").textContent = say("title");
    const subtitle = view.subtitle();
    $("subtitle").textContent = subtitle[0].toUpperCase() + subtitle.slice(1);
    const languages = make("div", undefined, "languages");
    languages.setAttribute("role", "group");
    languages.setAttribute("aria-label", say("language"));
    for (const code of Object.keys(data.words)) {
      const one = button(data.words[code].languageName, () => go({ lang: code }));
      one.lang = code;
      one.dataset.key = "lang-" + code;
      one.setAttribute("aria-pressed", String(code === state.lang));
      languages.append(one);
    }
    const print = button(say("print"), () => window.print());
    print.dataset.key = "print";
    $("tools").replaceChildren(...[data.draft && make("strong", say("draftMark"), "draft"), languages, print].filter(Boolean));
  }

  function foot() {
    const held = { count: whole(data.activities.length), all: whole(data.everything) };
    const fixedWords = Object.values(say("fixed")).filter(Boolean).join(" · ");
    const made = { digest: data.digest.slice(0, 12), rule: data.rule, created: say("created") };
    const lines = [say("source") + " " + say("attribution") + ".", say("disclaimer"), fill(say("held"), held), fixedWords];
    $("foot").replaceChildren(...[...lines, fill(say("technical"), made)].filter(Boolean).map((text) => make("p", text)));
    $("notes").replaceChildren(...view.notes().map((text) => make("p", text)));
  }

  /* ---- filters */
  function tally(field, of) {
    const mask = Page.select(data, state, field);
    const counts = new Map();
    data.activities.forEach((one, row) => {
      if (mask[row]) for (const key of new Set(of(one))) counts.set(key, (counts.get(key) || 0) + 1);
    });
    return counts;
  }

  const OPTIONS = {
    agency: [(one) => one.codes, () => data.agencies.map(([code, ...names]) => [code, code, names[Object.keys(data.words).indexOf(state.lang)]])],
    donor: [(one) => one.givers, () => data.donors.map((donor) => [donor, Page.donorName(data, donor, state.lang)])],
    area: [
      (one) => {
        const where = Page.placed(one, state.view);
        return [...where.adm1.map((at) => fixed.levels.adm1[at][0]), ...where.adm2.map((at) => fixed.levels.adm2[at][0])];
      },
      () => ["adm1", "adm2"].flatMap((level) => fixed.levels[level].map((area) => [area[0], name(area[0]), level === "adm2" ? name(area[5]) : ""])),
    ],
    scope: [(one) => [Page.placed(one, state.view).scope], () => ["subnational", "nationwide", "unlocated"].map((key) => [key, say("scopes")[key]])],
    status: [(one) => [one.status || "none"], () => Object.entries(data.statuses[state.lang])],
  };
  const LABELS = { agency: "agencies", donor: "donors", area: "areas", scope: "place", status: "status" };

  function choices(field) {
    const [of, options] = OPTIONS[field];
    const counts = tally(field, of);
    const chosen = state[field];
    const rows = options().filter(([key]) => counts.get(key) || chosen.includes(key));
    if (field === "agency" || field === "donor") rows.sort((a, b) => (counts.get(b[0]) || 0) - (counts.get(a[0]) || 0));
    const box = make("details", undefined, "choices");
    box.open = open.has(field);
    box.addEventListener("toggle", () => (box.open ? open.add(field) : open.delete(field)));
    const title = make("summary", say(LABELS[field]) + (chosen.length ? " (" + chosen.length + ")" : ""));
    title.dataset.key = "open-" + field;
    const list = make("div", undefined, "options");
    list.setAttribute("role", "group");
    list.setAttribute("aria-label", say(LABELS[field]));
    for (const [key, text, more] of rows) {
      const row = make("label");
      const tick = make("input");
      tick.type = "checkbox";
      tick.checked = chosen.includes(key);
      tick.dataset.key = field + "-" + key;
      tick.addEventListener("change", () => go({ [field]: tick.checked ? [...chosen, key] : chosen.filter((one) => one !== key) }));
      const words = make("span", text);
      if (more && more !== text) words.append(" ", make("small", more));
      list.append(put(row, tick, words, make("i", whole(counts.get(key) || 0))));
    }
    return put(box, title, list);
  }

  function tiles() {
    const counts = tally("sdg", (one) => one.goals.map(String));
    const box = make("div", undefined, "goals");
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", say("goals"));
    for (const goal of goals) {
      const key = String(goal);
      const on = state.sdg.includes(key);
      const tile = button(key, () => go({ sdg: goals.map(String).filter((one) => (one === key ? !on : state.sdg.includes(one))) }));
      tile.dataset.key = "goal-" + key;
      tile.title = key + " " + data.goals[state.lang][goal] + " (" + whole(counts.get(key) || 0) + ")";
      tile.setAttribute("aria-label", tile.title);
      tile.setAttribute("aria-pressed", String(on));
      const colour = data.goalColours[goal];
      tile.style.borderColor = colour;
      if (on) [tile.style.background, tile.style.color] = [colour, window.LiveMap.ink(colour)];
      box.append(tile);
    }
    return box;
  }

  function select(key, options, value, act) {
    const one = make("select");
    one.dataset.key = key;
    for (const [code, text] of options) {
      const option = make("option", text);
      option.value = code;
      option.selected = code === value;
      one.append(option);
    }
    one.addEventListener("change", () => act(one.value));
    return one;
  }

  function labelled(text, control) {
    return put(make("label", undefined, "field"), make("span", text), control);
  }

  function years() {
    const known = data.activities.flatMap((one) => one.years).filter(Boolean);
    const [first, last] = [known.reduce((a, b) => Math.min(a, b), 9999), known.reduce((a, b) => Math.max(a, b), 0)];
    const [from, to = from] = state.years ? state.years.split("-") : ["", ""];
    const least = Math.min(first, Number(from) || first);
    const span = Array.from({ length: Math.max(Math.max(last, Number(to) || last) - least + 1, 0) }, (_, at) => String(least + at));
    const options = [["", "–"], ...span.map((year) => [year, year])];
    const set = (a, b) => {
      const ends = [a || b, b || a].sort();
      go({ years: ends[0] ? (ends[0] === ends[1] ? ends[0] : ends.join("-")) : "", undated: ends[0] ? state.undated : "" });
    };
    const box = make("fieldset", undefined, "years");
    const both = make("div", undefined, "pair");
    both.append(labelled(say("from"), select("from", options, from, (year) => set(year, to))));
    both.append(labelled(say("to"), select("to", options, to, (year) => set(from, year))));
    const tick = make("input");
    tick.type = "checkbox";
    tick.dataset.key = "undated";
    tick.checked = Boolean(state.undated);
    tick.disabled = !state.years;
    tick.addEventListener("change", () => go({ undated: tick.checked ? "1" : "" }));
    return put(box, make("legend", say("years")), both, put(make("label", undefined, "tick"), tick, make("span", say("undated"))));
  }

  let typing = 0;
  function search() {
    const box = make("input");
    box.type = "search";
    box.maxLength = 200;
    box.value = state.q;
    box.dataset.key = "q";
    box.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => go({ q: box.value }), 120);
    });
    return labelled(say("search"), box);
  }

  function filters() {
    const pairs = (names) => Object.entries(names);
    const reset = button(say("reset"), () => go({ ...bare, lang: state.lang, view: state.view, level: state.level, metric: state.metric }));
    reset.dataset.key = "reset";
    const exported = button(say("exported"), () => go({ ...structuredClone(data.start), lang: state.lang }));
    exported.dataset.key = "exported";
    const upper = ([key, text]) => [key, text[0].toUpperCase() + text.slice(1)];
    const parts = [
      search(),
      put(make("div", undefined, "field"), make("span", say("goals")), tiles()),
      ...LISTS.map(choices),
      years(),
      labelled(say("view"), select("view", pairs(say("views")).map(upper), state.view, (key) => go({ view: key }))),
      labelled(say("level"), select("level", pairs(say("levels")), state.level, (key) => go({ level: key }))),
      labelled(say("metric"), select("metric", pairs(say("metrics")), state.metric, (key) => go({ metric: key }))),
      put(make("div", undefined, "buttons-row"), reset, exported),
    ];
    const box = make("details", undefined, "panel");
    box.open = open.has("panel");
    box.addEventListener("toggle", () => (box.open ? open.add("panel") : open.delete("panel")));
    const title = make("summary", say("filters"));
    title.dataset.key = "open-panel";
    $("filters").setAttribute("aria-label", say("filters"));
    $("filters").replaceChildren(put(box, title, ...parts));
  }

  /* ---- the table */
  function table() {
    const box = make("table");
    const other = Object.keys(data.words).find((code) => code !== state.lang);
    const columns = ["area", "activities", "agenciesCount", "people", "budget"];
    const header = make("tr");
    for (const key of columns) {
      const cell = make("th", say(key), key);
      cell.scope = "col";
      header.append(cell);
    }
    const body = make("tbody");
    const cells = view.figures.areas;
    const order = cells.map((_, at) => at).sort((a, b) => Math.abs(view.values[b] || 0) - Math.abs(view.values[a] || 0) || a - b);
    for (const at of order) {
      const area = fixed.levels[state.level][at];
      if (state.level === "adm2" && !cells[at].activities && !view.values[at]) continue;
      const first = make("th");
      first.scope = "row";
      const choose = button(Page.areaName(area, state.lang), () => pick(area[0] === focus ? "" : area[0]), "link");
      choose.dataset.key = "row-" + area[0];
      choose.setAttribute("aria-pressed", String(area[0] === focus));
      const second = make("small", Page.areaName(area, other));
      if (other) second.lang = other;
      first.append(choose, second);
      const row = figures(put(make("tr"), first), cells[at]);
      row.dataset.pcode = area[0];
      if (area[0] === focus) row.className = "chosen";
      body.append(row);
    }
    const foot = make("tfoot");
    const { scopes } = view.figures;
    const total = { activities: view.figures.total, agencies: new Set(), people: 0, stated: 0, low: 0, high: 0, budgets: 0 };
    for (const cell of Object.values(scopes)) {
      cell.agencies.forEach((code) => total.agencies.add(code));
      for (const key of ["people", "stated", "low", "high", "budgets"]) total[key] += cell[key];
    }
    const scopeNames = say("scopes");
    const upper = (text) => text[0].toUpperCase() + text.slice(1);
    const sums = [[say("once"), scopes.subnational], [upper(scopeNames.nationwide), scopes.nationwide], [upper(scopeNames.unlocated), scopes.unlocated], [say("everything"), total]];
    for (const [text, cell] of sums) {
      const first = make("th", text);
      first.scope = "row";
      foot.append(figures(put(make("tr"), first), cell));
    }
    box.append(make("caption", say("table")), put(make("thead"), header), body, foot);
    $("table").replaceChildren(box);
  }

  function figures(row, cell) {
    const texts = [whole(cell.activities), whole(cell.agencies.size), view.people(cell), view.budget(cell)];
    return put(row, ...texts.map((text) => make("td", text, "figure")));
  }

  /* ---- the list and its cards */
  function pick(code) {
    focus = code;
    shown = STEP;
    draw();
  }

  const where = (decision) => (decision.areas.length ? decision.areas.map(name).join(", ") : say("scopes")[decision.scope]);

  function brief(decision) {
    const names = decision.areas.map(name);
    return names.length ? names.slice(0, 6).join(", ") + (names.length > 6 ? " +" + (names.length - 6) : "") : where(decision);
  }

  function days(one) {
    const [from, to] = one.days.map((at) => (at < 0 ? "…" : data.dates[state.lang][at]));
    return one.days.some((at) => at >= 0) ? from + " – " + to : "";
  }

  function goalTiles(one) {
    const box = make("span", undefined, "tiles");
    for (const goal of one.goals) {
      const tile = make("b", String(goal));
      tile.title = data.goals[state.lang][goal] || "";
      tile.style.background = data.goalColours[goal];
      tile.style.color = window.LiveMap.ink(data.goalColours[goal] || "#ffffff");
      box.append(tile);
    }
    return box;
  }

  function list() {
    const level = focus && (data.index.adm1.has(focus) ? "adm1" : "adm2");
    const here = (one) => !focus || Page.placed(one, state.view)[level].includes(data.index[level].get(focus));
    const rows = data.activities.filter((one, at) => view.mask[at] && here(one));
    const title = make("h2", focus ? fill(say("here"), { area: name(focus) }) : say("list"));
    title.append(" ", make("span", whole(rows.length), "count"));
    const items = make("ol");
    for (const one of rows.slice(0, shown)) items.append(entry(one));
    const rest = rows.length - shown;
    const more = rest > 0 && button(fill(say("more"), { count: whole(Math.min(rest, 5 * STEP)) }), () => ((shown += 5 * STEP), list()), "more");
    const back = focus && button(say("everywhere"), () => pick(""), "more");
    const none = !rows.length && make("p", say(focus ? "nowhere" : "nothing"), "plain");
    $("list").replaceChildren(...[title, back, none, items, more].filter(Boolean));
  }

  function entry(one) {
    const item = make("li");
    const box = make("details");
    const head = make("summary");
    head.dataset.key = "one-" + one.id;
    const facts = [one.codes.join(", "), brief(Page.placed(one, state.view)), days(one)].filter(Boolean).join(" · ");
    put(head, make("span", one.title, "headline"), put(make("span", undefined, "facts"), goalTiles(one), make("span", facts)));
    box.addEventListener("toggle", () => {
      if (box.open && box.childElementCount === 1) box.append(card(one));
    });
    return put(item, put(box, head));
  }

  function facts(one) {
    const strings = (numbers) => numbers.map((at) => data.strings[at]).join("; ");
    const at = Object.keys(data.words).indexOf(state.lang);
    const agency = (number) => {
      const [code, ...names] = data.agencies[number];
      return names[at] && names[at] !== code ? code + " – " + names[at] : code;
    };
    const [title, , day] = one.source;
    const amount = one.cents < 0 ? "" : data.strings[one.currency] + "\u00a0" + whole(units(one.cents)) + basisOf(one);
    return [
      [say("agencies"), one.agencies.map(agency).join("; ") || say("notStated")],
      [say("donors"), one.givers.map((donor) => Page.donorName(data, donor, state.lang)).join("; ") || say("notStated")],
      [say("partners"), strings(one.partners)],
      [say("targets"), one.targets.join(", ")],
      [say("status"), data.statuses[state.lang][one.status || "none"] || one.status],
      [say("dates"), days(one) || say("notStated")],
      [say("budget"), amount || say("notStated")],
      [say("people"), one.people < 0 ? say("notStated") : whole(one.people)],
      [say("published"), strings(one.places) || say("none")],
      [say("source"), [data.strings[title], day < 0 ? "" : data.dates[state.lang][day]].filter(Boolean).join(", ")],
      [say("identifier"), one.id],
    ].filter(([, text]) => text);
  }

  function units(cents) {
    const [amount, rest] = [Math.floor(cents / 100), cents % 100];
    return rest > 50 || (rest === 50 && amount % 2) ? amount + 1 : amount;
  }

  function basisOf(one) {
    const basis = data.strings[one.basis];
    return basis ? " (" + (say("bases")[basis] || basis) + ")" : "";
  }

  function card(one) {
    const box = make("div", undefined, "card");
    const list = make("dl");
    for (const [label, text] of facts(one)) list.append(make("dt", label), make("dd", text));
    put(box, one.goalBasis && make("p", say(one.goalBasis) || "", "soft"), one.summary && make("p", one.summary), list);
    if (one.source[1]) {
      const link = make("a", say("openSource"));
      link.href = one.source[1];
      link.rel = "noopener noreferrer";
      link.target = "_blank";
      box.append(put(make("p"), link));
    }
    const now = one.corrected;
    const both = make("dl");
    both.append(make("dt", say("registered")), make("dd", where(one.registered)), make("dt", say("corrected")), make("dd", where(now)));
    put(box, make("h3", say("why")), both, make("p", data.strings[now.reason]));
    box.append(make("p", fill(say("confidence"), { level: say(now.confidence) }), "soft"));
    if (now.dropped.length) box.append(make("p", fill(say("dropped"), { names: now.dropped.map(name).join(", ") })));
    if (!now.evidence.length) return put(box, make("p", say("noEvidence")));
    const items = make("ul");
    for (const found of now.evidence) {
      const [words, field, reason, source] = found.map((at) => data.strings[at]);
      items.append(put(make("li"), make("q", words), make("small", " (" + field + ") "), make("span", reason + " "), make("small", source)));
    }
    return put(box, items);
  }

  /* ---- all of it */
  function draw() {
    const held = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.key : "";
    const caret = held === "q" ? document.activeElement.selectionStart : 0;
    const scrolled = [...document.querySelectorAll(".options")].map((one) => one.scrollTop);
    view = new Page.View(data, state, fixed.levels, goals);
    Page.view = view;
    if (focus && !(state.level === "adm1" ? data.index.adm1 : data.index.adm2).has(focus)) focus = "";
    head();
    filters();
    $("sum").textContent = view.addsUp();
    const legend = view.legend();
    $("band").replaceChildren(...[legend.nationwide, legend.unlocated].filter(Boolean).map((text) => make("p", text)));
    table();
    list();
    foot();
    // The band above the map says it already.
    window.update({ ...view.delta(focus), legend: { ...legend, nationwide: "" } });
    [...document.querySelectorAll(".options")].forEach((one, at) => (one.scrollTop = scrolled[at] || 0));
    const again = held && document.querySelector('[data-key="' + CSS.escape(held) + '"]');
    if (again) {
      again.focus({ preventScroll: true });
      if (held === "q") again.setSelectionRange(caret, caret);
    }
  }

  window.onMapEvent = (event) => {
    pick(event.type === "area" ? event.pcode : "");
    if (focus && window.innerWidth < 900) $("list").scrollIntoView();
  };
  window.addEventListener("beforeprint", () => {
    shown = data.activities.length;
    list();
  });
  if (window.innerWidth >= 900) open.add("panel");
  Page.go = go;
  Page.pick = pick;
  Page.state = () => state;
  draw();
})();
