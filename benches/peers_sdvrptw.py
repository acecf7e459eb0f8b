"""Other routing engines on site-dependent and multi-depot problems (SDVRPTW, MDVRPTW), checked here.

Usage:
    python benches/peers_sdvrptw.py ENGINE SECONDS FILE...      # ENGINE: vroom pyvrp ortools vrpcli

FILE is a VRPLIB file of https://github.com/PyVRP/Instances with its best known `.sol` beside it.
Run ours and theirs in turn in the same minutes. The engines come from PyPI and crates.io:
    python -m venv v && v/bin/pip install pyvrp ortools pyvroom numpy
    cargo install vrp-cli --root v && export VRP_CLI=v/bin/vrp-cli
VROOM and vrp-cli search with two threads; OR-Tools and PyVRP have one.

One line for each file: engine, instance, seconds used (with the building of the model), cost, best
known, gap in percent, clients left out, and `valid` or what is violated. There is a gap only where
the plan is valid and complete. The figures come from `check`, which knows nothing of the engines.

Legs, windows, service times and the limit of duration count in thousandths, as in the literature.
A vehicle's duration is from its departure, which is free, to its return, and includes waiting. How
each engine is told what it has no word for:
* sites: VROOM and vrp-cli get a skill for each set of vehicles that may visit a client; PyVRP, as in
  its own reader, forbidden arcs in a profile for each kind of vehicle; OR-Tools allowed vehicles.
* duration: VROOM has a limit of travel time only, which is too weak. So it is asked again: a vehicle
  whose route came out too long gets a shift of just the limit, amid that route, until none is.
* clients left out: hard for PyVRP, which rather breaks other rules; first objective for the others.
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
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

SCALE = 1_000
THREADS = 2


@dataclass(frozen=True)
class Node:
    demand: int
    service: int
    early: int
    late: int


@dataclass(frozen=True)
class Vehicle:
    depot: int
    capacity: int
    sites: frozenset  # the clients it may visit


@dataclass
class Instance:
    legs: list
    nodes: list
    clients: list  # their node indexes
    vehicles: list
    limit: int  # of a route's duration

    def alike(self):
        """Vehicles (indexes) grouped by what they are."""
        groups = defaultdict(list)
        for index, vehicle in enumerate(self.vehicles):
            groups[vehicle].append(index)
        return dict(groups)

    def skills(self):
        """A skill for each client, and the skills of each vehicle: it has those of its clients."""
        kinds = sorted({vehicle.sites for vehicle in self.vehicles}, key=sorted)
        number = {}
        need = {}
        for client in self.clients:
            may = tuple(client in sites for sites in kinds)
            need[client] = number.setdefault(may, len(number) + 1)
        return need, [{need[client] for client in vehicle.sites} for vehicle in self.vehicles]


def scaled(word):
    return math.floor(SCALE * float(word) + 0.5)


def read(path):
    words, sections, rows = {}, {}, None
    for line in path.read_text().splitlines():
        line = line.strip()
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
        raise SystemExit(f"{path}: neither SDVRPTW nor MDVRPTW in the plane")
    size, fleet = int(words["DIMENSION"]), int(words["VEHICLES"])

    def column(section, count, default, parse):
        """What stands behind the ids 1 to `count`, parsed; the default for all where it is absent."""
        found = {int(row[0]): parse(*row[1:]) for row in sections.get(section, [])}
        return [found[id] if found else default for id in range(1, count + 1)]

    points = column("NODE_COORD_SECTION", size, None, lambda x, y: (float(x), float(y)))
    legs = [[scaled(math.dist(a, b)) for b in points] for a in points]
    demands = column("DEMAND_SECTION", size, 0, int)
    services = column("SERVICE_TIME_SECTION", size, 0, scaled)
    windows = column("TIME_WINDOW_SECTION", size, None, lambda a, b: (scaled(a), scaled(b)))
    nodes = [Node(*node, *window) for *node, window in zip(demands, services, windows)]
    depots = [int(row[0]) - 1 for row in sections.get("DEPOT_SECTION", [["1"]]) if row[0] != "-1"]
    clients = [node for node in range(size) if node not in depots]
    bases = column("VEHICLES_DEPOT_SECTION", fleet, depots[0], lambda id: int(id) - 1)
    capacities = column("CAPACITY_SECTION", fleet, int(words.get("CAPACITY", 10**9)), int)
    sites = column("VEHICLES_ALLOWED_CLIENTS_SECTION", fleet, frozenset(clients),
                   lambda *ids: frozenset(int(id) - 1 for id in ids))
    vehicles = [Vehicle(*vehicle) for vehicle in zip(bases, capacities, sites)]
    horizon = max(node.late for node in nodes)
    return Instance(legs, nodes, clients, vehicles,
                    scaled(words["VEHICLES_MAX_DURATION"]) if "VEHICLES_MAX_DURATION" in words else horizon)


def best_known(path):
    solution = path.with_suffix(".sol")
    found = solution.exists() and re.search(r"^Cost:?\s+(\d+)", solution.read_text(), re.M)
    return int(found[1]) if found else None


def schedule(instance, vehicle, route):
    """Departure and return of the shortest duration, and the clients that are reached too late."""
    nodes, legs = instance.nodes, instance.legs
    base = nodes[vehicle.depot]
    here, clock, waited, slack, late = vehicle.depot, base.early, 0, math.inf, []
    for stop in [*route, vehicle.depot]:
        clock += legs[here][stop]
        waited += max(0, nodes[stop].early - clock)
        clock = max(clock, nodes[stop].early)
        if clock > nodes[stop].late:
            late.append(stop)
        slack = min(slack, waited + nodes[stop].late - clock)
        clock += nodes[stop].service
        here = stop
    return base.early + max(0, min(slack, waited)), clock, late


def check(instance, routes):
    """The length of the routes, the number of clients left out and all violations."""
    cost, seen, wrong = 0, set(), []
    for number, route in sorted(routes.items()):
        if not route:
            continue
        vehicle = instance.vehicles[number]
        cost += sum(instance.legs[a][b] for a, b in zip([vehicle.depot, *route], [*route, vehicle.depot]))
        load = sum(instance.nodes[stop].demand for stop in route)
        departure, back, late = schedule(instance, vehicle, route)
        if load > vehicle.capacity:
            wrong.append(f"vehicle {number + 1}: load {load} > {vehicle.capacity}")
        if back - departure > instance.limit:
            wrong.append(f"vehicle {number + 1}: duration {back - departure} > {instance.limit}")
        wrong += [f"vehicle {number + 1}: late at {stop}" for stop in late]
        for stop in route:
            if stop not in vehicle.sites:
                wrong.append(f"vehicle {number + 1}: may not visit {stop}")
            if stop in seen:
                wrong.append(f"client {stop} twice")
            seen.add(stop)
    return cost, len(set(instance.clients) - seen), wrong


def pyvrp(instance, seconds):
    import numpy
    import pyvrp as engine

    nodes, kinds = instance.nodes, instance.alike()
    # Ten times the day is never feasible. Its own reader says 2^44, but 2^44 times the greatest penalty
    # overflows, and the first local search does not end.
    barrier = 10 * max(node.late for node in nodes)
    profiles = {sites: index for index, sites in enumerate(dict.fromkeys(kind.sites for kind in kinds))}
    matrices = []
    for sites in profiles:
        matrix = numpy.array(instance.legs, dtype=numpy.int64)
        barred = [client for client in instance.clients if client not in sites]
        matrix[barred, :] = matrix[:, barred] = barrier
        numpy.fill_diagonal(matrix, 0)
        matrices.append(matrix)
    depots = sorted({kind.depot for kind in kinds})
    types = [engine.VehicleType(
        len(numbers), [SCALE * kind.capacity], depots.index(kind.depot), depots.index(kind.depot),
        tw_early=nodes[kind.depot].early, tw_late=nodes[kind.depot].late,
        shift_duration=instance.limit, profile=profiles[kind.sites]) for kind, numbers in kinds.items()]
    clients = [engine.Client(
        client, [SCALE * nodes[client].demand], [], nodes[client].service, nodes[client].early,
        nodes[client].late) for client in instance.clients]
    data = engine.ProblemData([engine.Location(0, 0)] * len(nodes), clients,
                              [engine.Depot(depot) for depot in depots], types, matrices, matrices)
    stop = engine.stop.MaxRuntime(seconds)
    best = engine.solve(data, stop, seed=1, collect_stats=False).best
    free = [iter(numbers) for numbers in kinds.values()]
    return {next(free[route.vehicle_type()]): [instance.clients[visit.idx] for visit in route if visit.is_client()]
            for route in best.routes()}


def vroom(instance, seconds):
    deadline = time.monotonic() + seconds
    depots = [instance.nodes[vehicle.depot] for vehicle in instance.vehicles]
    shifts = [(depot.early, depot.late) for depot in depots]
    while True:
        routes = vroom_once(instance, shifts, deadline - time.monotonic())
        shortened = False
        for number, route in routes.items():
            departure, back, _ = schedule(instance, instance.vehicles[number], route)
            if back - departure > instance.limit:
                start = (departure + back - instance.limit) // 2
                shifts[number] = start, start + instance.limit
                shortened = True
        print("ROUND", time.monotonic() - deadline + seconds, check(instance, routes)[0:2], len(check(instance, routes)[2]), file=sys.stderr)
        if not shortened or time.monotonic() > deadline:
            return routes


def vroom_once(instance, shifts, seconds):
    import numpy
    import vroom as engine

    need, have = instance.skills()
    problem = engine.Input()
    problem.set_durations_matrix("car", numpy.array(instance.legs, dtype=numpy.uint32))
    for number, (vehicle, shift) in enumerate(zip(instance.vehicles, shifts)):
        problem.add_vehicle(engine.Vehicle(
            number, vehicle.depot, vehicle.depot, capacity=[vehicle.capacity], skills=have[number],
            time_window=engine.TimeWindow(*shift), max_travel_time=instance.limit))
    for client in instance.clients:
        node = instance.nodes[client]
        problem.add_job(engine.Job(
            client, client, default_service=node.service, delivery=[node.demand],
            skills={need[client]}, time_windows=[engine.TimeWindow(node.early, node.late)]))
    solution = problem.solve(5, THREADS, timedelta(seconds=max(seconds, 0.01)))
    routes = defaultdict(list)
    for _, step in solution.routes.iterrows():
        if step["type"] == "job":
            routes[int(step["vehicle_id"])].append(int(step["id"]))
    return routes


def ortools(instance, seconds):
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    legs, nodes, vehicles = instance.legs, instance.nodes, instance.vehicles
    horizon = max(node.late for node in nodes)
    bases = [vehicle.depot for vehicle in vehicles]
    # A depot that no vehicle uses would be a place to visit, so places are numbered anew.
    places = sorted({*bases, *instance.clients})
    rank = {place: index for index, place in enumerate(places)}
    starts = [rank[base] for base in bases]
    manager = pywrapcp.RoutingIndexManager(len(places), len(vehicles), starts, starts)
    model = pywrapcp.RoutingModel(manager)
    travel = [[legs[a][b] for b in places] for a in places]
    ahead = [[legs[a][b] + nodes[a].service for b in places] for a in places]
    model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(travel))
    model.AddDimension(model.RegisterTransitMatrix(ahead), horizon, horizon, False, "time")
    clock = model.GetDimensionOrDie("time")
    demand = model.RegisterUnaryTransitVector([nodes[place].demand for place in places])
    capacities = [vehicle.capacity for vehicle in vehicles]
    model.AddDimensionWithVehicleCapacity(demand, 0, capacities, True, "load")
    for number, vehicle in enumerate(vehicles):
        for end in model.Start(number), model.End(number):
            clock.CumulVar(end).SetRange(nodes[vehicle.depot].early, nodes[vehicle.depot].late)
        clock.SetSpanUpperBoundForVehicle(instance.limit, number)
    worth = 10 * max(map(max, legs))
    for client in instance.clients:
        index = manager.NodeToIndex(rank[client])
        clock.CumulVar(index).SetRange(nodes[client].early, nodes[client].late)
        allowed = [number for number, vehicle in enumerate(vehicles) if client in vehicle.sites]
        model.VehicleVar(index).SetValues([-1, *allowed])
        model.AddDisjunction([index], worth)
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromMilliseconds(int(1_000 * seconds))
    solution = model.SolveWithParameters(search)
    routes = defaultdict(list)
    for number in range(len(vehicles)) if solution else ():
        index = solution.Value(model.NextVar(model.Start(number)))
        while not model.IsEnd(index):
            routes[number].append(places[manager.IndexToNode(index)])
            index = solution.Value(model.NextVar(index))
    return routes


def vrpcli(instance, seconds):
    def moment(clock):
        day = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=clock)
        return day.strftime("%Y-%m-%dT%H:%M:%SZ")

    need, have = instance.skills()
    jobs = []
    for client in instance.clients:
        node = instance.nodes[client]
        place = {"location": {"index": client}, "duration": node.service,
                 "times": [[moment(node.early), moment(node.late)]]}
        jobs.append({"id": str(client), "deliveries": [{"places": [place], "demand": [node.demand]}],
                     "skills": {"allOf": [str(need[client])]}})
    fleet = []
    for kind, numbers in instance.alike().items():
        base, depot = {"index": kind.depot}, instance.nodes[kind.depot]
        fleet.append({
            "typeId": f"kind {numbers[0]}", "vehicleIds": [str(number) for number in numbers],
            "profile": {"matrix": "car"}, "costs": {"fixed": 0, "distance": 1, "time": 0},
            "shifts": [{"start": {"earliest": moment(depot.early), "location": base},
                        "end": {"latest": moment(depot.late), "location": base}}],
            "capacity": [kind.capacity], "limits": {"maxDuration": instance.limit},
            "skills": [str(skill) for skill in sorted(have[numbers[0]])]})
    problem = {"plan": {"jobs": jobs}, "fleet": {"vehicles": fleet, "profiles": [{"name": "car"}]},
               "objectives": [{"type": "minimize-unassigned"}, {"type": "minimize-cost"}]}
    legs = [leg for row in instance.legs for leg in row]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in ("problem.json", "matrix.json", "solution.json")]
        files[0].write_text(json.dumps(problem))
        files[1].write_text(json.dumps({"profile": "car", "travelTimes": legs, "distances": legs}))
        command = [os.environ.get("VRP_CLI", "vrp-cli"), "solve", "pragmatic", files[0], "-m", files[1],
                   "-o", files[2], "--max-time", str(round(seconds)), "--parallelism", f"1,{THREADS}"]
        done = subprocess.run(command, capture_output=True, text=True)
        if not files[2].exists():
            raise SystemExit(done.stdout + done.stderr)
        tours = json.loads(files[2].read_text())["tours"]
    return {int(tour["vehicleId"]): [int(activity["jobId"]) for stop in tour["stops"] for activity in stop["activities"]
                                     if activity["type"] == "delivery"] for tour in tours}


ENGINES = {"vroom": vroom, "pyvrp": pyvrp, "ortools": ortools, "vrpcli": vrpcli}


def main(name, seconds, *files):
    for path in map(Path, files):
        instance, best = read(path), best_known(path)
        start = time.perf_counter()
        routes = ENGINES[name](instance, float(seconds))
        used = time.perf_counter() - start
        cost, left_out, wrong = check(instance, routes)
        sound = best and not left_out and not wrong
        gap = f"{100 * (cost / best - 1):.2f} %" if sound else "-"
        verdict = "valid" if not wrong else f"INVALID ({len(wrong)}): {wrong[0]}"
        print(f"{name:8} {path.stem:8} {used:7.1f} s  cost {cost:9}  best known {best or '-':>9}  gap {gap:>8}  "
              f"left out {left_out}  {verdict}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ENGINES:
        raise SystemExit(__doc__)
    main(*sys.argv[1:])
