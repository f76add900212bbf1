/** Errors of scheduler/core/rollout and scheduler/core/operators. */
import type { ErrorEntry } from './entry.ts';

export const SCHEDULER_ROLLOUT_ERRORS = {
  ERR_COMPONENT_UNKNOWN: {
    text: "There is no component '{component}'.",
    advice: 'Known are: {known}.',
    status: 404,
  },
  ERR_CONFIGURATION_UNUSABLE: {
    text: 'No configuration can be used: {problems}',
    advice: 'Correct the configuration and start again.',
  },
  ERR_INSTANCE_NOT_PAUSED: {
    text: '{instance} is not paused: it is {phase}.',
    advice: 'Only a paused instance can be resumed.',
    status: 409,
  },
  ERR_INSTANCE_PAUSED: {
    text: '{instance} is paused by an operator.',
    advice: "Let it run again with 'stevedore resume {instance}'.",
    status: 409,
  },
  ERR_PLAN_NOT_HELD: {
    text: 'The plan is neither paused nor halted, and no canary waits.',
    advice: "Look at 'stevedore plan'.",
    status: 409,
  },
  ERR_PLAN_PAUSED: {
    text: 'The plan is paused already.',
    advice: "Go on with 'stevedore plan --resume'.",
    status: 409,
  },
  ERR_REPLACE_EVERY_AGENT: {
    text: '{instance} belongs to {host}: there is one on every agent, so it has no other place.',
    advice: 'Drain the host to take it away, or restart the instance.',
    status: 409,
  },
  ERR_REPLACE_FIXED_HOST: {
    text: '{instance} may run on {host} only.',
    advice: 'Change the host in the configuration first.',
    status: 409,
  },
  ERR_REPLACE_NOWHERE: {
    text: '{instance} has no host that it could leave.',
    advice: "'stevedore explain {instance}' says why it is not placed.",
    status: 409,
  },
  ERR_ROLLBACK_NONE: {
    text: 'There is no configuration before the present one.',
    advice:
      "Change the configuration and start the scheduler with it; 'stevedore plan' shows what would follow.",
    status: 409,
  },
  ERR_SCALE_COUNT: {
    text: '{component} cannot have {count} instances.',
    advice: 'Give a whole number from {least} to {most}.',
    status: 400,
  },
  ERR_SCALE_EVERY_AGENT: {
    text: '{component} runs on every agent that fits; it has no count.',
    advice: 'Set a count in the configuration, or drain hosts.',
    status: 409,
  },
  ERR_SCALE_STATE: {
    text: '{component} cannot shrink from {from} to {count}: its instances have state that would be lost.',
    advice: 'Allow its decommission in the configuration first.',
    status: 409,
  },
  ERR_TEARDOWN_ORDERED: {
    text: 'The service is being torn down; {action} is not possible any more.',
    advice: 'Start it again when the teardown is over.',
    status: 409,
  },
} satisfies Record<string, ErrorEntry>;
