// Draws the charts of a report from the data beside it. Everything it shows stands in the tables of
// the page too; without it those are left.
(function () {
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const series = new Map(data.series.columns.map((c) => [c.name, c]));
const rows = data.series.rows;
const step = data.series.step_s;
const end = data.end_s;
const hasMerged = step > 1;

// --- words

const units = [[86400, 'd'], [3600, 'h'], [60, 'm'], [1, 's']];

// 3725 -> "1h 2m 5s"; below a minute with decimals where they matter.
function duration(s) {
  if (s === null) return 'never';
  if (s < 60) return (s < 10 && s % 1 ? s.toFixed(2) : String(Math.round(s * 10) / 10)) + 's';
  let left = Math.round(s);
  const parts = [];
  for (const [size, name] of units) {
    if (left >= size) parts.push(Math.floor(left / size) + name);
    left %= size;
  }
  return parts.slice(0, 3).join(' ') || '0s';
}

function wall(s) {
  const at = new Date(Date.parse(data.start) + s * 1000);
  return at.toISOString().slice(0, 19).replace('T', ' ') + 'Z';
}

function number(text) {
  return Number(text).toLocaleString('en', {maximumFractionDigits: 3});
}

// --- colours, which follow the scheme of the reader

let palette = {};

function colour(name) {
  if (!(name in palette)) {
    palette[name] = getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  }
  return palette[name];
}

function faint(name, alpha) {
  const hex = colour(name);
  const of = (i) => parseInt(hex.slice(i, i + 2), 16);
  return `rgba(${of(1)}, ${of(3)}, ${of(5)}, ${alpha})`;
}

// --- the range of time that all charts share

const view = {from: 0, to: end, cross: null, drag: null};
const shortest = Math.max(end / 5000, 0.01);
const timeCharts = [];
const allCharts = [];

function show(from, to) {
  const length = Math.min(Math.max(to - from, shortest), end);
  const begin = Math.min(Math.max(from, 0), end - length);
  view.from = begin;
  view.to = begin + length;
  for (const chart of timeCharts) {
    chart.options.scales.x.min = view.from;
    chart.options.scales.x.max = view.to;
    chart.update('none');
  }
  document.body.dataset.range = view.from + ' ' + view.to;
}

function zoom(factor, around) {
  const at = around === undefined ? (view.from + view.to) / 2 : around;
  show(at - (at - view.from) * factor, at + (view.to - at) * factor);
}

function move(share) {
  const by = (view.to - view.from) * share;
  show(view.from + by, view.to + by);
}

const actions = {
  in: () => zoom(0.5), out: () => zoom(2), all: () => show(0, end),
  back: () => move(-0.25), on: () => move(0.25),
};
const keys = {'+': 'in', '=': 'in', '-': 'out', '0': 'all', ArrowLeft: 'back', ArrowRight: 'on'};

function redraw() {
  for (const chart of timeCharts) chart.draw();
}

function listen(chart) {
  const canvas = chart.canvas;
  const timeAt = (event) => {
    const x = event.clientX - canvas.getBoundingClientRect().left;
    const t = chart.scales.x.getValueForPixel(x);
    return Math.min(Math.max(t, view.from), view.to);
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    view.drag = {from: timeAt(event), to: timeAt(event), x: event.clientX};
  });
  canvas.addEventListener('pointermove', (event) => {
    view.cross = timeAt(event);
    if (view.drag) view.drag.to = view.cross;
    readOut();
    redraw();
  });
  canvas.addEventListener('pointerup', (event) => {
    const drag = view.drag;
    view.drag = null;
    if (drag && Math.abs(event.clientX - drag.x) > 5) {
      show(Math.min(drag.from, drag.to), Math.max(drag.from, drag.to));
    } else {
      redraw();
    }
  });
  canvas.addEventListener('pointercancel', () => { view.drag = null; redraw(); });
  canvas.addEventListener('pointerleave', () => { view.cross = null; redraw(); });
  canvas.addEventListener('dblclick', actions.all);
  canvas.addEventListener('wheel', (event) => {
    if (!event.ctrlKey && !event.shiftKey) return;  // the page scrolls
    event.preventDefault();
    zoom(event.deltaY + event.deltaX > 0 ? 1.25 : 0.8, timeAt(event));
  }, {passive: false});
  canvas.addEventListener('keydown', (event) => {
    if (!(event.key in keys) || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    actions[keys[event.key]]();
  });
}

// The values under the pointer, as series.csv has them.
function readOut() {
  const row = Math.min(Math.floor(view.cross / step), rows - 1);
  const parts = ['<b>' + duration(row * step) + '</b> ' + wall(row * step)];
  const names = [['pods_pending', 'pending'], ['pods_running', 'running'],
                 ['nodes_target', 'desired'], ['nodes_ready', 'ready'], ['nodes_ideal', 'ideal'],
                 ['cost_usd_per_hour', 'USD/h'], ['ec2_refused', 'calls refused']];
  for (const [name, word] of names) {
    const column = series.get(name);
    if (!column) continue;
    let text = number(column.mean[row]);
    if (column.max && column.max[row] !== column.min[row]) {
      text += ` (${number(column.min[row])} to ${number(column.max[row])})`;
    }
    parts.push(`${word} <b>${text}</b>`);
  }
  document.getElementById('readout').innerHTML = parts.join(' · ');
}

// --- axes

const niceSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800,
                   21600, 43200, 86400, 172800, 604800, 1209600, 2592000];

function timeTicks(axis) {
  const wanted = Math.max(2, Math.floor(axis.width / 80));
  const size = niceSteps.find((s) => (axis.max - axis.min) / s <= wanted) || 5184000;
  axis.ticks = [];
  for (let t = Math.ceil(axis.min / size - 1e-9) * size; t <= axis.max; t += size) {
    axis.ticks.push({value: t});
  }
}

function timeAxis(hasLabels) {
  return {
    type: 'linear', min: 0, max: end, afterBuildTicks: timeTicks,
    ticks: {display: hasLabels, maxRotation: 0, autoSkip: false, padding: 4,
            color: () => colour('soft'), callback: (t) => duration(t)},
    grid: {color: () => colour('line'), drawTicks: hasLabels, drawBorder: false},
  };
}

const leftEdge = 58;

function valueAxis(extra) {
  return Object.assign({
    beginAtZero: true, grace: '6%', afterFit: (axis) => { axis.width = leftEdge; },
    ticks: {color: () => colour('soft'), maxTicksLimit: 5, precision: 0},
    grid: {color: () => colour('line'), drawBorder: false},
  }, extra);
}

// --- what is drawn behind and over the lines

// Faults and processes that were down, in all charts at the same place; named in the first.
const marks = {
  id: 'marks',
  beforeDatasetsDraw(chart) {
    const {ctx, chartArea: area, scales: {x}} = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.width, area.height);
    ctx.clip();
    for (const mark of data.marks) {
      const left = x.getPixelForValue(mark.from);
      const right = x.getPixelForValue(mark.to === null ? end : mark.to);
      if (right < area.left || left > area.right) continue;
      ctx.fillStyle = colour(mark.fault ? 'fault' : 'down');
      ctx.fillRect(left, area.top, Math.max(right - left, 0), area.height);
      ctx.strokeStyle = mark.fault ? colour('amber') : colour('grey');
      ctx.setLineDash(mark.fault ? [] : [3, 3]);
      ctx.beginPath();
      ctx.moveTo(left, area.top);
      ctx.lineTo(left, area.bottom);
      ctx.stroke();
    }
    ctx.restore();
  },
  afterDatasetsDraw(chart) {
    const {ctx, chartArea: area, scales: {x}} = chart;
    ctx.save();
    if (chart.options.namesMarks) nameMarks(ctx, area, x);
    if (chart.options.showsRefused) drawRefused(ctx, area, x);
    ctx.setLineDash([]);
    if (view.cross !== null) {
      ctx.strokeStyle = colour('soft');
      ctx.lineWidth = 1;
      const at = x.getPixelForValue(view.cross);
      ctx.beginPath();
      ctx.moveTo(at, area.top);
      ctx.lineTo(at, area.bottom);
      ctx.stroke();
    }
    if (view.drag) {
      const a = x.getPixelForValue(view.drag.from);
      const b = x.getPixelForValue(view.drag.to);
      ctx.fillStyle = faint('blue', 0.15);
      ctx.fillRect(Math.min(a, b), area.top, Math.abs(b - a), area.height);
    }
    ctx.restore();
  },
};

