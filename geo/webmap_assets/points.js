/* Activity points: a table sent once, a bit mask sent at each change, clusters drawn on one canvas. */
/* global L */
(function () {
  "use strict";
  const LiveMap = (window.LiveMap = window.LiveMap || {});
  const CELL = 56; // pixels of the grid that gathers points
  const MARGIN = 0.25; // share of the view that is drawn beyond each edge, so that a short pan shows no gap

  const radius = (count) => (count === 1 ? 4.5 : 8.5 + 3.2 * Math.log10(count));

  LiveMap.short = function (count) {
    if (count < 1000) return String(count);
    if (count < 9950) return (count / 1000).toFixed(1).replace(".0", "") + "k";
    return count < 999500 ? Math.round(count / 1000) + "k" : (count / 1e6).toFixed(1).replace(".0", "") + "M";
  };

  LiveMap.Points = class {
    constructor(app) {
      this.app = app;
      this.size = 0;
      this.mask = new Uint8Array(0);
      this.canvas = L.DomUtil.create("canvas", "leaflet-zoom-hide", app.map.getPane("points"));
      this.canvas.setAttribute("aria-hidden", "true");
      this.clusters = [];
    }

    /** Read the table: uint32 n, n uint16 x, n uint16 y over the bounds; keep them as shares of the world's square. */
    load(buffer) {
      const size = buffer.byteLength < 4 ? 0 : new DataView(buffer).getUint32(0, true);
      if (buffer.byteLength < 4 + size * 4) throw new Error("the point table is cut short");
      const view = new DataView(buffer);
      const [west, south, east, north] = this.app.fixed.bounds;
      this.x = new Float64Array(size);
      this.y = new Float64Array(size);
      // 65,536 latitudes are few: the sine is taken once each, not once a point.
      const rows = new Float64Array(65536).fill(-1);
      for (let i = 0; i < size; i++) {
        const column = view.getUint16(4 + i * 2, true);
        const row = view.getUint16(4 + size * 2 + i * 2, true);
        if (rows[row] < 0) {
          const sine = Math.sin(((south + (row / 65535) * (north - south)) * Math.PI) / 180);
          rows[row] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
        }
        this.x[i] = (west + (column / 65535) * (east - west) + 180) / 360;
        this.y[i] = rows[row];
      }
      this.size = size;
    }

    /** Gather the points that are on and near the view into cells of the world's own grid, so that a pan moves no cluster. */
    gather(zoom, frame) {
      const scale = 256 * 2 ** zoom;
      const cells = new Map();
      const { min, max } = frame;
      for (let i = 0; i < this.size; i++) {
        if (!(this.mask[i >> 3] & (1 << (i & 7)))) continue;
        const x = this.x[i] * scale;
        const y = this.y[i] * scale;
        if (x < min.x || x > max.x || y < min.y || y > max.y) continue;
        const key = Math.floor(x / CELL) * 4194304 + Math.floor(y / CELL);
        const found = cells.get(key);
        if (found === undefined) cells.set(key, { x: x, y: y, count: 1 });
        else {
          found.x += x;
          found.y += y;
          found.count += 1;
        }
      }
      const all = [...cells.values()].map((one) => ({ x: one.x / one.count, y: one.y / one.count, count: one.count }));
      return this.merge(all.sort((a, b) => b.count - a.count || a.y - b.y || a.x - b.x));
    }

    /** Take a small cluster into the bigger one that its circle would touch. */
    merge(all) {
      const kept = [];
      for (const one of all) {
        const near = kept.find((big) => Math.hypot(big.x - one.x, big.y - one.y) < radius(big.count) + radius(one.count) + 1);
        if (near) near.count += one.count;
        else kept.push(one);
      }
      return kept;
    }

    /** Redraw for the present view; called at the end of a move and after each delta. */
    draw() {
      const map = this.app.map;
      const on = this.app.switches.points && this.size > 0;
      this.canvas.style.display = on ? "" : "none";
      this.clusters = [];
      if (!on) return;
      const size = map.getSize();
      const pad = size.multiplyBy(MARGIN).round();
      const origin = map.containerPointToLayerPoint(pad.multiplyBy(-1)).round();
      const corner = map.getPixelOrigin().add(origin);
      const whole = size.add(pad.multiplyBy(2));
      this.clusters = this.gather(map.getZoom(), { min: corner, max: corner.add(whole) });
      this.surface(origin, whole);
      const pen = this.canvas.getContext("2d");
      for (const one of this.clusters) {
        one.x -= map.getPixelOrigin().x;
        one.y -= map.getPixelOrigin().y;
        one.radius = radius(one.count);
        this.dot(pen, one, origin);
      }
    }

    surface(origin, size) {
      const ratio = window.devicePixelRatio || 1;
      this.canvas.width = size.x * ratio;
      this.canvas.height = size.y * ratio;
      this.canvas.style.width = size.x + "px";
      this.canvas.style.height = size.y + "px";
      L.DomUtil.setPosition(this.canvas, origin);
      const pen = this.canvas.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0);
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.font = "600 11px " + LiveMap.FONT;
    }

    dot(pen, one, origin) {
      const x = one.x - origin.x;
      const y = one.y - origin.y;
      pen.beginPath();
      pen.arc(x, y, one.radius, 0, 2 * Math.PI);
      pen.fillStyle = "#1f3d52";
      pen.fill();
      pen.lineWidth = 1.5;
      pen.strokeStyle = "#ffffff";
      pen.stroke();
      if (one.count === 1) return;
      pen.fillStyle = "#ffffff";
      pen.fillText(LiveMap.short(one.count), x, y + 0.5);
    }
  };
})();
