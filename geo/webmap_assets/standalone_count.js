/* The standalone page's figures: the same rules as geo/filters.py, summary.py, classes.py and words.py; tests compare them. */
(function () {
  "use strict";
  const Page = (window.Page = window.Page || {});
  const SCOPES = ["unlocated", "nationwide", "subnational"];
  const CLASSES = 5;
  const CLASSES_A_SIDE = 3;

  /* ---- the matching key of a text (geo/fold.py) */
  const SCRIPT = "\\u0e80-\\u0eff";
  const TONES = "\u0ec8\u0ec9\u0eca\u0ecb";
  const PLAIN = { "đ": "d", "ð": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h", "ß": "ss", "ς": "σ" };
  const INVISIBLE = /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200c-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/g;
  const COMBINING = /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+/g;
  const MARK_RUN = /[\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece]{2,}/g;
  const GAP = new RegExp("(?<=[" + SCRIPT + "]) +(?=[" + SCRIPT + "])", "g");

  function kept(letter) {
    if (/\p{Nd}/u.test(letter)) {
      const code = letter.codePointAt(0);
      let digit = code & 15;
      if (digit >= 6 && !/\p{Nd}/u.test(String.fromCodePoint(code & ~15))) digit -= 6;
      return String(digit);
    }
    return /[\p{L}\p{M}\p{N}]/u.test(letter) ? letter : " ";
  }

  Page.fold = function (text) {
    let plain = text.normalize("NFKC").toLowerCase();
    plain = plain.normalize("NFKD").replace(COMBINING, "").replace(/[đðøłıæœħßς]/g, (letter) => PLAIN[letter]).replace(INVISIBLE, "");
    plain = [...plain].map(kept).join("").trim().replace(/\s+/g, " ").replace(GAP, "");
    plain = plain.replace(/ເເ/g, "ແ").replace(/ຼ/g, "ລ");
    const order = (mark) => (TONES.includes(mark) ? 1 : 0);
    return plain.replace(MARK_RUN, (run) => [...new Set(run)].sort((a, b) => order(a) - order(b) || (a < b ? -1 : 1)).join(""));
  };

  /* ---- numbers and money in words */
  const fill = (Page.fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole)));

  function grouped(digits, group) {
    return digits.replace(/\B(?=(\d{3})+$)/g, group);
  }

  /** Half-even division of whole numbers, as decimal arithmetic rounds. */
  function rounded(top, bottom) {
    const whole = top / bottom;
    const rest = 2n * (top % bottom);
    return rest > bottom || (rest === bottom && whole % 2n === 1n) ? whole + 1n : whole;
  }

  function decimal(scaled, places, mark) {
    const text = String(scaled).padStart(places + 1, "0");
    const rest = text.slice(text.length - places).replace(/0+$/, "");
    return [text.slice(0, text.length - places), rest ? mark + rest : ""];
  }

  Page.Numbers = class {
    constructor(rules) {
      this.rules = rules;
    }

    whole(value) {
      return (value < 0 ? "-" : "") + grouped(String(Math.abs(value)), this.rules.group);
    }

    /** Hundredths as a short number. */
    compact(cents, digits) {
      const amount = BigInt(cents);
      for (const [least, divisor, text] of this.rules.sizes) {
        if (amount < BigInt(least) * 100n) continue;
        const scaled = rounded(amount * 10n ** BigInt(digits), BigInt(divisor) * 100n);
        return text.replace("{}", decimal(scaled, digits, this.rules.decimal).join(""));
      }
      const [units, rest] = decimal(amount, 2, this.rules.decimal);
      return grouped(units, this.rules.group) + rest;
    }

    money(cents) {
      return "USD " + this.compact(cents, 1);
    }

    range(low, high) {
      return low === high ? this.money(low) : this.money(low) + " – " + this.compact(high, 1);
    }
  };

  /* ---- classes: exact Fisher-Jenks on whole numbers (geo/classes.py) */
  const more = (a, b) => a[0] * b[1] > b[0] * a[1];
  const add = (a, b) => [a[0] * b[1] + b[0] * a[1], a[1] * b[1]];

  function starts(values, counts, k) {
    const n = values.length;
    const size = [0n];
    const total = [0n];
    values.forEach((value, at) => {
      size.push(size[at] + BigInt(counts[at]));
      total.push(total[at] + BigInt(value) * BigInt(counts[at]));
    });
    const gain = (start, end) => [(total[end] - total[start]) ** 2n, size[end] - size[start]];
    let best = [[0n, 1n]];
    for (let end = 1; end <= n; end++) best.push(gain(0, end));
    const layers = [];
    for (let used = 2; used <= k; used++) {
      const layer = new Array(n + 1).fill(0);
      const layerBest = new Array(n + 1).fill([-1n, 1n]);
      const todo = [[used, n, used - 1, n - 1]];
      while (todo.length) {
        const [low, high, left, right] = todo.pop();
        if (low > high) continue;
        const end = Math.floor((low + high) / 2);
        let start = left;
        let top = null;
        for (let s = left; s <= Math.min(right, end - 1); s++) {
          const here = add(best[s], gain(s, end));
          if (top === null || more(here, top)) [start, top] = [s, here];
        }
        layer[end] = start;
        layerBest[end] = top;
        todo.push([low, end - 1, left, start], [end + 1, high, start, right]);
      }
      layers.push(layer);
      best = layerBest;
    }
    const found = [n];
    for (const layer of layers.reverse()) found.push(layer[found[found.length - 1]]);
    return [0, ...found.slice(1).reverse()];
  }

  function breaks(values, k) {
    const counts = new Map();
    for (const value of values) if (value) counts.set(value, (counts.get(value) || 0) + 1);
    const distinct = [...counts.keys()].sort((a, b) => a - b);
    if (!distinct.length) return [];
    const ends = [...starts(distinct, distinct.map((value) => counts.get(value)), Math.min(k, distinct.length)).slice(1), distinct.length];
    const uppers = ends.map((end) => distinct[end - 1]);
    return uppers.map((upper, at) => [at ? uppers[at - 1] + 1 : distinct[0], upper]);
  }

  function changes(values) {
    const side = breaks(values.filter((value) => value !== null).map(Math.abs), CLASSES_A_SIDE);
    return [...[...side].reverse().map(([low, high]) => [-high, -low]), [0, 0], ...side];
  }
  Page.breaks = breaks;

  /* ---- the data */
  const NAMES = ["id", "title", "summary", "goals", "goalBasis", "targets", "agencies", "donors", "partners", "places", "status", "days"];
  NAMES.push("years", "cents", "currency", "basis", "people", "source", "hay", "corrected", "registered");

  Page.read = function (data, levels) {
    const index = { adm1: new Map(), adm2: new Map() };
    for (const level of ["adm1", "adm2"]) levels[level].forEach((area, at) => index[level].set(area[0], at));
    const parent = new Map(levels.adm2.map((area) => [area[0], area[5]]));
    const decision = ([scope, areas, dropped, confidence, reason, evidence]) => ({
      scope,
      areas,
      dropped,
      confidence,
      reason,
      evidence,
      adm1: [...new Set(areas.map((code) => index.adm1.get(parent.get(code) || code)))].sort((a, b) => a - b),
      adm2: areas.filter((code) => index.adm2.has(code)).map((code) => index.adm2.get(code)),
    });
    data.activities = data.activities.map((row) => {
      const one = Object.fromEntries(NAMES.map((name, at) => [name, row[at]]));
      one.corrected = decision(one.corrected);
      one.registered = decision(one.registered);
      one.counted = one.cents >= 0 && (!data.basis || data.strings[one.basis] === data.basis);
      one.codes = one.agencies.map((at) => data.agencies[at][0]);
      one.givers = one.donors.map((at) => data.donors[at]);
      return one;
    });
    data.index = index;
    return data;
  };

  const placed = (one, view) => (view === "registered" ? one.registered : one.corrected);
  Page.placed = placed;

  /** For each field that filters, what it keeps by itself. */
  function tests(data, state) {
    const found = {};
    const any = (wanted, given) => given.some((value) => wanted.has(value));
    const set = (name) => new Set(state[name]);
    if (state.sdg.length) {
      const wanted = set("sdg");
      found.sdg = (one) => one.goals.some((goal) => wanted.has(String(goal)));
    }
    if (state.agency.length) found.agency = ((wanted) => (one) => any(wanted, one.codes))(set("agency"));
    if (state.donor.length) found.donor = ((wanted) => (one) => any(wanted, one.givers))(set("donor"));
    if (state.status.length) found.status = ((wanted) => (one) => wanted.has(one.status || "none"))(set("status"));
    if (state.scope.length) found.scope = ((wanted) => (one) => wanted.has(placed(one, state.view).scope))(set("scope"));
    if (state.area.length) {
      const wanted = { adm1: new Set(), adm2: new Set() };
      for (const code of state.area) {
        for (const level of ["adm1", "adm2"]) if (data.index[level].has(code)) wanted[level].add(data.index[level].get(code));
      }
      const touches = (where) => any(wanted.adm1, where.adm1) || any(wanted.adm2, where.adm2);
      found.area = (one) => touches(placed(one, state.view)) || (state.view === "difference" && touches(one.registered));
    }
    if (state.years) {
      const [first, last = first] = state.years.split("-").map(Number);
      found.years = ({ years }) => (years[0] > 0 ? years[0] <= last && years[1] >= first : Boolean(state.undated));
    }
    const words = Page.fold(state.q).split(" ").filter(Boolean);
    if (words.length) found.q = (one) => words.every((word) => one.hay.includes(word));
    return found;
  }

  /** The activities that the state keeps; `without` leaves one field out. */
  Page.select = function (data, state, without) {
    const all = Object.entries(tests(data, state)).filter(([name]) => name !== without).map(([, test]) => test);
    return data.activities.map((one) => all.every((test) => test(one)));
  };

  /** Figures by area and by scope of the activities that are on. */
  Page.count = function (data, mask, view, level) {
    const blank = () => ({ activities: 0, agencies: new Set(), people: 0, stated: 0, low: 0, high: 0, budgets: 0, goals: new Map() });
    const areas = [...data.index[level]].map(blank);
    const scopes = Object.fromEntries(SCOPES.map((name) => [name, blank()]));
    let placedHere = 0;
    data.activities.forEach((one, row) => {
      if (!mask[row]) return;
      const where = placed(one, view);
      const alone = level === "adm1" ? where.adm1.length === 1 : where.areas.length === 1;
      if (where[level].length) placedHere += 1;
      for (const cell of [scopes[where.scope], ...where[level].map((at) => areas[at])]) {
        cell.activities += 1;
        one.codes.forEach((code) => cell.agencies.add(code));
        one.goals.forEach((goal) => cell.goals.set(goal, (cell.goals.get(goal) || 0) + 1));
        if (one.people >= 0) {
          cell.people += one.people;
          cell.stated += 1;
        }
        if (!one.counted) continue;
        cell.budgets += 1;
        cell.high += one.cents;
        if (alone || cell === scopes[where.scope]) cell.low += one.cents;
      }
    });
    const total = SCOPES.reduce((sum, name) => sum + scopes[name].activities, 0);
    return { areas, scopes, total, placed: placedHere };
  };

  function metric(cell, name) {
    if (name === "people") return cell.stated ? cell.people : null;
    if (name === "budget") return cell.budgets ? cell.high : null;
    return name === "agencies" ? cell.agencies.size : cell.activities;
  }

  /* ---- the view in words and as a change of the map */
  Page.View = class {
    constructor(data, state, levels, goals) {
      Object.assign(this, { data, state, levels, goals });
      this.words = data.words[state.lang];
      this.numbers = new Page.Numbers(data.numbers[state.lang]);
      this.mask = Page.select(data, state);
      this.figures = Page.count(data, this.mask, state.view, state.level);
      const now = this.figures.areas.map((cell) => metric(cell, state.metric));
      this.values = now;
      if (state.view === "difference") {
        const before = Page.count(data, this.mask, "registered", state.level).areas.map((cell) => metric(cell, state.metric));
        this.values = now.map((value, at) => (value || 0) - (before[at] || 0));
      }
      this.scale();
    }

    scale() {
      const { state, data } = this;
      this.changed = state.view === "difference";
      this.breaks = this.changed ? changes(this.values) : breaks(this.values, CLASSES);
      const hue = state.sdg.length === 1 ? state.sdg[0] : "";
      const count = this.breaks.length;
      this.colours = this.changed ? data.ramps.change[(count - 1) / 2] : data.ramps[hue][Math.max(count, 1) - 1];
      this.indices = this.values.map((value) => this.index(value));
    }

    index(value) {
      if (value === null) return -1;
      if (value === 0 || !this.breaks.length) return 0;
      return this.breaks.findIndex(([low, high]) => low <= value && value <= high) + 1;
    }

    plain(value) {
      return this.state.metric === "budget" ? this.numbers.money(value) : this.numbers.whole(value);
    }

    signed(value) {
      return (value > 0 ? "+" : value < 0 ? "−" : "") + this.plain(Math.abs(value));
    }

    people(cell) {
      return cell.stated ? this.numbers.whole(cell.people) : "–";
    }

    budget(cell) {
      return cell.budgets ? this.numbers.range(cell.low, cell.high) : "–";
    }

    value(at) {
      const value = this.values[at];
      if (value === null) return "–";
      if (this.changed) return this.signed(value);
      return this.state.metric === "budget" ? this.budget(this.figures.areas[at]) : this.plain(value);
    }

    label([low, high]) {
      if (this.state.metric === "budget" && !this.changed) {
        const [least, most] = [low, high].map((cents) => this.numbers.compact(cents, 2));
        return least === most ? "USD " + least : "USD " + least + " – " + most;
      }
      const [least, most] = [low, high].map((value) => (this.changed ? this.signed(value) : this.plain(value)));
      return least === most ? least : least + " – " + most;
    }

    legend() {
      const { words, indices, state } = this;
      const count = (index) => indices.filter((one) => one === index).length;
      const rows = this.breaks
        .map((one, at) => [at + 1, this.label(one), this.colours[at], count(at + 1), one])
        .filter(([index, , , areas, [low, high]]) => (low || high) && (areas || !this.changed))
        .map((row) => row.slice(0, 4));
      const rest = [[0, this.changed ? words.noChange : words.zero, this.data.colours.zero, count(0)]];
      if (count(-1)) rest.push([-1, words.notStated, this.data.colours.none, count(-1)]);
      const title = words.titles[state.level][state.metric];
      return {
        title: this.changed ? fill(words.change, { title }) : title,
        classes: [...rows.reverse(), ...rest],
        nationwide: this.scopeWords("nationwide"),
        unlocated: this.scopeWords("unlocated"),
      };
    }

    scopeWords(scope) {
      const cell = this.figures.scopes[scope];
      if (!cell.activities) return scope === "nationwide" ? this.words.nationwideNone : "";
      const money = cell.high ? " (" + this.numbers.money(cell.high) + ")" : "";
      return fill(this.words[scope], { count: this.numbers.whole(cell.activities), money });
    }

    addsUp() {
      const { scopes, total } = this.figures;
      const count = (name) => scopes[name].activities;
      return fill(this.words.addsUp, { total, located: count("subnational"), nationwide: count("nationwide"), unlocated: count("unlocated") });
    }

    /** What geo/webmap_delta.py makes of the same view. */
    delta(selected) {
      const { areas } = this.figures;
      const texts = areas.map((cell, at) => (this.value(at) === String(cell.activities) ? "" : this.value(at)));
      return {
        language: this.state.lang,
        level: this.state.level,
        within: "",
        view: this.state.view,
        metric: this.state.metric,
        classes: this.indices.map((index) => (index < 0 ? "-" : String(index))).join(""),
        activities: areas.map((cell) => cell.activities),
        agencies: areas.map((cell) => cell.agencies.size),
        values: column(texts),
        people: column(areas.map((cell) => this.people(cell))),
        budget: column(areas.map((cell) => this.budget(cell))),
        goals: matrix(areas, this.goals),
        legend: this.legend(),
        attribution: this.words.attribution,
        mask: this.points(),
        selected: selected || "",
        layers: {},
        basemap: {},
      };
    }

    /** The points that are on: those of the activities kept, in the half of the table that the view reads. */
    points() {
      const bits = [];
      for (const view of ["corrected", "registered"]) {
        const shown = (this.state.view === "registered") === (view === "registered");
        this.data.activities.forEach((one, row) => one[view].adm2.forEach(() => bits.push(shown && this.mask[row])));
      }
      const bytes = new Uint8Array(Math.ceil(bits.length / 8));
      bits.forEach((on, at) => (bytes[at >> 3] |= on ? 1 << (at & 7) : 0));
      return btoa(String.fromCharCode(...bytes));
    }

    /** The filters in words (geo/words.py). */
    chosen() {
      const { state, words, data } = this;
      const language = state.lang;
      const either = (names) => names.join(" " + words.or + " ");
      const area = (code) => {
        const level = data.index.adm1.has(code) ? "adm1" : "adm2";
        return Page.areaName(this.levels[level][data.index[level].get(code)], language);
      };
      const parts = [
        either(state.sdg.map((goal) => "SDG " + goal + " " + data.goals[language][goal])),
        words.fixed.target,
        either(state.agency),
        either(state.donor.map((donor) => words.fundedBy + " " + Page.donorName(data, donor, language))),
        words.fixed.partner,
        either(state.area.map(area)),
        either(state.status.map((code) => data.statuses[language][code])),
        either(state.scope.map((scope) => words.scopes[scope])),
        words.fixed.was,
        words.fixed.now,
        this.span(),
        words.fixed.on,
        state.q ? "“" + state.q + "”" : "",
      ];
      return parts.filter(Boolean).join(" · ");
    }

    subtitle() {
      return [this.chosen() || this.words.all, this.words.views[this.state.view]].join(" · ");
    }

    span() {
      const { state, words } = this;
      if (!state.years) return "";
      const [first, last = first] = state.years.split("-");
      const text = fill(words.activeIn, { years: first === last ? first : first + "–" + last });
      return state.undated ? text + " " + words.orUndated : text;
    }

    notes() {
      const { words, figures, state, numbers } = this;
      const found = [];
      if (figures.areas.reduce((sum, cell) => sum + cell.activities, 0) > figures.placed) found.push(words.several);
      const outside = figures.scopes.subnational.activities - figures.placed;
      if (state.level === "adm2" && outside) found.push(fill(words.provinceOnly, { count: outside }));
      if (state.metric === "budget") {
        const cents = SCOPES.map((name) => figures.scopes[name].high);
        const total = numbers.money(cents.reduce((sum, one) => sum + one, 0));
        found.push(fill(words.moneyNote, { basis: words.basis, total, located: numbers.money(cents[2]) }), words.money);
      }
      if (state.metric === "people") found.push(words.peopleNote);
      if (state.years && !state.undated && this.data.undated) found.push(fill(words.undatedOut, { count: this.data.undated }));
      return found;
    }
  };

  Page.donorName = (data, donor, language) =>
    Object.hasOwn(data.donorNames[language], donor) ? data.donorNames[language][donor] : donor;
  Page.areaName = (area, language) => (language === Page.local && area[2]) || area[1];

  function column(texts) {
    const distinct = [...new Set(texts)];
    if (!distinct.length || (distinct.length === 1 && distinct[0] === "")) return [];
    const place = new Map(distinct.map((text, at) => [text, at]));
    return [distinct, texts.map((text) => place.get(text))];
  }

  function matrix(areas, goals) {
    const out = [];
    for (const cell of areas) {
      for (const goal of goals) {
        let count = cell.goals.get(goal) || 0;
        for (; count > 0x7f; count = Math.floor(count / 128)) out.push((count & 0x7f) | 0x80);
        out.push(count);
      }
    }
    return btoa(out.map((byte) => String.fromCharCode(byte)).join(""));
  }
})();