// Names of what disturbed the run, each where there is room beside those before it.
function nameMarks(ctx, area, x) {
  ctx.font = '11px system-ui, sans-serif';
  ctx.textBaseline = 'top';
  ctx.fillStyle = colour('ink');
  const lanes = [];
  for (const mark of data.marks) {
    const left = Math.max(x.getPixelForValue(mark.from), area.left) + 4;
    const right = mark.to === null ? area.right : x.getPixelForValue(mark.to);
    if (right < area.left || left > area.right) continue;
    const width = ctx.measureText(mark.what).width;
    const begin = Math.min(left, area.right - width - 2);
    const lane = [0, 1, 2].find((l) => !(lanes[l] > begin));
    if (lane === undefined) continue;
    lanes[lane] = begin + width + 10;
    ctx.fillText(mark.what, begin, area.top + 3 + lane * 13);
  }
}

// A tick below the upper edge for each row in which EC2 refused a call.
function drawRefused(ctx, area, x) {
  const refused = series.get('ec2_refused').mean;
  ctx.fillStyle = colour('orange');
  for (let row = 0; row < rows; ++row) {
    if (!Number(refused[row])) continue;
    const at = x.getPixelForValue(row * step);
    const width = Math.max(1, x.getPixelForValue((row + 1) * step) - at);
    if (at + width < area.left || at > area.right) continue;
    ctx.fillRect(Math.max(at, area.left), area.top, Math.min(width, area.right - at), 5);
  }
}

