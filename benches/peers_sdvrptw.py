"""Other routing engines on site-dependent and multi-depot problems (SDVRPTW, MDVRPTW), checked here.

    python benches/peers_sdvrptw.py ENGINE SECONDS FILE...      # ENGINE: vroom pyvrp ortools vrpcli

FILE is a VRPLIB file of https://github.com/PyVRP/Instances with its best known `.sol` beside it. Run
ours and theirs in turn in the same minutes. The engines come from PyPI and crates.io:
    python -m venv v && v/bin/pip install pyvrp ortools pyvroom numpy
    cargo install vrp-cli --root v && export VRP_CLI=v/bin/vrp-cli
VROOM and vrp-cli get two threads; PyVRP and OR-Tools have one.

One line for each file: engine, instance, seconds used (the building of the model included), cost,
best known, gap in percent, clients left out, and `valid` or what is violated. There is a gap only
where the plan is valid and complete. All figures come from `check`, which knows nothing of engines.

Legs, windows, service times and the limit of duration are counted in thousandths and rounded, as in
the literature. Duration lasts from the departure, which is free, to the return and includes waiting.
How the engines are told what they have no word for, and what limits them:
* PyVRP: sites are forbidden arcs in a profile for each kind of vehicle. All clients are required, so
  a plan that it does not get right breaks another rule.
* OR-Tools: nothing is missing. Clients may be left out at a price.
* vrp-cli: sites are skills, one for each set of vehicles that may visit a client. It measures the
  duration of a route from the departure of the moment, for a new one the opening of the depot, so
  clients with late windows find no new vehicle and may be left out.
* VROOM: sites as for vrp-cli. There is no limit of duration, only one of travel time, which is too
  weak. So it solves without one in half of the time, then every vehicle gets a shift of just that
  length around the longest part of its route that fits, and VROOM goes on from these parts, again
  and again until that no longer helps.
"""

import json
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple

SCALE = 1_000
THREADS = 2


class Node(NamedTuple):
    demand: int
    service: int
    early: int
    late: int


class Vehicle(NamedTuple):
    depot: int
    capacity: int
    sites: frozenset  # the clients that it may visit


class Instance(NamedTuple):
    legs: list
    nodes: list
    clients: list  # indexes of nodes, from 0, as in solution files
    vehicles: list
    limit: int  # of the duration of a route

    def kinds(self):
        """The indexes of the vehicles that are alike."""
        kinds = defaultdict(list)
        for index, vehicle in enumerate(self.vehicles):
            kinds[vehicle].append(index)
        return dict(kinds)

    def skills(self):
        """The skill that each client asks for, and those of each vehicle."""
        known = list(dict.fromkeys(vehicle.sites for vehicle in self.vehicles))
        numbers, need = {}, {}
        for client in self.clients:
            allowed = tuple(client in sites for sites in known)
            need[client] = numbers.setdefault(allowed, len(numbers) + 1)
        return need, [{need[client] for client in vehicle.sites} for vehicle in self.vehicles]


def scaled(word):
    return math.floor(SCALE * float(word) + 0.5)


def read(path):
    words, sections, rows = {}, {}, []
    for line in map(str.strip, path.read_text().splitlines()):
        if line == "EOF":
            break
        if re.match(r"[-+.\d]", line):
            rows.append(line.split())
        elif line.endswith("_SECTION"):
            rows = sections.setdefault(line, [])
        elif line:
            word, value = line.split(":", 1)
            words[word.strip()] = value.strip()
    if words["TYPE"] not in ("SDVRPTW", "MDVRPTW") or words["EDGE_WEIGHT_TYPE"] != "EUC_2D":
        raise SystemExit(f"{path} is neither SDVRPTW nor MDVRPTW in the plane")
    size, fleet = int(words["DIMENSION"]), int(words["VEHICLES"])

    def column(section, count, default, parse):
        """What stands behind each of the numbers 1 to `count`, or the default for all."""
        found = {int(row[0]): parse(*row[1:]) for row in sections.get(section, [])}
        return [found[number] if found else default for number in range(1, count + 1)]

    points = column("NODE_COORD_SECTION", size, None, lambda x, y: (float(x), float(y)))
    legs = [[scaled(math.dist(a, b)) for b in points] for a in points]
    demands = column("DEMAND_SECTION", size, 0, int)
    services = column("SERVICE_TIME_SECTION", size, 0, scaled)
    windows = column("TIME_WINDOW_SECTION", size, None, lambda a, b: (scaled(a), scaled(b)))
    nodes = [Node(demand, service, *window) for demand, service, window in zip(demands, services, windows)]
    depots = [int(row[0]) - 1 for row in sections.get("DEPOT_SECTION", [["1"]]) if row[0] != "-1"]
    clients = [index for index in range(size) if index not in depots]
    bases = column("VEHICLES_DEPOT_SECTION", fleet, depots[0], lambda depot: int(depot) - 1)
    capacities = column("CAPACITY_SECTION", fleet, int(words.get("CAPACITY", 10**9)), int)
    sites = column("VEHICLES_ALLOWED_CLIENTS_SECTION", fleet, frozenset(clients),
                   lambda *allowed: frozenset(int(client) - 1 for client in allowed))
    limit = scaled(words["VEHICLES_MAX_DURATION"])
    return Instance(legs, nodes, clients, list(map(Vehicle, bases, capacities, sites)), limit)


