/** Calls and events of Mesos' v1 `scheduler.proto` and `executor.proto`, each with the messages that it stands on. */
import { MESOS_PROTO } from './mesos-proto.ts';
import { parseProto } from './proto-schema.ts';
import { TASK_PROTO } from './task-proto.ts';

const SCHEDULER_PROTO = `
enum Call.Type {
  UNKNOWN SUBSCRIBE TEARDOWN ACCEPT DECLINE ACCEPT_INVERSE_OFFERS DECLINE_INVERSE_OFFERS REVIVE KILL SHUTDOWN ACKNOWLEDGE
  ACKNOWLEDGE_OPERATION_STATUS RECONCILE RECONCILE_OPERATIONS MESSAGE REQUEST SUPPRESS UPDATE_FRAMEWORK
}
enum Operation.Type { UNKNOWN LAUNCH LAUNCH_GROUP RESERVE UNRESERVE CREATE DESTROY }
message Operation.Launch { repeated TaskInfo task_infos = 1; }
message TaskGroupInfo { repeated TaskInfo tasks = 1; }
message Operation.LaunchGroup { required ExecutorInfo executor = 1; required TaskGroupInfo task_group = 2; }
message Operation {
  optional Operation.Type type = 1;
  optional OperationID id = 12;
  optional Operation.Launch launch = 2;
  optional Operation.LaunchGroup launch_group = 7;
}
message Call.Subscribe { required FrameworkInfo framework_info = 1; repeated string suppressed_roles = 3; }
message Call.Accept { repeated OfferID offer_ids = 1; repeated Operation operations = 2; optional Filters filters = 3; }
message Call.Decline { repeated OfferID offer_ids = 1; optional Filters filters = 2; }
message Call.Revive { repeated string roles = 2; }
message Call.Suppress { repeated string roles = 2; }
message Call.Kill { required TaskID task_id = 1; optional AgentID agent_id = 2; optional KillPolicy kill_policy = 3; }
message Call.Shutdown { required ExecutorID executor_id = 1; required AgentID agent_id = 2; }
message Call.Acknowledge { required AgentID agent_id = 1; required TaskID task_id = 2; required bytes uuid = 3; }
message Call.Reconcile.Task { required TaskID task_id = 1; optional AgentID agent_id = 2; }
message Call.Reconcile { repeated Call.Reconcile.Task tasks = 1; }
message Call.Message { required AgentID agent_id = 1; required ExecutorID executor_id = 2; required bytes data = 3; }
message Call {
  optional FrameworkID framework_id = 1;
  optional Call.Type type = 2;
  optional Call.Subscribe subscribe = 3;
  optional Call.Accept accept = 4;
  optional Call.Decline decline = 5;
  optional Call.Revive revive = 15;
  optional Call.Kill kill = 6;
  optional Call.Shutdown shutdown = 7;
  optional Call.Acknowledge acknowledge = 8;
  optional Call.Reconcile reconcile = 9;
  optional Call.Message message = 10;
  optional Call.Suppress suppress = 16;
}
message Event.Subscribed {
  required FrameworkID framework_id = 1;
  optional double heartbeat_interval_seconds = 2;
  optional MasterInfo master_info = 3;
}
message Event.Offers { repeated Offer offers = 1; }
message Event.Rescind { required OfferID offer_id = 1; }
message Event.Update { required TaskStatus status = 1; }
message Event.Message { required AgentID agent_id = 1; required ExecutorID executor_id = 2; required bytes data = 3; }
message Event.Failure { optional AgentID agent_id = 1; optional ExecutorID executor_id = 2; optional int32 status = 3; }
message Event.Error { required string message = 1; }
message Event {
  optional string type = 1;
  optional Event.Subscribed subscribed = 2;
  optional Event.Offers offers = 3;
  optional Event.Rescind rescind = 4;
  optional Event.Update update = 5;
  optional Event.Message message = 6;
  optional Event.Failure failure = 7;
  optional Event.Error error = 8;
}
`;

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

export const SCHEDULER_API = parseProto(MESOS_PROTO + TASK_PROTO + SCHEDULER_PROTO);
export const EXECUTOR_API = parseProto(MESOS_PROTO + TASK_PROTO + EXECUTOR_PROTO);
