/** The schedule, and what frameworks answered to it, as the operator API shows them. */
import type { MachineId } from './maintenance.ts';
import type { Master } from './master.ts';

export function getMaintenanceSchedule({ maintenance }: Master): object {
  const { windows } = maintenance;
  return { schedule: windows.length === 0 ? {} : { windows } };
}

function answersAbout(master: Master, machine: MachineId): object[] {
  const here = [...master.agents.values()].filter(
    (agent) => agent.info.hostname === machine.hostname && agent.address.ip === machine.ip,
  );
  return here.flatMap((agent) =>
    [...master.frameworks.values()].flatMap(({ id, inverseAnswers }) => {
      const answer = inverseAnswers.get(agent.id);
      if (answer === undefined) return [];
      const timestamp = { nanoseconds: answer.answeredMs * 1e6 };
      return [{ status: answer.status, framework_id: { value: id }, timestamp }];
    }),
  );
}

export function getMaintenanceStatus(master: Master): object {
  const draining = master.maintenance.draining.map((id) => {
    const statuses = answersAbout(master, id);
    return statuses.length === 0 ? { id } : { id, statuses };
  });
  const { down } = master.maintenance;
  return {
    status: {
      ...(draining.length === 0 ? {} : { draining_machines: draining }),
      ...(down.length === 0 ? {} : { down_machines: down }),
    },
  };
}
