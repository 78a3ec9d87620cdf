/* Areas: static data, the delta read into figures, and the polygons with their classes. */
/* global L */
(function () {
  "use strict";
  const LiveMap = (window.LiveMap = window.LiveMap || {});

  /** Bytes of a base64 text. */
  LiveMap.bytes = function (text) {
    return Uint8Array.from(atob(text || ""), (letter) => letter.charCodeAt(0));
  };

  /** Counts by row from base-128 numbers, 7 bits a byte. */
  function matrix(text, columns) {
    const rows = [];
    let row = [];
    let value = 0;
    let shift = 0;
    for (const byte of LiveMap.bytes(text)) {
      value += (byte & 0x7f) * 2 ** shift;
      shift += 7;
      if (byte & 0x80) continue;
      row.push(value);
      value = shift = 0;
      if (row.length === columns) {
        rows.push(row);
        row = [];
      }
    }
    return rows;
  }

  const cell = (column, at) => (column.length ? column[0][column[1][at]] : "");

  /** A delta as a map from P-code to figures; areas that the delta leaves out are not in it. */
  LiveMap.figures = function (delta, fixed) {
    const counts = matrix(delta.goals, fixed.goals.length);
    const found = new Map();
    let at = 0;
    fixed.levels[delta.level].forEach((area, index) => {
      const sign = delta.classes[index];
      if (sign === undefined || sign === ".") return;
      found.set(area.pcode, {
        area: area,
        index: sign === "-" ? -1 : Number(sign),
        activities: delta.activities[at],
        agencies: delta.agencies[at],
        value: cell(delta.values, at) || String(delta.activities[at]),
        people: cell(delta.people, at),
        budget: cell(delta.budget, at),
        goals: counts[at] || [],
      });
      at += 1;
    });
    return found;
  };

  /** areas.json with its rows as objects, and one index by P-code over both levels. */
  LiveMap.prepare = function (raw) {
    LiveMap.local = raw.local; // the language of the names that are called lo
    const byCode = new Map();
    const levels = {};
    for (const level of Object.keys(raw.levels)) {
      levels[level] = raw.levels[level].map(([pcode, en, lo, lon, lat, parent]) => {
        const area = { pcode, en, lo, at: L.latLng(lat, lon), parent, bounds: null, path: null };
        byCode.set(pcode, area);
        return area;
      });
    }
    const goals = raw.goals.map(([number, colour, en, lo]) => ({ number, colour, en, lo }));
    return Object.assign({}, raw, { levels, byCode, goals });
  };

  /** The name in the view's language, the English one where there is none. */
  LiveMap.name = (thing, language) => (language === LiveMap.local && thing.lo) || thing.en;

  /** Polygons of one level, drawn once as SVG and recoloured at each delta. */
  LiveMap.Polygons = class {
    constructor(app, level, collection) {
      this.app = app;
      this.level = level;
      this.layer = L.geoJSON(collection, {
        pane: "areas",
        // Neighbours share their simplified border; a second simplification would pull them apart.
        smoothFactor: 0,
        renderer: app.renderer,
        style: { color: "#ffffff", weight: level === "adm1" ? 1 : 0.7, fillOpacity: 1, fillColor: "#f4f4f1" },
        onEachFeature: (feature, path) => {
          const area = app.fixed.byCode.get(feature.id);
          area.path = path;
          area.bounds = path.getBounds();
          path.pcode = feature.id;
        },
      });
      this.bind();
    }

    /** Mouse, touch and keyboard come through one listener each, set on the paths' own elements. */
    bind() {
      const app = this.app;
      this.layer.on("mouseover mousemove", (event) => {
        if (!app.touch) app.tooltip.follow(event.layer.pcode, event.containerPoint);
      });
      this.layer.on("mouseout", () => !app.touch && app.tooltip.hide());
      this.layer.on("click", (event) => {
        L.DomEvent.stop(event);
        // A finger cannot hover: the first tap tells, the second one (or the button) chooses.
        if (app.touch && app.tooltip.pcode !== event.layer.pcode) app.tooltip.pin(event.layer.pcode);
        else app.press(event.layer.pcode);
      });
    }

    /** Give the elements their role; Leaflet makes them anew whenever the layer is added. */
    dress() {
      const app = this.app;
      this.layer.eachLayer((path) => {
        const element = path.getElement();
        if (!element || element.dataset.pcode) return;
        element.dataset.pcode = path.pcode;
        element.setAttribute("role", "button");
        element.addEventListener("focus", () => element.matches(":focus-visible") && app.tooltip.pin(path.pcode));
        // A press on the sheet's buttons takes the focus away too, and must still find them.
        element.addEventListener("blur", () => app.touch || app.tooltip.hide());
        element.addEventListener("keydown", (event) => {
          if (event.key !== "Enter" && event.key !== " ") return;
          event.preventDefault();
          event.stopPropagation();
          app.press(path.pcode);
        });
      });
    }

    /** Colour every area by its class; an area without a figure is pale and takes no event. */
    paint(figures, colours) {
      const app = this.app;
      this.layer.eachLayer((path) => {
        const figure = figures.get(path.pcode);
        const element = path.getElement();
        const fill = !figure ? "#f7f7f4" : figure.index < 0 ? "url(#no-data)" : colours.get(figure.index) || "#ffffff";
        path.setStyle({ fillColor: fill, color: figure ? "#9aa5ad" : "#d5dade" });
        if (!element) return;
        element.style.pointerEvents = figure ? "" : "none";
        if (!figure) {
          element.removeAttribute("tabindex");
          element.setAttribute("aria-hidden", "true");
          return;
        }
        element.setAttribute("tabindex", "0");
        element.removeAttribute("aria-hidden");
        element.setAttribute("aria-label", app.tooltip.words(figure).join(", "));
        element.setAttribute("aria-pressed", String(app.delta.selected === path.pcode));
      });
    }
  };

  /** The hatching for "no data"; it lives in the drawing that the paths live in. */
  LiveMap.addHatch = function (renderer) {
    const make = (name, attributes, parent) => {
      const element = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
      parent.appendChild(element);
      return element;
    };
    const defs = make("defs", {}, renderer._container);
    const size = { id: "no-data", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" };
    const pattern = make("pattern", size, defs);
    make("rect", { width: 6, height: 6, fill: "#ffffff" }, pattern);
    make("rect", { width: 2, height: 6, fill: "#b9c0c5" }, pattern);
  };
})();