// --- lines of the series

function points(values) {
  const out = new Array(rows + 1);
  for (let row = 0; row < rows; ++row) out[row] = {x: row * step, y: Number(values[row])};
  out[rows] = {x: end, y: Number(values[rows - 1])};
  return out;
}

function line(name, label, colourName, extra) {
  const column = series.get(name);
  return Object.assign({
    label, key: colourName, data: points(column.mean), stepped: true, borderWidth: 1.6,
    borderColor: () => colour(colourName), pointRadius: 0, pointHitRadius: 0,
  }, extra);
}

// Least to most of each row, behind its mean.
function envelope(name, colourName) {
  const column = series.get(name);
  const edge = {
    stepped: true, borderWidth: 0, pointRadius: 0, hidesInLegend: true,
    backgroundColor: () => faint(colourName, 0.22),
  };
  return [Object.assign({data: points(column.max), fill: '+1'}, edge),
          Object.assign({data: points(column.min), fill: false}, edge)];
}

function withEnvelope(name, label, colourName, extra) {
  const own = [line(name, label, colourName, extra)];
  return hasMerged ? own.concat(envelope(name, colourName)) : own;
}

function swatch(dataset) {
  const c = `var(--${dataset.key})`;
  if (dataset.mark) {
    return `<svg width="12" height="12" aria-hidden="true"><text x="6" y="10" font-size="12" ` +
        `text-anchor="middle" fill="${c}">${dataset.mark}</text></svg>`;
  }
  if (dataset.isBox) {
    return `<svg width="11" height="11" aria-hidden="true"><rect width="11" height="11" rx="2" ` +
        `fill="${c}"/></svg>`;
  }
  const dash = dataset.borderDash ? ` stroke-dasharray="${dataset.borderDash.join(' ')}"` : '';
  return `<svg width="22" height="8" aria-hidden="true"><line x1="0" x2="22" y1="4" y2="4" ` +
      `stroke="${c}" stroke-width="2"${dash}/></svg>`;
}

function legend(id, datasets, extra) {
  const entries = datasets.filter((d) => !d.hidesInLegend).map((d) => [swatch(d), d.label]);
  const all = entries.concat(extra || []);
  document.querySelector(`[data-legend="${id}"]`).innerHTML =
      all.map(([sign, text]) => `<span>${sign}${text}</span>`).join('');
}