def best_known(path):
    solution = path.with_suffix(".sol")
    cost = re.search(r"^Cost:?\s+(\d+)", solution.read_text(), re.M) if solution.exists() else None
    return int(cost[1]) if cost else None


def times(instance, vehicle, route):
    """Departure, as late as possible without a later return; return; the stops that are reached too late."""
    nodes, here = instance.nodes, vehicle.depot
    clock, waited, slack, late = nodes[here].early, 0, math.inf, []
    for stop in [*route, vehicle.depot]:
        clock += instance.legs[here][stop]
        waited += max(0, nodes[stop].early - clock)
        clock = max(clock, nodes[stop].early)
        slack = min(slack, waited + nodes[stop].late - clock)
        if clock > nodes[stop].late:
            late.append(stop)
        clock += nodes[stop].service
        here = stop
    return nodes[vehicle.depot].early + max(0, min(waited, slack)), clock, late


def check(instance, routes):
    """Cost, number of clients left out and violations of routes {vehicle: [client ..]}."""
    cost, seen, wrong = 0, set(), []
    for index, route in sorted(routes.items()):
        if not route:
            continue
        vehicle, name = instance.vehicles[index], f"vehicle {index + 1}"
        cost += sum(instance.legs[a][b] for a, b in zip([vehicle.depot, *route], [*route, vehicle.depot]))
        load = sum(instance.nodes[client].demand for client in route)
        start, end, late = times(instance, vehicle, route)
        if load > vehicle.capacity:
            wrong.append(f"{name}: load {load} > {vehicle.capacity}")
        if end - start > instance.limit:
            wrong.append(f"{name}: duration {end - start} > {instance.limit}")
        wrong += [f"{name}: late at {stop}" for stop in late]
        for client in route:
            if client not in vehicle.sites:
                wrong.append(f"{name}: may not visit {client}")
            if client in seen:
                wrong.append(f"{name}: {client} for the second time")
            seen.add(client)
    return cost, len(set(instance.clients) - seen), wrong


def pyvrp(instance, seconds):
    import numpy
    import pyvrp as engine

    nodes, kinds = instance.nodes, instance.kinds()
    # Ten days are never feasible. The 2^44 of PyVRP's own reader, times the greatest of its penalties,
    # overflows with 0.14, and the first local search does not end. Nor are loads in thousandths, as
    # they are there: worse plans.
    barrier = 10 * max(node.late for node in nodes)
    profiles = {sites: index for index, sites in enumerate(dict.fromkeys(kind.sites for kind in kinds))}
    matrices = []
    for sites in profiles:
        matrix = numpy.array(instance.legs, dtype=numpy.int64)
        barred = [client for client in instance.clients if client not in sites]
        matrix[barred, :] = matrix[:, barred] = barrier
        numpy.fill_diagonal(matrix, 0)
        matrices.append(matrix)
    depots = list(dict.fromkeys(kind.depot for kind in kinds))
    types = []
    for kind, alike in kinds.items():
        depot, base = depots.index(kind.depot), nodes[kind.depot]
        types.append(engine.VehicleType(
            len(alike), [kind.capacity], depot, depot, tw_early=base.early, tw_late=base.late,
            shift_duration=instance.limit, profile=profiles[kind.sites]))
    clients = []
    for client in instance.clients:
        demand, service, early, late = nodes[client]
        clients.append(engine.Client(
            client, [demand], service_duration=service, tw_early=early, tw_late=late))
    data = engine.ProblemData([engine.Location(0, 0)] * len(nodes), clients,
                              [engine.Depot(depot) for depot in depots], types, matrices, matrices)
    stop = engine.stop.MaxRuntime(seconds)
    result = engine.solve(data, stop, seed=1, collect_stats=False)
    free = [iter(alike) for alike in kinds.values()]
    return {next(free[route.vehicle_type()]):
            [instance.clients[visit.idx] for visit in route if visit.is_client()]
            for route in result.best.routes()}


