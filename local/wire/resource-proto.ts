/** The part of Mesos' v1 `mesos.proto` that describes resources and what may happen to them. */

export const RESOURCE_PROTO = `
enum Resource.ReservationInfo.Type { UNKNOWN STATIC DYNAMIC }
message Resource.AllocationInfo { optional string role = 1; }
message Resource.ReservationInfo {
  optional Resource.ReservationInfo.Type type = 4;
  optional string role = 3;
  optional string principal = 1;
  optional Labels labels = 2;
}
enum Resource.DiskInfo.Source.Type { UNKNOWN PATH MOUNT BLOCK RAW }
message Resource.DiskInfo.Persistence { required string id = 1; optional string principal = 2; }
message Resource.DiskInfo.Source.Path { optional string root = 1; }
message Resource.DiskInfo.Source.Mount { optional string root = 1; }
message Resource.DiskInfo.Source {
  required Resource.DiskInfo.Source.Type type = 1;
  optional Resource.DiskInfo.Source.Path path = 2;
  optional Resource.DiskInfo.Source.Mount mount = 3;
  optional string vendor = 7;
  optional string id = 4;
  optional string profile = 6;
}
message Resource.DiskInfo {
  optional Resource.DiskInfo.Persistence persistence = 1;
  optional Volume volume = 2;
  optional Resource.DiskInfo.Source source = 3;
}
message Resource.RevocableInfo { }
message Resource.SharedInfo { }
message Resource {
  optional ResourceProviderID provider_id = 12;
  required string name = 1;
  required Value.Type type = 2;
  optional Value.Scalar scalar = 3;
  optional Value.Ranges ranges = 4;
  optional Value.Set set = 5;
  optional string role = 6;
  optional Resource.AllocationInfo allocation_info = 11;
  optional Resource.ReservationInfo reservation = 8;
  repeated Resource.ReservationInfo reservations = 13;
  optional Resource.DiskInfo disk = 7;
  optional Resource.RevocableInfo revocable = 9;
  optional Resource.SharedInfo shared = 10;
}
enum OperationState {
  OPERATION_UNSUPPORTED OPERATION_PENDING OPERATION_FINISHED OPERATION_FAILED OPERATION_ERROR OPERATION_DROPPED
  OPERATION_UNREACHABLE OPERATION_GONE_BY_OPERATOR OPERATION_RECOVERING OPERATION_UNKNOWN
}
message OperationStatus {
  optional OperationID operation_id = 1;
  required OperationState state = 2;
  optional string message = 3;
  repeated Resource converted_resources = 4;
  optional UUID uuid = 5;
  optional AgentID agent_id = 6;
  optional ResourceProviderID resource_provider_id = 7;
}
`;
