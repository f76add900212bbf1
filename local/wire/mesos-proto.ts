/** The messages of Mesos' v1 `mesos.proto` that the local Mesos knows. Deprecated fields have no default here: Mesos does not write theirs. */

export const MESOS_PROTO = `
message FrameworkID { required string value = 1; }
message OfferID { required string value = 1; }
message AgentID { required string value = 1; }
message TaskID { required string value = 1; }
message ExecutorID { required string value = 1; }
message ContainerID { required string value = 1; optional ContainerID parent = 2; }
message OperationID { required string value = 1; }
message ResourceProviderID { required string value = 1; }
message TimeInfo { required int64 nanoseconds = 1; }
message DurationInfo { required int64 nanoseconds = 1; }
message UUID { required bytes value = 1; }
message Address { optional string hostname = 1; optional string ip = 2; required int32 port = 3; }
message URL { required string scheme = 1; required Address address = 2; optional string path = 3; }
message Label { required string key = 1; optional string value = 2; }
message Labels { repeated Label labels = 1; }

enum Value.Type { SCALAR RANGES SET TEXT }
message Value.Scalar { required double value = 1; }
message Value.Range { required uint64 begin = 1; required uint64 end = 2; }
message Value.Ranges { repeated Value.Range range = 1; }
message Value.Set { repeated string item = 1; }
message Value.Text { required string value = 1; }
message Attribute {
  required string name = 1;
  required Value.Type type = 2;
  optional Value.Scalar scalar = 3;
  optional Value.Ranges ranges = 4;
  optional Value.Set set = 6;
  optional Value.Text text = 5;
}

message DomainInfo.FaultDomain.RegionInfo { required string name = 1; }
message DomainInfo.FaultDomain.ZoneInfo { required string name = 1; }
message DomainInfo.FaultDomain {
  required DomainInfo.FaultDomain.RegionInfo region = 1;
  required DomainInfo.FaultDomain.ZoneInfo zone = 2;
}
message DomainInfo { optional DomainInfo.FaultDomain fault_domain = 1; }
message Unavailability { required TimeInfo start = 1; optional DurationInfo duration = 2; }
message ResourceQuantities { map<string, Value.Scalar> quantities = 1; }
message OfferFilters.MinAllocatableResources { repeated ResourceQuantities quantities = 1; }
message OfferFilters { optional OfferFilters.MinAllocatableResources min_allocatable_resources = 1; }
enum FrameworkInfo.Capability.Type {
  UNKNOWN REVOCABLE_RESOURCES TASK_KILLING_STATE GPU_RESOURCES SHARED_RESOURCES PARTITION_AWARE MULTI_ROLE
  RESERVATION_REFINEMENT REGION_AWARE
}
message FrameworkInfo.Capability { optional FrameworkInfo.Capability.Type type = 1; }
message FrameworkInfo {
  required string user = 1;
  required string name = 2;
  optional FrameworkID id = 3;
  optional double failover_timeout = 4 [default = 0];
  optional bool checkpoint = 5 [default = false];
  optional string role = 6;
  repeated string roles = 12;
  optional string hostname = 7;
  optional string principal = 8;
  optional string webui_url = 9;
  repeated FrameworkInfo.Capability capabilities = 10;
  optional Labels labels = 11;
  map<string, OfferFilters> offer_filters = 13;
}
message MasterInfo.Capability { optional string type = 1; }
message MasterInfo {
  required string id = 1;
  required uint32 ip = 2;
  required uint32 port = 3 [default = 5050];
  optional string pid = 4;
  optional string hostname = 5;
  optional string version = 6;
  optional Address address = 7;
  optional DomainInfo domain = 8;
  repeated MasterInfo.Capability capabilities = 9;
}
message AgentInfo {
  required string hostname = 1;
  optional int32 port = 8 [default = 5051];
  repeated Resource resources = 3;
  repeated Attribute attributes = 5;
  optional AgentID id = 6;
  optional DomainInfo domain = 10;
}
message InverseOffer {
  required OfferID id = 1;
  optional URL url = 2;
  required FrameworkID framework_id = 3;
  optional AgentID agent_id = 4;
  required Unavailability unavailability = 5;
  repeated Resource resources = 6;
}
message Offer {
  required OfferID id = 1;
  required FrameworkID framework_id = 2;
  required AgentID agent_id = 3;
  required string hostname = 4;
  optional URL url = 8;
  optional DomainInfo domain = 11;
  repeated Resource resources = 5;
  repeated Attribute attributes = 7;
  repeated ExecutorID executor_ids = 6;
  optional Unavailability unavailability = 9;
  optional Resource.AllocationInfo allocation_info = 10;
}
message Filters { optional double refuse_seconds = 1 [default = 5]; }
`;