def ortools(instance, seconds):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    legs, nodes, vehicles = instance.legs, instance.nodes, instance.vehicles
    # A depot without vehicles would be a place to visit, so places are numbered anew without them.
    bases = [vehicle.depot for vehicle in vehicles]
    places = sorted({*bases, *instance.clients})
    rank = {place: index for index, place in enumerate(places)}
    ends = [rank[base] for base in bases]
    manager = pywrapcp.RoutingIndexManager(len(places), len(vehicles), ends, ends)
    model = pywrapcp.RoutingModel(manager)
    travel = model.RegisterTransitMatrix([[legs[a][b] for b in places] for a in places])
    work = model.RegisterTransitMatrix([[nodes[a].service + legs[a][b] for b in places] for a in places])
    demand = model.RegisterUnaryTransitVector([nodes[place].demand for place in places])
    horizon = max(node.late for node in nodes)
    model.SetArcCostEvaluatorOfAllVehicles(travel)
    model.AddDimension(work, horizon, horizon, False, "time")
    model.AddDimensionWithVehicleCapacity(demand, 0, [vehicle.capacity for vehicle in vehicles], True, "load")
    clock = model.GetDimensionOrDie("time")
    for index, base in enumerate(bases):
        clock.CumulVar(model.Start(index)).SetRange(nodes[base].early, nodes[base].late)
        clock.CumulVar(model.End(index)).SetRange(nodes[base].early, nodes[base].late)
        clock.SetSpanUpperBoundForVehicle(instance.limit, index)
    price = 10 * max(map(max, legs))
    for client in instance.clients:
        place = manager.NodeToIndex(rank[client])
        clock.CumulVar(place).SetRange(nodes[client].early, nodes[client].late)
        allowed = [index for index, vehicle in enumerate(vehicles) if client in vehicle.sites]
        model.VehicleVar(place).SetValues([-1, *allowed])
        model.AddDisjunction([place], price)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.AUTOMATIC
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(1_000 * seconds))
    solution = model.SolveWithParameters(search)
    routes = defaultdict(list)
    for index in range(len(vehicles)) if solution else ():
        place = solution.Value(model.NextVar(model.Start(index)))
        while not model.IsEnd(place):
            routes[index].append(places[manager.IndexToNode(place)])
            place = solution.Value(model.NextVar(place))
    return routes


