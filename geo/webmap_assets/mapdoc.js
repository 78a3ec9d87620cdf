/* The document: loads what never changes, takes deltas through window.update, tells the page of choices. */
/* global L */
(function () {
  "use strict";
  const LiveMap = (window.LiveMap = window.LiveMap || {});

  const NARROW = 600; // pixels of the frame below which it is a phone's
  const MARGIN = 14; // pixels kept free around the country

  class App {
    constructor(map) {
      this.map = map;
      this.delta = null;
      this.figures = new Map();
      this.levels = {};
      this.switches = { labels: true, borders: true, points: false, basemap: false, goals: new Set() };
      this.asked = "";
      this.painted = 0;
      this.queue = Promise.resolve();
      this.touch = window.matchMedia("(hover: none)").matches;
      this.embedded = document.getElementById("embedded") ? JSON.parse(document.getElementById("embedded").textContent) : null;
      // What the first picture needs is asked for at once, before the first delta says so.
      this.files = { "areas.json": this.fetch("areas.json"), "adm1.geojson": this.fetch("adm1.geojson") };
    }

    narrow() {
      return window.innerWidth < NARROW;
    }

    fetch(name) {
      if (this.embedded) return Promise.resolve(this.embedded[name]);
      return fetch(name).then((answer) => {
        const kind = answer.headers.get("content-type") || "";
        if (!answer.ok || kind.startsWith("text/html")) throw new Error(name + ": " + answer.status);
        return answer.json();
      });
    }

    file(name) {
      return (this.files[name] = this.files[name] || this.fetch(name));
    }

    /** Everything that needs areas.json, once. */
    async begin() {
      this.fixed = LiveMap.prepare(await this.file("areas.json"));
      const map = this.map;
      const [west, south, east, north] = this.fixed.bounds;
      // Wide enough that the country can stand beside the legend in a broad frame.
      map.setMaxBounds(L.latLngBounds([south, west], [north, east]).pad(1));
      this.renderer = L.svg({ pane: "areas", padding: 0.5 });
      this.renderer.addTo(map);
      LiveMap.addHatch(this.renderer);
      this.tooltip = new LiveMap.Tooltip(this);
      this.points = new LiveMap.Points(this);
      this.labels = new LiveMap.Labels(this);
      this.buttons = new LiveMap.Buttons(this);
      this.panel = new LiveMap.Switches(this);
      this.legend = new LiveMap.Legend(this);
      this.scale = L.control.scale({ metric: true, imperial: false, position: "bottomright" }).addTo(map);
      map.attributionControl.setPrefix(false);
      await this.borders();
      this.listen();
    }

    /** Province borders and the country's edge: drawn once, never clicked. */
    async borders() {
      const collection = await this.file("adm1.geojson");
      const quiet = { pane: "borders", interactive: false, smoothFactor: 0, renderer: L.svg({ pane: "borders", padding: 0.5 }) };
      // Half of this wide line lies under the areas: what is left is the country's edge.
      const edge = Object.assign({}, quiet, { pane: "edge", renderer: L.svg({ pane: "edge", padding: 0.5 }) });
      L.geoJSON(collection, Object.assign({ style: { fill: false, color: "#c3ccd2", weight: 7 } }, edge)).addTo(this.map);
      this.lines = L.geoJSON(collection, Object.assign({ style: { fill: false, color: "#5f6f7a", weight: 1.1 } }, quiet));
      this.marked = L.geoJSON(null, {
        pane: "marked",
        interactive: false,
        smoothFactor: 0,
        renderer: L.svg({ pane: "marked", padding: 0.5 }),
        style: { fill: false, color: "#0b3a5e", weight: 3 },
      }).addTo(this.map);
      this.shapes = { adm1: collection };
      this.outline = [];
      this.lines.eachLayer((line) => {
        this.fixed.byCode.get(line.feature.id).bounds = line.getBounds();
        this.outline.push(...line.getLatLngs().flat(Infinity));
      });
    }

    listen() {
      const map = this.map;
      map.on("zoomend moveend resize", () => this.delta && this.draw());
      map.on("zoomend", () => this.holdDrag());
      // Widths measured before the script's font arrived are wrong.
      document.fonts.addEventListener("loadingdone", () => {
        this.labels.widths.clear();
        if (this.delta) this.draw();
      });
      map.on("click", () => this.tooltip.hide());
      document.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        this.tooltip.hide();
        if (this.delta && this.delta.selected) this.emit({ type: "clear" });
      });
      // A page that scrolls must not lose the wheel to the map: it zooms with Ctrl, or once the map was clicked.
      const frame = map.getContainer();
      let active = false;
      frame.addEventListener("pointerdown", () => (active = true));
      frame.addEventListener("mouseleave", () => (active = false));
      const wheel = (event) => (active || event.ctrlKey || event.metaKey ? map.scrollWheelZoom.enable() : map.scrollWheelZoom.disable());
      frame.addEventListener("wheel", wheel, { capture: true, passive: true });
    }

    /** On a touch screen one finger scrolls the page while the whole area is in view, and pans once it was zoomed. */
    holdDrag() {
      if (!this.touch) return;
      if (this.map.getZoom() > (this.homeZoom || 0) + 0.3) this.map.dragging.enable();
      else this.map.dragging.disable();
    }

    emit(event) {
      if (window.onMapEvent) window.onMapEvent(event);
    }

    choose(pcode) {
      this.emit({ type: "area", pcode: pcode });
    }

    /** A press on the chosen area lets it go again. */
    press(pcode) {
      if (this.delta.selected === pcode) this.emit({ type: "clear" });
      else this.choose(pcode);
    }

    async level(name) {
      if (!this.levels[name]) {
        this.shapes[name] = await this.file(name + ".geojson");
        this.levels[name] = new LiveMap.Polygons(this, name, this.shapes[name]);
      }
      return this.levels[name];
    }

    async take(delta) {
      if (!this.fixed) await this.begin();
      const before = this.delta;
      const polygons = await this.level(delta.level);
      await this.table(delta);
      this.delta = delta;
      // A page that counts something else than activities brings its own words for it.
      this.words = { ...(this.fixed.texts[delta.language] || this.fixed.texts.en), ...delta.words };
      window.mapFaultText = this.words.fault;
      this.figures = LiveMap.figures(delta, this.fixed);
      this.points.mask = LiveMap.bytes(delta.mask);
      this.adopt(delta.layers);
      for (const other of Object.values(this.levels)) if (other !== polygons) other.layer.remove();
      polygons.layer.addTo(this.map);
      polygons.dress();
      polygons.paint(this.figures, new Map(delta.legend.classes.map(([index, , colour]) => [index, colour])));
      this.legend.draw();
      this.frame(before);
      this.redraw();
      this.tooltip.refresh();
    }

    /** The point table, once an address. */
    async table(delta) {
      if (this.embedded && !this.points.size) this.points.load(LiveMap.bytes(this.embedded.points).buffer);
      if (!delta.points_url || delta.points_url === this.tableUrl) return;
      const answer = await fetch(delta.points_url);
      if (!answer.ok || !(answer.headers.get("content-type") || "").includes("octet-stream")) {
        throw new Error("points: " + answer.status);
      }
      this.points.load(await answer.arrayBuffer());
      this.tableUrl = delta.points_url;
    }

    /** Take the page's switches when they are new; otherwise those of the user stay. */
    adopt(layers) {
      const asked = JSON.stringify(layers);
      if (asked === this.asked) return;
      this.asked = asked;
      for (const name of ["labels", "borders", "points"]) if (name in layers) this.switches[name] = Boolean(layers[name]);
      if (layers.goals) this.switches.goals = new Set(layers.goals);
    }

    /** Language, attribution and the part of the country in view. */
    frame(before) {
      const { delta, words, map } = this;
      document.documentElement.lang = delta.language;
      map.getContainer().setAttribute("aria-label", words.map);
      if (!before || before.attribution !== delta.attribution) {
        if (before) map.attributionControl.removeAttribution(this.credit);
        // Leaflet sets an attribution as markup: escaped, it is text.
        const safe = LiveMap.make("i", delta.attribution);
        this.credit = safe.innerHTML;
        map.attributionControl.addAttribution(this.credit);
      }
      if (!before || before.within !== delta.within) this.fit(!before);
    }

    /** Bring the whole area of the view into the frame, clear of the legend where that costs little. */
    fit(first) {
      const { map, delta } = this;
      const area = delta.within && this.fixed.byCode.get(delta.within);
      const bounds = area && area.bounds ? area.bounds : this.lines.getBounds();
      const left = area ? MARGIN : this.clearance(bounds);
      map.fitBounds(bounds, { paddingTopLeft: [left, MARGIN], paddingBottomRight: [MARGIN, MARGIN], animate: !first && !LiveMap.still });
      this.homeZoom = map.getBoundsZoom(bounds, false, L.point(left + MARGIN, 2 * MARGIN));
      this.holdDrag();
    }

    /** The least left padding with which no border lies under the legend; the plain margin if none helps. */
    clearance(bounds) {
      const { map } = this;
      const legend = this.legend.box;
      const size = map.getSize();
      const [right, top] = [legend.offsetLeft + legend.offsetWidth + 4, legend.offsetTop - 4];
      for (let left = MARGIN; left < size.x / 2 && left < right + MARGIN; left += 16) {
        const zoom = map.getBoundsZoom(bounds, false, L.point(left + MARGIN, 2 * MARGIN));
        const middle = map.project(bounds.getNorthWest(), zoom).add(map.project(bounds.getSouthEast(), zoom)).divideBy(2);
        const origin = middle.subtract(L.point((size.x + left - MARGIN) / 2, size.y / 2));
        const covered = this.outline.some((place) => {
          const at = map.project(place, zoom).subtract(origin);
          return at.x < right && at.y > top;
        });
        if (!covered) return left;
      }
      return MARGIN;
    }

    mark() {
      const codes = [this.delta && this.delta.selected, this.tooltip.pcode].filter(Boolean);
      const key = codes.join();
      if (key === this.markedKey && this.markedLevel === this.delta.level) return;
      this.markedKey = key;
      this.markedLevel = this.delta.level;
      this.marked.clearLayers();
      for (const shapes of Object.values(this.shapes)) {
        for (const feature of shapes.features) if (codes.includes(feature.id)) this.marked.addData(feature);
      }
    }

    /** All that hangs on the switches. */
    redraw() {
      const { switches, map } = this;
      this.lines.setStyle({ weight: this.delta.level === "adm2" ? 1.6 : 1.1 });
      if (switches.borders || this.delta.level === "adm1") this.lines.addTo(map);
      else this.lines.remove();
      this.tiles();
      this.mark();
      this.legend.draw();
      this.panel.draw();
      this.buttons.draw();
      this.draw();
    }

    /** The online basemap: no request leaves before it is switched on. */
    tiles() {
      const { url, attribution } = this.delta.basemap;
      const want = this.switches.basemap && url ? url : "";
      if (this.base && this.baseUrl !== want) {
        this.base.remove();
        this.base = null;
      }
      if (want && !this.base) {
        const credit = LiveMap.make("i", attribution || "").innerHTML;
        this.base = L.tileLayer(want, { attribution: credit, maxZoom: 18 }).addTo(this.map);
      }
      this.baseUrl = want;
      this.map.getPane("areas").style.opacity = want ? "0.78" : "";
    }

    /** What depends on the zoom and the view; then tell tests that it is on the screen. */
    draw() {
      this.points.draw();
      this.labels.draw();
      const now = (this.drawn = (this.drawn || 0) + 1);
      requestAnimationFrame(() => requestAnimationFrame(() => (document.body.dataset.painted = String(now))));
    }
  }

  LiveMap.start = function (map) {
    LiveMap.still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (LiveMap.still) for (const name of ["zoomAnimation", "fadeAnimation", "markerZoomAnimation"]) map.options[name] = false;
    if (LiveMap.still) map._zoomAnimated = false;
    const app = (LiveMap.app = new App(map));
    // A second tap on an area chooses it and must not zoom as well.
    if (app.touch) map.doubleClickZoom.disable();
    /** Take a delta; the last one wins, and one that fails is said in the frame. */
    window.update = function (delta) {
      app.latest = delta;
      app.queue = app.queue
        .then(() => (app.latest === delta ? app.take(delta) : undefined))
        .catch((error) => window.mapFault(error.message));
      return app.queue;
    };
    if (app.embedded) window.update(app.embedded.delta);
    if (window.onMapReady) window.onMapReady();
  };
})();
