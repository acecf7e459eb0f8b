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
  for (const element of all('[data-v], [data-u]')) {
    const key = element.dataset.v ? 'v' + element.dataset.v : 'u' + element.dataset.u;
    if (!visits.has(key)) visits.set(key, []);
    visits.get(key).push(element);
  }
  const twins = element => visits.get(element.dataset.v ? 'v' + element.dataset.v : 'u' + element.dataset.u) || [];
  const spoken = element => {
    for (let at = element; at && at !== document; at = at.parentNode) {
      if (tips.has(at)) return tips.get(at);
      const twin = (at.dataset?.v || at.dataset?.u) && twins(at).find(other => tips.has(other));
      if (twin) return tips.get(twin);
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
    const value = name => +bar.getAttribute(name), top = value('y') - 3, height = value('height') + 6;
    const edges = (bar.dataset.w || '').split(' ').map(Number);
    for (let i = 1; i < edges.length; i += 2) {
      const box = { class: 'promise', x: edges[i - 1], y: top, width: Math.max(edges[i] - edges[i - 1], 2), height, rx: 3 };
      extras.push(make('rect', box, bar.parentNode));
    }
    if (bar.dataset.d) extras.push(make('path', { class: 'deadline', d: `M${bar.dataset.d} ${top}v${height}` }, bar.parentNode));
  };
  const point = (event) => {
    cool();
    const target = event.target.closest?.('[data-v], [data-u]');
    if (target) {
      hot = [...twins(target)];
      hot.filter(element => element.matches('.job')).forEach(promise);
      hot.forEach(element => element.classList.add('hot'));
    }
    const group = event.target.closest?.('[data-e]');
    if (group) for (const way of all(`.ways[data-e="${group.dataset.e}"]`)) { way.classList.add('near'); hot.push(way); }
    const text = event.target.closest?.('svg') && spoken(event.target);
    if (!text) return;
    tip.textContent = text;
    tip.style.display = 'block';
    follow(event);
  };
  const follow = event => {
    const { offsetWidth: width, offsetHeight: height } = tip, gap = 14;
    const left = event.clientX + gap + width > innerWidth ? event.clientX - gap - width : event.clientX + gap;
    const top = event.clientY + gap + height > innerHeight ? event.clientY - gap - height : event.clientY + gap;
    tip.style.left = Math.max(4, left) + 'px';
    tip.style.top = Math.max(4, top) + 'px';
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
    if (label && (event.key === 'Enter' || event.key === ' ')) { event.preventDefault(); choose(label.dataset.e); }
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
  const whole = map.viewBox.baseVal, full = { x: whole.x, y: whole.y, w: whole.width, h: whole.height };
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
    const length = perPixel() * +map.dataset.length * 111194.93, most = length * 110;
    const power = 10 ** Math.floor(Math.log10(most)), round = [5, 2, 1].find(step => step * power <= most) * power;
    scale.style.width = round / length + 'px';
    scale.textContent = round >= 1000 ? round / 1000 + ' km' : round + ' m';
  };
  const zoom = (factor, x, y) => {
    const width = Math.min(full.w * 1.6, Math.max(full.w / 60, view.w * factor)), ratio = width / view.w;
    view = { x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio, w: width, h: view.h * ratio };
    show();
  };
  const at = event => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    return [point.x, point.y];
  };
  map.addEventListener('wheel', event => {
    event.preventDefault();
    zoom(Math.exp(Math.sign(event.deltaY) * Math.min(Math.abs(event.deltaY), 60) * 0.004), ...at(event));
  }, { passive: false });
  const fingers = new Map();
  let spread = 0;
  map.addEventListener('pointerdown', event => { fingers.set(event.pointerId, event); spread = 0; });
  addEventListener('pointermove', event => {
    const last = fingers.get(event.pointerId);
    if (!last) return;
    fingers.set(event.pointerId, event);
    const [one, two] = [...fingers.values()];
    if (two) {
      const now = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY);
      if (spread) zoom(spread / now, ...at({ clientX: (one.clientX + two.clientX) / 2, clientY: (one.clientY + two.clientY) / 2 }));
      spread = now;
      return;
    }
    const [dx, dy] = [event.clientX - last.clientX, event.clientY - last.clientY];
    if (!moved && Math.hypot(dx, dy) < 3) { fingers.set(event.pointerId, last); return; }
    moved = true;
    map.classList.add('moving');
    view.x -= dx * perPixel(); view.y -= dy * perPixel();
    cool();
    show();
  });
  const lift = event => { fingers.delete(event.pointerId); spread = 0; map.classList.remove('moving'); };
  addEventListener('pointerup', lift);
  addEventListener('pointercancel', lift);
  const middle = () => [view.x + view.w / 2, view.y + view.h / 2];
  const buttons = { in: () => zoom(0.7, ...middle()), out: () => zoom(1.4, ...middle()), all: () => { view = { ...full }; show(); } };
  all('.zoom button').forEach(button => button.addEventListener('click', buttons[button.dataset.zoom]));
  addEventListener('beforeprint', buttons.all);
  new ResizeObserver(show).observe(map);
  show();
})();
