/** Calls and events of Mesos' v1 `scheduler.proto`. */

export const SCHEDULER_PROTO = `
enum Call.Type {
  UNKNOWN SUBSCRIBE TEARDOWN ACCEPT DECLINE ACCEPT_INVERSE_OFFERS DECLINE_INVERSE_OFFERS REVIVE KILL SHUTDOWN ACKNOWLEDGE
  ACKNOWLEDGE_OPERATION_STATUS RECONCILE RECONCILE_OPERATIONS MESSAGE REQUEST SUPPRESS UPDATE_FRAMEWORK
}
enum Operation.Type { UNKNOWN LAUNCH LAUNCH_GROUP RESERVE UNRESERVE CREATE DESTROY }
message Operation.Launch { repeated TaskInfo task_infos = 1; }
message TaskGroupInfo { repeated TaskInfo tasks = 1; }
message Operation.LaunchGroup { required ExecutorInfo executor = 1; required TaskGroupInfo task_group = 2; }
message Operation.Reserve { repeated Resource source = 2; repeated Resource resources = 1; }
message Operation.Unreserve { repeated Resource resources = 1; }
message Operation.Create { repeated Resource volumes = 1; }
message Operation.Destroy { repeated Resource volumes = 1; }
message Operation {
  optional Operation.Type type = 1;
  optional OperationID id = 12;
  optional Operation.Launch launch = 2;
  optional Operation.LaunchGroup launch_group = 7;
  optional Operation.Reserve reserve = 3;
  optional Operation.Unreserve unreserve = 4;
  optional Operation.Create create = 5;
  optional Operation.Destroy destroy = 6;
}
enum AttributeConstraint.Selector.PseudoattributeType { UNKNOWN HOSTNAME REGION ZONE }
message AttributeConstraint.Selector {
  optional string attribute_name = 1;
  optional AttributeConstraint.Selector.PseudoattributeType pseudoattribute_type = 2;
}
message AttributeConstraint.Predicate.Exists { }
message AttributeConstraint.Predicate.NotExists { }
message AttributeConstraint.Predicate.TextEquals { optional string value = 1; }
message AttributeConstraint.Predicate.TextNotEquals { optional string value = 1; }
message AttributeConstraint.Predicate.TextMatches { optional string regex = 1; }
message AttributeConstraint.Predicate.TextNotMatches { optional string regex = 1; }
message AttributeConstraint.Predicate {
  optional AttributeConstraint.Predicate.Exists exists = 1;
  optional AttributeConstraint.Predicate.NotExists not_exists = 2;
  optional AttributeConstraint.Predicate.TextEquals text_equals = 3;
  optional AttributeConstraint.Predicate.TextNotEquals text_not_equals = 4;
  optional AttributeConstraint.Predicate.TextMatches text_matches = 5;
  optional AttributeConstraint.Predicate.TextNotMatches text_not_matches = 6;
}
message AttributeConstraint {
  optional AttributeConstraint.Selector selector = 1;
  optional AttributeConstraint.Predicate predicate = 2;
}
message OfferConstraints.RoleConstraints.Group { repeated AttributeConstraint attribute_constraints = 1; }
message OfferConstraints.RoleConstraints { repeated OfferConstraints.RoleConstraints.Group groups = 1; }
message OfferConstraints { map<string, OfferConstraints.RoleConstraints> role_constraints = 1; }
message Call.Subscribe {
  required FrameworkInfo framework_info = 1;
  repeated string suppressed_roles = 3;
  optional OfferConstraints offer_constraints = 4;
}
message Call.UpdateFramework {
  required FrameworkInfo framework_info = 1;
  repeated string suppressed_roles = 2;
  optional OfferConstraints offer_constraints = 3;
}
message Call.AcceptInverseOffers { repeated OfferID inverse_offer_ids = 1; optional Filters filters = 2; }
message Call.DeclineInverseOffers { repeated OfferID inverse_offer_ids = 1; optional Filters filters = 2; }
message Call.AcknowledgeOperationStatus {
  optional AgentID agent_id = 1;
  optional ResourceProviderID resource_provider_id = 2;
  required bytes uuid = 3;
  required OperationID operation_id = 4;
}
message Call.ReconcileOperations.Operation {
  required OperationID operation_id = 1;
  optional AgentID agent_id = 2;
  optional ResourceProviderID resource_provider_id = 3;
}
message Call.ReconcileOperations { repeated Call.ReconcileOperations.Operation operations = 1; }
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
  optional Call.AcceptInverseOffers accept_inverse_offers = 13;
  optional Call.DeclineInverseOffers decline_inverse_offers = 14;
  optional Call.Revive revive = 15;
  optional Call.Kill kill = 6;
  optional Call.Shutdown shutdown = 7;
  optional Call.Acknowledge acknowledge = 8;
  optional Call.AcknowledgeOperationStatus acknowledge_operation_status = 17;
  optional Call.Reconcile reconcile = 9;
  optional Call.ReconcileOperations reconcile_operations = 18;
  optional Call.Message message = 10;
  optional Call.Suppress suppress = 16;
  optional Call.UpdateFramework update_framework = 19;
}
message Event.Subscribed {
  required FrameworkID framework_id = 1;
  optional double heartbeat_interval_seconds = 2;
  optional MasterInfo master_info = 3;
}
message Event.Offers { repeated Offer offers = 1; }
message Event.InverseOffers { repeated InverseOffer inverse_offers = 1; }
message Event.Rescind { required OfferID offer_id = 1; }
message Event.RescindInverseOffer { required OfferID inverse_offer_id = 1; }
message Event.UpdateOperationStatus { required OperationStatus status = 1; }
message Event.Update { required TaskStatus status = 1; }
message Event.Message { required AgentID agent_id = 1; required ExecutorID executor_id = 2; required bytes data = 3; }
message Event.Failure { optional AgentID agent_id = 1; optional ExecutorID executor_id = 2; optional int32 status = 3; }
message Event.Error { required string message = 1; }
message Event {
  optional string type = 1;
  optional Event.Subscribed subscribed = 2;
  optional Event.Offers offers = 3;
  optional Event.InverseOffers inverse_offers = 9;
  optional Event.Rescind rescind = 4;
  optional Event.RescindInverseOffer rescind_inverse_offer = 10;
  optional Event.Update update = 5;
  optional Event.UpdateOperationStatus update_operation_status = 11;
  optional Event.Message message = 6;
  optional Event.Failure failure = 7;
  optional Event.Error error = 8;
}
`;