function timeChart(id, datasets, options, plugins) {
  const chart = new Chart(document.getElementById('chart-' + id), {
    type: 'line',
    data: {datasets},
    options: Object.assign({
      animation: false, responsive: true, maintainAspectRatio: false, parsing: false,
      normalized: true, events: [],
      layout: {padding: {right: 12}},
      plugins: {legend: {display: false}, tooltip: {enabled: false}},
      scales: {x: timeAxis(true), y: valueAxis({})},
    }, options),
    plugins: [marks].concat(plugins || []),
  });
  timeCharts.push(chart);
  allCharts.push(chart);
  listen(chart);
  return chart;
}

function drawCourse() {
  const pods = withEnvelope('pods_pending', 'pending', 'orange', {
    fill: 'origin', backgroundColor: () => faint('orange', 0.12),
  }).concat(withEnvelope('pods_running', 'running', 'blue', {borderDash: [7, 3]}));
  const named = data.marks.length > 0
      ? [['<svg width="11" height="11" aria-hidden="true"><rect width="11" height="11" ' +
          'fill="var(--fault)" stroke="var(--amber)"/></svg>', 'fault']] : [];
  if (data.marks.some((m) => !m.fault)) {
    named.push(['<svg width="11" height="11" aria-hidden="true"><rect width="11" height="11" ' +
                'fill="var(--down)"/></svg>', 'process down']);
  }
  timeChart('pods', pods, {namesMarks: true, scales: {x: timeAxis(false), y: valueAxis({})}});
  legend('pods', pods, named);

  const nodes = withEnvelope('nodes_target', 'desired', 'orange', {borderDash: [5, 3]})
      .concat(withEnvelope('nodes_ready', 'ready', 'blue', {}));
  if (series.has('nodes_ideal')) {
    nodes.push(line('nodes_ideal', 'ideal', 'green', {borderDash: [2, 2]}));
  }
  const refused = series.get('ec2_refused').mean.some((v) => Number(v) > 0);
  timeChart('nodes', nodes, {showsRefused: refused, scales: {x: timeAxis(false), y: valueAxis({})}});
  legend('nodes', nodes, refused
      ? [['<svg width="11" height="11" aria-hidden="true"><rect width="11" height="4" y="3" ' +
          'fill="var(--orange)"/></svg>', 'EC2 refused a call']] : []);

  if (series.has('cost_usd_per_hour')) {
    const cost = withEnvelope('cost_usd_per_hour', 'USD per hour', 'green', {
      fill: 'origin', backgroundColor: () => faint('green', 0.12),
    });
    timeChart('cost', cost, {scales: {x: timeAxis(true), y: valueAxis({
      ticks: {color: () => colour('soft'), maxTicksLimit: 4},
    })}});
    legend('cost', cost);
  } else {
    document.getElementById('chart-cost').closest('figure').remove();
  }

  const each = `in each ${duration(step)}`;
  const calls = refused ? [
    line('ec2_refused', 'refused', 'orange', {fill: 'origin', borderWidth: 1,
         backgroundColor: () => faint('orange', 0.55)}),
  ] : [];
  calls.push(
    line('ec2_calls', `calls ${each}`, 'grey', {fill: 'origin', borderWidth: 1,
         backgroundColor: () => faint('grey', 0.25)}),
  );
  timeChart('calls', calls, {scales: {x: timeAxis(true), y: valueAxis({
    ticks: {color: () => colour('soft'), maxTicksLimit: 4, precision: 0},
  })}});
  legend('calls', calls);
}

// --- decisions: a lane for each group

const signs = {
  'ordered': ['blue', '▲'], 'order failed': ['orange', '✕'], 'removed': ['grey', '▼'],
  'not removed': ['amber', '◇'], 'deleted': ['orange', '■'], 'corrected': ['amber', '●'],
};

function fits(ctx, text, width) {
  return ctx.measureText(text).width < width;
}

