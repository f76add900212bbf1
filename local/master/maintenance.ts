/** When machines are to be down, and which are (maintenance primitives of Mesos). Windows are strict: no time decides anything. */
import type { Unavailability } from '../../protocol/mesos/framework.ts';
import type { AgentRecord } from './records.ts';

export interface MachineId {
  readonly hostname?: string;
  readonly ip?: string;
}

export interface MaintenanceWindow {
  readonly machine_ids?: readonly MachineId[];
  readonly unavailability: Unavailability;
}

interface Machine {
  readonly id: MachineId;
  readonly unavailability: Unavailability;
  readonly down: boolean;
}

function keyOf({ hostname, ip }: MachineId): string {
  return `${(hostname ?? '').toLowerCase()} ${ip ?? ''}`;
}

function renderMachine({ hostname, ip }: MachineId): string {
  return JSON.stringify({
    ...(hostname === undefined ? {} : { hostname }),
    ...(ip === undefined ? {} : { ip }),
  });
}

function findMachinesProblem(machines: readonly MachineId[]): string | undefined {
  const seen = new Set<string>();
  for (const machine of machines) {
    if (!machine.hostname && !machine.ip) return "Both 'hostname' and 'ip' for a machine are empty";
    if (seen.has(keyOf(machine)))
      return `Machine '${renderMachine(machine)}' appears more than once in the schedule`;
    seen.add(keyOf(machine));
  }
  return undefined;
}

function findWindowProblem({ machine_ids = [], unavailability }: MaintenanceWindow): string | undefined {
  if (machine_ids.length === 0) return 'List of machines in the maintenance window is empty';
  return (unavailability.duration?.nanoseconds ?? 0) < 0
    ? "Unavailability 'duration' is negative"
    : undefined;
}

/** The machine that an agent runs on. */
function machineOf(agent: AgentRecord): MachineId {
  return { hostname: agent.info.hostname, ip: agent.address.ip ?? '' };
}

export class Maintenance {
  #windows: readonly MaintenanceWindow[] = [];
  readonly #machines = new Map<string, Machine>();

  get windows(): readonly MaintenanceWindow[] {
    return this.#windows;
  }

  /** In a window, and not down yet. */
  get draining(): MachineId[] {
    return [...this.#machines.values()].filter(({ down }) => !down).map(({ id }) => id);
  }

  get down(): MachineId[] {
    return [...this.#machines.values()].filter(({ down }) => down).map(({ id }) => id);
  }

  isDown(agent: AgentRecord): boolean {
    return this.#machines.get(keyOf(machineOf(agent)))?.down ?? false;
  }

  unavailabilityOf(agent: AgentRecord): Unavailability | undefined {
    return this.#machines.get(keyOf(machineOf(agent)))?.unavailability;
  }

  findScheduleProblem(windows: readonly MaintenanceWindow[]): string | undefined {
    const machines = windows.flatMap(({ machine_ids = [] }) => machine_ids);
    const problem = windows.map(findWindowProblem).find(Boolean) ?? findMachinesProblem(machines);
    const kept = new Set(machines.map(keyOf));
    const lost = this.down.find((machine) => !kept.has(keyOf(machine)));
    if (problem !== undefined || lost === undefined) return problem;
    return `Machine '${renderMachine(lost)}' is deactivated and cannot be removed from the schedule`;
  }

  /** Takes the place of the whole schedule before. */
  update(windows: readonly MaintenanceWindow[]): void {
    const down = new Set(this.down.map(keyOf));
    this.#windows = windows;
    this.#machines.clear();
    for (const { machine_ids = [], unavailability } of windows)
      for (const id of machine_ids)
        this.#machines.set(keyOf(id), { id, unavailability, down: down.has(keyOf(id)) });
  }

  findStartProblem(machines: readonly MachineId[]): string | undefined {
    return this.#findModeProblem(machines, false, 'is not in DRAINING mode and cannot be brought down');
  }

  findStopProblem(machines: readonly MachineId[]): string | undefined {
    return this.#findModeProblem(machines, true, 'is not in DOWN mode and cannot be brought up');
  }

  #findModeProblem(machines: readonly MachineId[], down: boolean, text: string): string | undefined {
    if (machines.length === 0) return 'List of machines is empty';
    const wrong = machines.find((machine) => this.#machines.get(keyOf(machine))?.down !== down);
    return findMachinesProblem(machines) ?? (wrong && `Machine '${renderMachine(wrong)}' ${text}`);
  }

  start(machines: readonly MachineId[]): void {
    for (const id of machines) {
      const machine = this.#machines.get(keyOf(id));
      if (machine !== undefined) this.#machines.set(keyOf(id), { ...machine, down: true });
    }
  }

  /** Machines that are up again leave the schedule. */
  stop(machines: readonly MachineId[]): void {
    const up = new Set(machines.map(keyOf));
    for (const key of up) this.#machines.delete(key);
    const rest = this.#windows.map((window) => ({
      ...window,
      machine_ids: (window.machine_ids ?? []).filter((id) => !up.has(keyOf(id))),
    }));
    this.#windows = rest.filter(({ machine_ids }) => machine_ids.length > 0);
  }
}
