// The page is complete without this; it adds tips, choosing an engineer, and moving the map.
(() => {
  'use strict';
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const make = (name, attributes, parent) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return parent.appendChild(element);
  };
  const body = document.body, tip = document.getElementById('tip');
  const map = document.querySelector('.map'), chart = document.querySelector('.gantt');
  body.classList.add('live');

  // Titles become tips; a dot on the map says what its bar in the chart says.
  const tips = new Map(), visits = new Map();
  for (const title of all('svg title')) {
    const parent = title.parentNode;
    tips.set(parent, title.textContent);
    title.remove();
  }
  const key = ({ dataset }) => dataset.v ? 'v' + dataset.v : 'u' + dataset.u;
  for (const element of all('[data-v], [data-u]')) {
    if (!visits.has(key(element))) visits.set(key(element), []);
    visits.get(key(element)).push(element);
  }
  const twins = element => visits.get(key(element)) || [];
  const spoken = element => {
    for (let at = element; at && at !== document; at = at.parentNode) {
      const speaker = [at, ...twins(at)].find(one => tips.has(one));
      if (speaker) return tips.get(speaker);
    }
  };

  // Pointing at something.
  let hot = [], extras = [];
  const cool = () => {
    hot.forEach(element => element.classList.remove('hot', 'near'));
    extras.forEach(element => element.remove());
    hot = []; extras = [];
    tip.style.display = 'none';
  };
  const promise = bar => {
    const y = bar.getAttribute('y') - 3, height = +bar.getAttribute('height') + 6;
    const edges = (bar.dataset.w || '').split(' ').map(Number);
    for (let i = 1; i < edges.length; i += 2) {
      const x = edges[i - 1], width = Math.max(edges[i] - x, 2);
      extras.push(make('rect', { class: 'promise', x, y, width, height, rx: 3 }, bar.parentNode));
    }
    if (!bar.dataset.d) return;
    const d = `M${bar.dataset.d} ${y}v${height}`;
    extras.push(make('path', { class: 'deadline', d }, bar.parentNode));
  };
  const point = event => {
    cool();
    const target = event.target.closest?.('[data-v], [data-u]');
    if (target) {
      hot = [...twins(target)];
      hot.filter(element => element.matches('.job')).forEach(promise);
      hot.forEach(element => element.classList.add('hot'));
    }
    const group = event.target.closest?.('[data-e]');
    for (const way of group ? all(`.ways[data-e="${group.dataset.e}"]`) : []) {
      way.classList.add('near');
      hot.push(way);
    }
    const text = event.target.closest?.('svg') && spoken(event.target);
    if (!text) return;
    tip.textContent = text;
    tip.style.display = 'block';
    follow(event);
  };
  const follow = event => {
    const gap = 14;
    const beside = (at, size, room) => Math.max(4, at + gap + size > room ? at - gap - size : at + gap);
    tip.style.left = beside(event.clientX, tip.offsetWidth, innerWidth) + 'px';
    tip.style.top = beside(event.clientY, tip.offsetHeight, innerHeight) + 'px';
  };
  document.addEventListener('pointerover', point);
  document.addEventListener('pointermove', event => tip.style.display === 'block' && follow(event));
  document.documentElement.addEventListener('pointerleave', cool);

  // Choosing an engineer: his route stands out and its visits are numbered.
  let chosen = null, ranks = [];
  const choose = engineer => {
    chosen = engineer === chosen ? null : engineer;
    all('.on').forEach(element => element.classList.remove('on'));
    ranks.forEach(element => element.remove());
    ranks = [];
    body.classList.toggle('chosen', chosen !== null);
    if (chosen === null) return;
    all(`[data-e="${chosen}"]`).forEach(element => element.classList.add('on'));
    const visits = document.querySelector(`.visits[data-e="${chosen}"]`);
    if (!visits) return;
    visits.parentNode.appendChild(visits);
    all('.dot', visits).forEach((dot, number) => {
      const box = dot.getBBox();
      const text = make('text', { class: 'rank fix', x: box.x, y: box.y }, visits);
      text.textContent = number + 1;
      ranks.push(text);
    });
  };
  let moved = false;
  addEventListener('pointerdown', () => { moved = false; }, true);
  document.addEventListener('click', event => {
    const group = event.target.closest?.('[data-e]');
    if (moved) return;
    if (group) choose(group.dataset.e);
    else if (event.target.closest?.('.map, .gantt') && chosen !== null) choose(chosen);
  });
  document.addEventListener('keydown', event => {
    const label = event.target.closest?.('.label');
    if (label && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      choose(label.dataset.e);
    }
    if (event.key === 'Escape' && chosen !== null) choose(chosen);
  });

  // Names and hours stay in sight while the chart scrolls.
  const labels = chart?.querySelector('.labels'), axis = chart?.querySelector('.axis');
  chart?.parentNode.addEventListener('scroll', event => {
    const scale = chart.viewBox.baseVal.width / chart.clientWidth;
    labels.setAttribute('transform', `translate(${event.target.scrollLeft * scale} 0)`);
    axis.setAttribute('transform', `translate(0 ${event.target.scrollTop * scale})`);
  });

  // Moving the map: the view box changes, symbols keep their size through --k.
  if (!map) return;
  const { x, y, width: w, height: h } = map.viewBox.baseVal, full = { x, y, w, h };
  const scale = document.querySelector('.scale');
  const size = parseFloat(getComputedStyle(map).getPropertyValue('--s')) || 1;
  let view = { ...full };
  const perPixel = () => Math.max(view.w / map.clientWidth, view.h / map.clientHeight);
  const show = () => {
    map.setAttribute('viewBox', `${view.x} ${view.y} ${view.w} ${view.h}`);
    map.style.setProperty('--k', perPixel());
    map.style.setProperty('--s', Math.min(1, size * Math.sqrt(full.w / view.w)));
    map.style.touchAction = view.w < full.w * 0.99 ? 'none' : 'pan-y';
    if (!scale) return;
    const length = perPixel() * map.dataset.length * 111194.93, most = length * 110; // metres
    const power = 10 ** Math.floor(Math.log10(most));
    const round = [5, 2, 1].find(step => step * power <= most) * power;
    scale.style.width = round / length + 'px';
    scale.textContent = round >= 1000 ? round / 1000 + ' km' : round + ' m';
  };
  const zoom = (factor, x, y) => {
    const w = Math.min(full.w * 1.6, Math.max(full.w / 60, view.w * factor)), ratio = w / view.w;
    view = { x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, w, h: view.h * ratio };
    show();
  };
  const zoomAt = (factor, clientX, clientY) => {
    const point = new DOMPoint(clientX, clientY).matrixTransform(map.getScreenCTM().inverse());
    zoom(factor, point.x, point.y);
  };
  map.addEventListener('wheel', event => {
    event.preventDefault();
    const turn = Math.max(-60, Math.min(60, event.deltaY));
    zoomAt(Math.exp(turn * 0.004), event.clientX, event.clientY);
  }, { passive: false });
  const fingers = new Map();
  let spread = 0;
  map.addEventListener('pointerdown', event => {
    fingers.set(event.pointerId, event);
    spread = 0;
  });
  addEventListener('pointermove', event => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    fingers.set(event.pointerId, event);
    const [one, two] = [...fingers.values()];
    if (two) {
      const now = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
      const middle = [(one.clientX + two.clientX) / 2, (one.clientY + two.clientY) / 2];
      if (spread) zoomAt(spread / now, ...middle);
      spread = now;
      return;
    }
    const dx = event.clientX - last.clientX, dy = event.clientY - last.clientY;
    if (!moved && Math.hypot(dx, dy) < 3) {
      fingers.set(event.pointerId, last);
      return;
    }
    moved = true;
    map.classList.add('moving');
    view.x -= dx * perPixel();
    view.y -= dy * perPixel();
    cool();
    show();
  });
  const lift = event => {
    fingers.delete(event.pointerId);
    spread = 0;
    map.classList.remove('moving');
  };
  addEventListener('pointerup', lift);
  addEventListener('pointercancel', lift);
  const buttons = {
    in: () => zoom(0.7, view.x + view.w / 2, view.y + view.h / 2),
    out: () => zoom(1.4, view.x + view.w / 2, view.y + view.h / 2),
    all: () => { view = { ...full }; show(); },
  };
  for (const button of all('.zoom button')) button.addEventListener('click', buttons[button.dataset.zoom]);
  addEventListener('beforeprint', buttons.all);
  new ResizeObserver(show).observe(map);
  show();
})();