const lanes = {
  id: 'lanes',
  afterDatasetsDraw(chart) {
    const {ctx, chartArea: area, scales: {x, y}} = chart;
    ctx.save();
    ctx.beginPath();
    ctx.rect(area.left, area.top, area.width, area.height);
    ctx.clip();
    ctx.font = '11px system-ui, sans-serif';
    ctx.textBaseline = 'bottom';
    for (const of of data.decisions) {
      if (of.kind !== 'skipped') continue;
      const left = x.getPixelForValue(of.from);
      const right = x.getPixelForValue(of.to === null ? end : of.to);
      const at = y.getPixelForValue(data.groups.indexOf(of.group));
      ctx.fillStyle = faint('amber', 0.45);
      ctx.fillRect(left, at - 7, Math.max(right - left, 1.5), 14);
      const begin = Math.max(left, area.left) + 2;
      if (laneHeight < 40 || !fits(ctx, of.reason, Math.min(right, area.right) - begin)) continue;
      ctx.fillStyle = colour('soft');
      ctx.fillText(of.reason, begin, at - 8);
    }
    ctx.font = '12px system-ui, sans-serif';
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    for (const of of data.decisions) {
      if (!(of.kind in signs)) continue;
      const [ink, sign] = signs[of.kind];
      ctx.fillStyle = colour(ink);
      ctx.fillText(sign, x.getPixelForValue(of.from),
                   y.getPixelForValue(data.groups.indexOf(of.group)));
    }
    ctx.restore();
  },
};

// The decision nearest to the pointer, in words.
function nearestDecision(chart, event) {
  const box = chart.canvas.getBoundingClientRect();
  const px = event.clientX - box.left;
  const py = event.clientY - box.top;
  let best = null;
  let distance = 14;
  for (const of of data.decisions) {
    const dy = Math.abs(chart.scales.y.getPixelForValue(data.groups.indexOf(of.group)) - py);
    if (dy > 14) continue;
    const from = chart.scales.x.getPixelForValue(of.from);
    const to = chart.scales.x.getPixelForValue(of.to === null ? end : of.to);
    const dx = px < from ? from - px : px > to ? px - to : of.kind === 'skipped' ? 6 : px - from;
    if (dx < distance) { best = of; distance = dx; }
  }
  return best;
}

function decisionText(of) {
  const many = (n, what) => `${n} ${what}${n === 1 ? '' : 's'}`;
  let text = `<b>${duration(of.from)}</b> ${escapeText(of.group || 'no group')}: ${of.kind}`;
  if (of.kind === 'skipped') {
    text += ` until <b>${of.to === null ? 'the end' : duration(of.to)}</b>`;
  } else {
    text += ` <b>${many(of.nodes, 'node')}</b>`;
  }
  if (of.pods) text += ` for ${many(of.pods, 'pod')}`;
  if (of.decisions > 1) text += ` in ${of.decisions} decisions until ${duration(of.to)}`;
  return of.reason ? text + ': ' + escapeText(of.reason) : text;
}

