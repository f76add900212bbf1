/** Calls and events of Mesos' v1 `scheduler.proto`, `executor.proto` and `master.proto`, each with the messages that it stands on. */
import { MESOS_PROTO } from './mesos-proto.ts';
import { OPERATOR_PROTO } from './operator-proto.ts';
import { parseProto } from './proto-schema.ts';
import { RESOURCE_PROTO } from './resource-proto.ts';
import { SCHEDULER_PROTO } from './scheduler-proto.ts';
import { TASK_PROTO } from './task-proto.ts';

const EXECUTOR_PROTO = `
enum Call.Type { UNKNOWN SUBSCRIBE UPDATE MESSAGE HEARTBEAT }
message Call.Update { required TaskStatus status = 1; }
message Call.Subscribe { repeated TaskInfo unacknowledged_tasks = 1; repeated Call.Update unacknowledged_updates = 2; }
message Call.Message { required bytes data = 2; }
message Call {
  required ExecutorID executor_id = 1;
  required FrameworkID framework_id = 2;
  optional Call.Type type = 3;
  optional Call.Subscribe subscribe = 4;
  optional Call.Update update = 5;
  optional Call.Message message = 6;
}
message Event.Subscribed {
  required ExecutorInfo executor_info = 1;
  required FrameworkInfo framework_info = 2;
  required AgentInfo agent_info = 3;
  optional ContainerID container_id = 4;
}
message Event.Launch { required TaskInfo task = 1; }
message Event.Kill { required TaskID task_id = 1; optional KillPolicy kill_policy = 2; }
message Event.Acknowledged { required TaskID task_id = 1; required bytes uuid = 2; }
message Event.Message { required bytes data = 1; }
message Event.Error { required string message = 1; }
message Event {
  optional string type = 1;
  optional Event.Subscribed subscribed = 2;
  optional Event.Acknowledged acknowledged = 3;
  optional Event.Launch launch = 4;
  optional Event.Kill kill = 5;
  optional Event.Message message = 6;
  optional Event.Error error = 7;
}
`;

const BASE = MESOS_PROTO + RESOURCE_PROTO + TASK_PROTO;

export const SCHEDULER_API = parseProto(BASE + SCHEDULER_PROTO);
export const EXECUTOR_API = parseProto(BASE + EXECUTOR_PROTO);
export const OPERATOR_API = parseProto(BASE + OPERATOR_PROTO);
