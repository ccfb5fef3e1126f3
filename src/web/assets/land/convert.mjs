// Makes outline.txt from land-110m.json of npm's world-atlas (2.0.2):
//   node convert.mjs path/to/land-110m.json > outline.txt
// One SVG path in the Equal Earth projection of src/web/pages/map/projection.rs, 2,000 units wide, whole units,
// without Antarctica. Rings that cross the 180th meridian are cut there.
import { readFileSync } from "node:fs";

const topology = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { scale, translate } = topology.transform;
const arcs = topology.arcs.map((arc) => {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
});
const arc = (n) => (n < 0 ? [...arcs[~n]].reverse() : arcs[n]);
const ring = (parts) => parts.flatMap((n, nth) => arc(n).slice(nth ? 1 : 0));

// One ring without jumps from 180 to -180, in degrees.
const unwrapped = (points) => {
  let turn = 0;
  return points.map(([lon, lat], n) => {
    if (n && Math.abs(lon - points[n - 1][0]) > 180) turn += lon > points[n - 1][0] ? -360 : 360;
    return [lon + turn, lat];
  });
};
// The part of a ring on one side of a meridian.
const cut = (points, edge, isIn) => points.flatMap((to, n) => {
  const from = points.at(n - 1);
  const at = (edge - from[0]) / (to[0] - from[0]);
  const crossing = isIn(from[0]) === isIn(to[0]) ? [] : [[edge, from[1] + at * (to[1] - from[1])]];
  return isIn(to[0]) ? [...crossing, to] : crossing;
});
const [A1, A2, A3, A4] = [1.340264, -0.081106, 0.000893, 0.003796];
const projected = ([lon, lat]) => {
  const t = Math.asin((Math.sqrt(3) / 2) * Math.sin((lat * Math.PI) / 180));
  const [t2, t6] = [t * t, t ** 6];
  const x = (2 * Math.sqrt(3) * (lon * Math.PI) / 180 * Math.cos(t)) / (3 * (9 * A4 * t ** 8 + 7 * A3 * t6 + 3 * A2 * t2 + A1));
  const y = t * (A4 * t ** 8 + A3 * t6 + A2 * t2 + A1);
  const unit = 1000 / 2.706629983696;
  return [Math.round(1000 + unit * x), Math.round(487 - unit * y)];
};

let path = "";
for (const polygon of topology.objects.land.geometries[0].arcs) {
  for (const parts of polygon) {
    const whole = unwrapped(ring(parts));
    if (whole.every(([, lat]) => lat < -60)) continue;
    for (const turn of [-360, 0, 360]) {
      const shifted = whole.map(([lon, lat]) => [lon + turn, lat]);
      const inside = cut(cut(shifted, 180, (lon) => lon <= 180), -180, (lon) => lon >= -180);
      const points = inside.map(projected).filter(([x, y], n, all) => !n || x !== all[n - 1][0] || y !== all[n - 1][1]);
      if (points.length < 3) continue;
      const steps = points.slice(1).map(([x, y], n) => [x - points[n][0], y - points[n][1]].join(" "));
      path += `M${points[0].join(" ")}l${steps.join(" ")}z`.replaceAll(" -", "-");
    }
  }
}
process.stdout.write(path + "\n");
