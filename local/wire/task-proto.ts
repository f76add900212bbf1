/** The part of Mesos' v1 `mesos.proto` that describes tasks, their executors and their states. */

export const TASK_PROTO = `
message CommandInfo.URI {
  required string value = 1;
  optional bool executable = 2;
  optional bool extract = 3 [default = true];
  optional bool cache = 4;
  optional string output_file = 5;
}
enum Environment.Variable.Type { UNKNOWN VALUE SECRET }
enum Secret.Type { UNKNOWN REFERENCE VALUE }
message Secret.Reference { required string name = 1; optional string key = 2; }
message Secret.Value { required bytes data = 1; }
message Secret { optional Secret.Type type = 1; optional Secret.Reference reference = 2; optional Secret.Value value = 3; }
message Environment.Variable {
  required string name = 1;
  optional Environment.Variable.Type type = 3 [default = "VALUE"];
  optional string value = 2;
  optional Secret secret = 4;
}
message Environment { repeated Environment.Variable variables = 1; }
message CommandInfo {
  repeated CommandInfo.URI uris = 1;
  optional Environment environment = 2;
  optional bool shell = 6 [default = true];
  optional string value = 3;
  repeated string arguments = 7;
  optional string user = 5;
}
enum Volume.Mode { RW RO }
message Volume { required Volume.Mode mode = 3; required string container_path = 1; optional string host_path = 2; }
enum ContainerInfo.Type { DOCKER MESOS }
enum LinuxInfo.IpcMode { UNKNOWN PRIVATE SHARE_PARENT }
message LinuxInfo {
  optional bool share_pid_namespace = 4;
  optional LinuxInfo.IpcMode ipc_mode = 8;
  optional uint32 shm_size = 9;
}
message ContainerInfo.DockerInfo { required string image = 1; }
message ContainerInfo {
  required ContainerInfo.Type type = 1;
  repeated Volume volumes = 2;
  optional string hostname = 4;
  optional ContainerInfo.DockerInfo docker = 3;
  optional LinuxInfo linux_info = 8;
}
message KillPolicy { optional DurationInfo grace_period = 1; }
enum DiscoveryInfo.Visibility { FRAMEWORK CLUSTER EXTERNAL }
message Port {
  required uint32 number = 1;
  optional string name = 2;
  optional string protocol = 3;
  optional DiscoveryInfo.Visibility visibility = 4;
  optional Labels labels = 5;
}
message Ports { repeated Port ports = 1; }
message DiscoveryInfo {
  required DiscoveryInfo.Visibility visibility = 1;
  optional string name = 2;
  optional string environment = 3;
  optional string location = 4;
  optional string version = 5;
  optional Ports ports = 6;
  optional Labels labels = 7;
}
enum ExecutorInfo.Type { UNKNOWN DEFAULT CUSTOM }
message ExecutorInfo {
  optional ExecutorInfo.Type type = 15;
  required ExecutorID executor_id = 1;
  optional FrameworkID framework_id = 8;
  optional CommandInfo command = 7;
  optional ContainerInfo container = 11;
  repeated Resource resources = 5;
  optional string name = 9;
  optional string source = 10;
  optional bytes data = 4;
  optional DiscoveryInfo discovery = 12;
  optional DurationInfo shutdown_grace_period = 13;
  optional Labels labels = 14;
}
enum HealthCheck.Type { UNKNOWN COMMAND HTTP TCP }
message HealthCheck.HTTPCheckInfo { optional string scheme = 3; required uint32 port = 1; optional string path = 2; }
message HealthCheck.TCPCheckInfo { required uint32 port = 1; }
message HealthCheck {
  optional double delay_seconds = 2 [default = 15];
  optional double interval_seconds = 3 [default = 10];
  optional double timeout_seconds = 4 [default = 20];
  optional uint32 consecutive_failures = 5 [default = 3];
  optional double grace_period_seconds = 6 [default = 10];
  optional HealthCheck.Type type = 8;
  optional CommandInfo command = 7;
  optional HealthCheck.HTTPCheckInfo http = 1;
  optional HealthCheck.TCPCheckInfo tcp = 9;
}
message TaskInfo {
  required string name = 1;
  required TaskID task_id = 2;
  required AgentID agent_id = 3;
  repeated Resource resources = 4;
  optional ExecutorInfo executor = 5;
  optional CommandInfo command = 7;
  optional ContainerInfo container = 9;
  optional HealthCheck health_check = 8;
  optional KillPolicy kill_policy = 12;
  optional bytes data = 6;
  optional Labels labels = 10;
  optional DiscoveryInfo discovery = 11;
  optional DurationInfo max_completion_time = 14;
  map<string, Value.Scalar> limits = 15;
}
enum TaskState {
  TASK_STAGING TASK_STARTING TASK_RUNNING TASK_KILLING TASK_FINISHED TASK_FAILED TASK_KILLED TASK_ERROR TASK_LOST
  TASK_DROPPED TASK_UNREACHABLE TASK_GONE TASK_GONE_BY_OPERATOR TASK_UNKNOWN
}
enum TaskStatus.Source { SOURCE_MASTER SOURCE_AGENT SOURCE_EXECUTOR }
message NetworkInfo.IPAddress { optional string protocol = 1; optional string ip_address = 2; }
message NetworkInfo { repeated NetworkInfo.IPAddress ip_addresses = 5; optional string name = 6; }
message ContainerStatus {
  optional ContainerID container_id = 4;
  repeated NetworkInfo network_infos = 1;
  optional uint32 executor_pid = 3;
}
message TaskStatus {
  required TaskID task_id = 1;
  required TaskState state = 2;
  optional string message = 4;
  optional TaskStatus.Source source = 9;
  optional string reason = 10;
  optional bytes data = 3;
  optional AgentID agent_id = 5;
  optional ExecutorID executor_id = 7;
  optional double timestamp = 6;
  optional bytes uuid = 11;
  optional bool healthy = 8;
  optional Labels labels = 12;
  optional ContainerStatus container_status = 13;
  optional TimeInfo unreachable_time = 14;
}
`;