function escapeText(text) {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

const laneHeight = data.groups.length > 6 ? 30 : 46;

function drawDecisions() {
  const figure = document.getElementById('chart-decisions').closest('figure');
  if (data.decisions.length === 0) return figure.remove();
  document.getElementById('plot-decisions').style.height = (26 + laneHeight * data.groups.length) + 'px';
  const name = (i) => {
    const text = data.groups[i] === undefined ? '' : data.groups[i] || '(none)';
    return text.length > 8 ? text.slice(0, 7) + '…' : text;
  };
  const chart = timeChart('decisions', [{data: [], hidesInLegend: true}], {
    scales: {
      x: timeAxis(true),
      y: {type: 'linear', reverse: true, min: -0.5, max: data.groups.length - 0.5,
          afterFit: (axis) => { axis.width = leftEdge; },
          afterBuildTicks: (axis) => { axis.ticks = data.groups.map((_, i) => ({value: i})); },
          ticks: {color: () => colour('soft'), callback: name, autoSkip: false},
          grid: {color: () => colour('line'), drawBorder: false}},
    },
  }, [lanes]);
  chart.canvas.addEventListener('pointermove', (event) => {
    const of = nearestDecision(chart, event);
    if (of) document.getElementById('readout').innerHTML = decisionText(of);
  });
  const seen = new Set(data.decisions.map((d) => d.kind));
  const entries = Object.entries(signs).filter(([kind]) => seen.has(kind))
      .map(([kind, [key, mark]]) => ({label: kind, key, mark}));
  if (seen.has('skipped')) entries.push({label: 'skipped', key: 'amber', isBox: true});
  legend('decisions', entries);
}

// --- latency

function plainAxis(title, extra) {
  return Object.assign({
    title: {display: title !== '', text: title, color: () => colour('soft'), font: {size: 11}},
    ticks: {color: () => colour('soft')},
    grid: {color: () => colour('line'), drawBorder: false},
  }, extra);
}

function tooltip(label) {
  return {
    displayColors: true, callbacks: {label}, titleFont: {weight: '600'}, padding: 8, boxPadding: 4,
  };
}

function drawStages() {
  const figure = document.getElementById('chart-stages').closest('figure');
  if (data.bands.length === 0) return figure.remove();
  const datasets = data.stages.map((stage, i) => ({
    label: stage, key: 's' + i, isBox: true, data: data.bands.map((b) => b.mean_s[i]),
    backgroundColor: () => colour('s' + i), borderColor: () => colour('paper'),
    borderWidth: {right: 1}, barPercentage: 0.92, categoryPercentage: 0.96,
  }));
  allCharts.push(new Chart(document.getElementById('chart-stages'), {
    type: 'bar',
    data: {labels: data.bands.map((b) => b.name), datasets},
    options: {
      indexAxis: 'y', animation: false, responsive: true, maintainAspectRatio: false,
      interaction: {mode: 'index', axis: 'y', intersect: false},
      plugins: {legend: {display: false}, tooltip: Object.assign(
          tooltip((item) => ` ${item.dataset.label} ${duration(item.raw)}`),
          {filter: (item) => item.raw > 0})},
      scales: {
        x: plainAxis('created to running', {stacked: true, afterBuildTicks: timeTicks, ticks: {
          color: () => colour('soft'), callback: (t) => duration(t), maxRotation: 0}}),
        y: plainAxis('percentile of the wait', {stacked: true, grid: {display: false}}),
      },
    },
  }));
  legend('stages', datasets);
}

function drawSpread() {
  const figure = document.getElementById('chart-spread').closest('figure');
  const looks = [['blue', undefined], ['orange', [6, 3]]];
  const datasets = data.spread.filter((s) => s.points.length > 0).map((s, i) => ({
    label: s.name, key: looks[i][0], borderDash: looks[i][1], borderWidth: 1.8, stepped: true,
    data: s.points.map(([x, y]) => ({x, y: 100 * y})), pointRadius: 0, pointHitRadius: 8,
    borderColor: () => colour(looks[i][0]),
  }));
  if (datasets.length === 0) return figure.remove();
  allCharts.push(new Chart(document.getElementById('chart-spread'), {
    type: 'line',
    data: {datasets},
    options: {
      animation: false, responsive: true, maintainAspectRatio: false, parsing: false,
      interaction: {mode: 'nearest', axis: 'x', intersect: false},
      plugins: {legend: {display: false}, tooltip: tooltip(
          (item) => ` ${item.raw.y.toFixed(1)} % within ${duration(item.raw.x)}`)},
      scales: {
        x: plainAxis('created to running', {type: 'linear', min: 0, afterBuildTicks: timeTicks, ticks: {
          color: () => colour('soft'), callback: (t) => duration(t), maxRotation: 0}}),
        y: plainAxis('', {min: 0, max: 100, ticks: {
          color: () => colour('soft'), stepSize: 10, callback: (v) => v + ' %'}}),
      },
    },
  }));
  legend('spread', datasets);
}

// --- start

Chart.defaults.font.family = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
Chart.defaults.font.size = 11;
Chart.defaults.devicePixelRatio = Math.max(window.devicePixelRatio || 1, 2);  // sharp in print
drawCourse();
drawDecisions();
drawStages();
drawSpread();
for (const button of document.querySelectorAll('[data-zoom]')) {
  button.addEventListener('click', actions[button.dataset.zoom]);
}
for (const query of ['(prefers-color-scheme: dark)', 'print']) {
  window.matchMedia(query).addEventListener('change', () => {
    palette = {};
    for (const chart of allCharts) { chart.resize(); chart.update('none'); }
  });
}
show(0, end);
})();
