/* Labels and goal tiles: set in one pass after each zoom, biggest first, so that none covers another. */
/* global L */
(function () {
  "use strict";
  const LiveMap = (window.LiveMap = window.LiveMap || {});
  const SVG = "http://www.w3.org/2000/svg";
  const TILE = { width: 28, height: 14, badge: 14, gap: 2 };
  const GROWTH = [1, 2, 3, 5, 8, 11, 18]; // goals of a grid, round by round; with the tile that counts the rest these fill rows
  const PROVINCES_UNTIL = 7.75; // zoom below which a district map bears its provinces' names

  const ASIDE = 5; // pixels between labels on one line, which else read as one
  // How a province's name is tried before it is left out: pixels off its size, whether its middle must be on the area, and
  // the least room at its sides.
  const TRIES = [{}, { less: 1.5, within: true }, { less: 2.5, within: true }, { less: 2.5, within: true, aside: 1 }, { less: 2.5, aside: 2 }];
  const EDGE = 3; // pixels between a label and the frame

  // Where a label may stand when its own place is taken: the nearest of these steps, in pixels.
  const steps = (across, down, reach) => {
    const found = [];
    for (let dx = -36; dx <= 36; dx += across) for (let dy = -reach; dy <= reach; dy += down) found.push([dx, dy]);
    return found.sort((a, b) => Math.hypot(a[0], 1.4 * a[1]) - Math.hypot(b[0], 1.4 * b[1]) || a[0] - b[0] || a[1] - b[1]);
  };
  const STEPS = steps(12, 7, 28);
  const FINE = steps(4, 2, 22); // of a name that had to be made smaller

  LiveMap.FONT = '"Map Script", "Segoe UI", Roboto, "Helvetica Neue", Arial, system-ui, sans-serif';

  /** Rectangles already taken, in layer pixels. */
  class Taken {
    constructor() {
      this.boxes = [];
    }

    free(box, gap, aside = gap) {
      const meets = (one, other) =>
        one.x - aside < other.x + other.w && other.x < one.x + one.w + aside && one.y - gap < other.y + other.h && other.y < one.y + one.h + gap;
      return !this.boxes.some((other) => (box.lines || [box]).some((line) => meets(line, other)));
    }

    /** Take the first of the boxes that is free and fits, or none. */
    first(boxes, gap, fits, aside = gap) {
      const found = boxes.find((box) => this.free(box, gap, aside) && (!fits || fits(box)));
      if (found) this.boxes.push(...(found.lines || [found]));
      return found;
    }
  }

  /** White on a dark goal's colour, near-black on a light one (WCAG relative luminance). */
  function ink(colour) {
    const part = (at) => {
      const value = parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5) > 0.25 ? "#16222b" : "#ffffff";
  }
  LiveMap.ink = ink;

  LiveMap.Labels = class {
    constructor(app) {
      this.app = app;
      this.svg = document.createElementNS(SVG, "svg");
      this.svg.setAttribute("class", "labels leaflet-zoom-hide");
      this.svg.setAttribute("aria-hidden", "true");
      app.map.getPane("points").appendChild(this.svg);
      this.pen = document.createElement("canvas").getContext("2d");
      this.widths = new Map();
    }

    width(text, font) {
      const key = font + text;
      if (!this.widths.has(key)) {
        this.pen.font = font;
        this.widths.set(key, Math.ceil(this.pen.measureText(text).width));
      }
      return this.widths.get(key);
    }

    add(name, attributes, text) {
      const element = document.createElementNS(SVG, name);
      for (const key of Object.keys(attributes)) element.setAttribute(key, attributes[key]);
      if (text !== undefined) element.textContent = text;
      this.group.appendChild(element);
      return element;
    }

    /** The part of the map that is seen, in layer pixels, less a hair's breadth at each side. */
    frame() {
      const { map } = this.app;
      const { x, y } = map.containerPointToLayerPoint([0, 0]);
      const size = map.getSize();
      return { x: x + EDGE, y: y + EDGE, w: size.x - 2 * EDGE, h: size.y - 2 * EDGE };
    }

    /** Whether the frame cuts nothing off a box: it is seen whole, or not at all. */
    whole(box) {
      const { x, y, w, h } = this.view;
      const seen = box.x + box.w > x - EDGE && box.x < x + w + EDGE && box.y + box.h > y - EDGE && box.y < y + h + EDGE;
      return !seen || (box.x >= x && box.x + box.w <= x + w && box.y >= y && box.y + box.h <= y + h);
    }

    /** The box of a place that is seen, moved into the frame where that would cut it. */
    moved(box, at) {
      const { x, y, w, h } = this.view;
      if (at.x < x || at.x > x + w || at.y < y || at.y > y + h) return box;
      return { ...box, x: Math.max(x, Math.min(box.x, x + w - box.w)), y: Math.max(y, Math.min(box.y, y + h - box.h)) };
    }

    /** Set everything anew for the present zoom. */
    draw() {
      const app = this.app;
      const fresh = document.createElementNS(SVG, "g");
      this.group = fresh;
      this.taken = new Taken();
      this.view = this.frame();
      for (const one of app.points.clusters) {
        this.taken.boxes.push({ x: one.x - one.radius, y: one.y - one.radius, w: 2 * one.radius, h: 2 * one.radius });
      }
      if (app.switches.labels) this.names();
      const goals = app.fixed.goals.filter((goal) => app.switches.goals.has(goal.number));
      if (goals.length) this.tiles(goals);
      if (app.switches.labels && !app.narrow()) this.around();
      this.svg.replaceChildren(fresh);
    }

    /** Areas with figures, the chosen one first, then by activities; the order never depends on chance. */
    ranked() {
      const chosen = this.app.delta.selected;
      return [...this.app.figures.values()].sort(
        (a, b) =>
          (b.area.pcode === chosen) - (a.area.pcode === chosen) || b.activities - a.activities || (a.area.pcode < b.area.pcode ? -1 : 1)
      );
    }

    /** An area's bounding box on the layer, in pixels. */
    extent(area) {
      const box = area.bounds;
      if (!box) return { w: 0, h: 0 };
      const a = this.app.map.latLngToLayerPoint(box.getNorthWest());
      const b = this.app.map.latLngToLayerPoint(box.getSouthEast());
      return { w: b.x - a.x, h: b.y - a.y };
    }

    /** The countries around, in the room that is left. */
    around() {
      const { fixed, delta } = this.app;
      for (const [en, lo, lon, lat] of fixed.neighbours) {
        this.name(LiveMap.name({ en, lo }, delta.language), "", L.latLng(lat, lon), "neighbour", { steps: STEPS.slice(0, 1) });
      }
    }

    names() {
      const app = this.app;
      const zoom = app.map.getZoom();
      const districts = app.delta.level === "adm2";
      if (districts && !app.delta.within && zoom < PROVINCES_UNTIL) {
        for (const area of app.fixed.levels.adm1) this.name(LiveMap.name(area, app.delta.language), "", area.at, "province");
        return;
      }
      for (const figure of this.ranked()) {
        const text = LiveMap.name(figure.area, app.delta.language);
        // Where goals are shown, their counts take the figure's place.
        const value = figure.index < 0 || figure.value.length > 9 || app.switches.goals.size ? "" : figure.value;
        const room = this.extent(figure.area).w;
        const wide = districts && this.width(text, "600 12px " + LiveMap.FONT) > room * 1.35;
        const tries = wide ? [] : districts ? TRIES.slice(0, 1) : TRIES;
        const on = this.inside(figure.area);
        const set = ({ within, ...how }) => this.name(text, value, figure.area.at, "area", { ...how, on: within && on });
        if (!tries.some(set)) this.name("", value, figure.area.at, "area", { room, on, steps: districts ? STEPS.slice(0, 1) : FINE });
      }
    }

    /** One label: a name with its figure under it, at the label point or as near to it as there is room; false if there is none. */
    name(text, value, place, kind, { room, less = 0, on, aside = ASIDE, steps = less ? FINE : STEPS } = {}) {
      if (!text && !value) return true;
      const at = this.app.map.latLngToLayerPoint(place);
      const lao = this.app.delta.language === LiveMap.local;
      const small = (this.app.narrow() ? 1 : 0) + less;
      const size = (kind === "area" ? 12 : kind === "province" ? 12.5 : 11.5) - small;
      const line = (lao ? 17 : 13.5) - small;
      const widths = [];
      if (text) widths.push(this.width(text, "600 " + size + "px " + LiveMap.FONT));
      if (value) widths.push(this.width(value, "600 11px " + LiveMap.FONT));
      const w = Math.max(...widths);
      if (room !== undefined && w > room) return false;
      const h = widths.length * line;
      const boxes = steps.map(([dx, dy]) => this.moved({ x: at.x - w / 2 + dx, y: at.y - h / 2 + dy, w, h }, at));
      // Each line takes its own room alone: a figure is narrower than the name above it.
      for (const one of boxes) {
        one.lines = widths.map((own, row) => ({ x: one.x + (w - own) / 2, y: one.y + row * line, w: own, h: line }));
      }
      const box = this.taken.first(boxes, 1, (one) => this.whole(one) && (!on || on(one)), aside);
      if (!box) return false;
      const middle = box.x + w / 2;
      const base = box.y + line * 0.76;
      if (text) this.add("text", { x: middle, y: base, class: "name " + kind, "font-size": size }, text);
      if (value) this.add("text", { x: middle, y: base + (text ? line : 0), class: "figure" }, value);
      return true;
    }

    /**
     * The goals that are on: numbered tiles in a grid by each area's name.  Every area gets a small grid before any gets a
     * larger one; goals that find no room are counted in a last tile.
     */
    tiles(goals) {
      const order = this.app.fixed.goals;
      const blocks = [];
      for (const figure of this.ranked()) {
        const on = goals.map((goal) => [goal, figure.goals[order.indexOf(goal)] || 0]).filter(([, count]) => count > 0);
        if (!on.length) continue;
        const at = this.app.map.latLngToLayerPoint(figure.area.at);
        const inside = this.inside(figure.area);
        blocks.push({ on, at, room: this.extent(figure.area), inside, box: null, stuck: false });
      }
      for (const shown of GROWTH) {
        for (const block of blocks) if (!block.stuck) this.grow(block, shown);
      }
      for (const block of blocks) if (block.box) this.grid(block);
    }

    /** A test whether a box stands on the area: its middle does, and one of its ends, so that nobody reads it as a neighbour's. */
    inside(area) {
      const element = area.path && area.path.getElement();
      return (box) => {
        const on = (x) => !element || element.isPointInFill(new DOMPoint(x, box.y + box.h / 2));
        return on(box.x + box.w / 2) && (box.w < 40 || on(box.x + 8) || on(box.x + box.w - 8));
      };
    }

    /** Give the block a grid of so many goals if there is room, else leave it as it is. */
    grow(block, shown) {
      const wanted = Math.min(shown, block.on.length);
      if (block.box && wanted === block.shown) return;
      const cells = wanted + (wanted < block.on.length ? 1 : 0);
      const { at, room, inside } = block;
      const boxes = [];
      for (const columns of [3, 2, 4, 1, 6]) {
        if (columns > cells) continue;
        const w = columns * (TILE.width + TILE.gap) - TILE.gap;
        const h = Math.ceil(cells / columns) * (TILE.height + TILE.gap) - TILE.gap;
        if (cells > 2 && (w > room.w * 1.1 || h > room.h * 1.1)) continue;
        for (const y of [at.y + 9, at.y - h / 2, at.y - 9 - h, at.y + 16, at.y - 16 - h]) {
          for (const dx of [0, -w / 4, w / 4, -w / 2, w / 2]) boxes.push({ x: at.x - w / 2 + dx, y, w, h, columns });
        }
      }
      if (block.box) this.taken.boxes.splice(this.taken.boxes.indexOf(block.box), 1);
      // A small area has no room inside: its least grid may stand beside its name rather than not at all.
      const fits = (one) => this.whole(one);
      const box = this.taken.first(boxes, 2, (one) => fits(one) && inside(one)) || (block.box ? undefined : this.taken.first(boxes, 1, fits));
      if (box) Object.assign(block, { box, shown: wanted });
      else {
        block.stuck = true;
        if (block.box) this.taken.boxes.push(block.box);
      }
    }

    grid({ on, shown, box }) {
      const left = on.length - shown;
      // Where not all fit, the goals with most activities are shown, still in the goals' order.
      const best = new Set([...on].sort((a, b) => b[1] - a[1] || a[0].number - b[0].number).slice(0, shown));
      const cells = on.filter((one) => best.has(one)).concat(left ? [[null, left]] : []);
      cells.forEach(([goal, count], i) => {
        const x = Math.round(box.x + (i % box.columns) * (TILE.width + TILE.gap));
        const y = Math.round(box.y + Math.floor(i / box.columns) * (TILE.height + TILE.gap));
        this.tile(goal, count, x, y);
      });
    }

    tile(goal, count, x, y) {
      const colour = goal ? goal.colour : "#5b6a75";
      const middle = y + TILE.height / 2 + 3.4;
      const frame = { x: x + 0.5, y: y + 0.5, width: TILE.width - 1, height: TILE.height - 1, rx: 2 };
      this.add("rect", Object.assign({ fill: "#ffffff", stroke: colour, class: "tile", "data-goal": goal ? goal.number : "" }, frame));
      if (!goal) {
        this.add("text", { x: x + TILE.width / 2, y: middle, class: "count" }, "+" + count);
        return;
      }
      this.add("rect", { x, y, width: TILE.badge, height: TILE.height, rx: 2, fill: colour });
      this.add("text", { x: x + TILE.badge / 2, y: middle, class: "number" }, String(goal.number)).style.fill = ink(colour);
      const text = LiveMap.short(count);
      const tight = text.length > 2 ? { textLength: TILE.width - TILE.badge - 3, lengthAdjust: "spacingAndGlyphs" } : {};
      this.add("text", Object.assign({ x: x + (TILE.badge + TILE.width) / 2, y: middle, class: "count" }, tight), text);
    }
  };
})();