def vrpcli(instance, seconds):
    def moment(clock):
        day = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=clock)
        return day.strftime("%Y-%m-%dT%H:%M:%SZ")

    need, have = instance.skills()
    jobs, fleet = [], []
    for client in instance.clients:
        demand, service, early, late = instance.nodes[client]
        place = {"location": {"index": client}, "duration": service, "times": [[moment(early), moment(late)]]}
        jobs.append({"id": str(client), "skills": {"allOf": [str(need[client])]},
                     "deliveries": [{"places": [place], "demand": [demand]}]})
    for kind, alike in instance.kinds().items():
        base, depot = instance.nodes[kind.depot], {"index": kind.depot}
        fleet.append({
            "typeId": f"like {alike[0]}", "vehicleIds": list(map(str, alike)), "capacity": [kind.capacity],
            "profile": {"matrix": "plane"}, "costs": {"fixed": 0, "distance": 1, "time": 0},
            "shifts": [{"start": {"earliest": moment(base.early), "location": depot},
                        "end": {"latest": moment(base.late), "location": depot}}],
            "skills": [str(skill) for skill in sorted(have[alike[0]])],
            "limits": {"maxDuration": instance.limit}})
    problem = {"plan": {"jobs": jobs}, "fleet": {"vehicles": fleet, "profiles": [{"name": "plane"}]},
               "objectives": [{"type": "minimize-unassigned"}, {"type": "minimize-cost"}]}
    legs = [leg for row in instance.legs for leg in row]
    matrix = {"profile": "plane", "travelTimes": legs, "distances": legs}
    with tempfile.TemporaryDirectory() as folder:
        given, table, found = (Path(folder, name) for name in ("problem.json", "matrix.json", "solution.json"))
        given.write_text(json.dumps(problem))
        table.write_text(json.dumps(matrix))
        command = [os.environ.get("VRP_CLI", "vrp-cli"), "solve", "pragmatic", given, "-m", table, "-o", found,
                   "--max-time", str(round(seconds)), "--parallelism", f"1,{THREADS}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if not found.exists():
            raise SystemExit(done.stdout + done.stderr)
        tours = json.loads(found.read_text())["tours"]
    return {int(tour["vehicleId"]): [int(activity["jobId"]) for stop in tour["stops"]
                                     for activity in stop["activities"] if activity["type"] == "delivery"]
            for tour in tours}


def vroom(instance, seconds):
    deadline = time.perf_counter() + seconds
    days = [instance.nodes[vehicle.depot][2:] for vehicle in instance.vehicles]
    shifts, parts, best, least = days, {}, {}, (math.inf,)
    left = seconds / 2
    while left > 0:
        routes = vroom_once(instance, shifts, parts, left)
        cost, left_out, wrong = check(instance, routes)
        if (len(wrong), left_out, cost) >= least:
            break
        best, least = routes, (len(wrong), left_out, cost)
        shifts = []
        for index, (vehicle, (early, late)) in enumerate(zip(instance.vehicles, days)):
            length = min(instance.limit, late - early)
            parts[index], middle = longest_part(instance, vehicle, routes.get(index, []))
            if not parts[index]:  # a vehicle to spare, in turns for the early and the late hours
                middle = (early, late)[index % 2]
            start = min(max(middle - length // 2, early), late - length)
            shifts.append((start, start + length))
        left = deadline - time.perf_counter()
    return best


def longest_part(instance, vehicle, route):
    """The longest run of a route that keeps the limit of duration, and the middle of its time."""
    for size in range(len(route), 0, -1):
        for first in range(len(route) - size + 1):
            part = route[first:first + size]
            start, end, late = times(instance, vehicle, part)
            if end - start <= instance.limit and not late:
                return part, (start + end) // 2
    return [], 0


def vroom_once(instance, shifts, parts, seconds):
    import numpy
    import vroom as engine

    need, have = instance.skills()
    problem = engine.Input()
    problem.set_durations_matrix("car", numpy.array(instance.legs, dtype=numpy.uint32))
    for index, vehicle in enumerate(instance.vehicles):
        stops = [engine.VehicleStepSingle(client) for client in parts.get(index, [])]
        problem.add_vehicle(engine.Vehicle(
            index, vehicle.depot, vehicle.depot, capacity=[vehicle.capacity], skills=have[index],
            time_window=engine.TimeWindow(*shifts[index]), max_travel_time=instance.limit,
            steps=[engine.VehicleStepStart(), *stops, engine.VehicleStepEnd()] if stops else []))
    for client in instance.clients:
        demand, service, early, late = instance.nodes[client]
        problem.add_job(engine.Job(
            client, client, default_service=service, delivery=[demand], skills={need[client]},
            time_windows=[engine.TimeWindow(early, late)]))
    solution = problem.solve(5, THREADS, timedelta(seconds=seconds))
    routes = defaultdict(list)
    for _, step in solution.routes.iterrows():
        if step["type"] == "job":
            routes[int(step["vehicle_id"])].append(int(step["id"]))
    return routes


ENGINES = {engine.__name__: engine for engine in (vroom, pyvrp, ortools, vrpcli)}


def main(name, seconds, *files):
    for path in map(Path, files):
        instance, best = read(path), best_known(path)
        start = time.perf_counter()
        routes = ENGINES[name](instance, float(seconds))
        used = time.perf_counter() - start
        cost, left_out, wrong = check(instance, routes)
        gap = "-" if wrong or left_out or not best else f"{100 * (cost / best - 1):.2f} %"
        verdict = f"{wrong[0]} ({len(wrong)} violations)" if wrong else "valid"
        print(f"{name:7}  {path.stem:8}  {used:6.1f} s  cost {cost:9}  best known {best or '-':>9}  "
              f"gap {gap:>8}  left out {left_out:3}  {verdict}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ENGINES:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
