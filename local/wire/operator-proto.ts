/** Calls of Mesos' v1 `master.proto` that have a body, and the maintenance that they are about. */

export const OPERATOR_PROTO = `
message MachineID { optional string hostname = 1; optional string ip = 2; }
message Window { repeated MachineID machine_ids = 1; required Unavailability unavailability = 2; }
message Schedule { repeated Window windows = 1; }
message Call.UpdateMaintenanceSchedule { required Schedule schedule = 1; }
message Call.StartMaintenance { repeated MachineID machines = 1; }
message Call.StopMaintenance { repeated MachineID machines = 1; }
message Call.DrainAgent {
  required AgentID agent_id = 1;
  optional DurationInfo max_grace_period = 2;
  optional bool mark_gone = 3;
}
message Call.DeactivateAgent { required AgentID agent_id = 1; }
message Call.ReactivateAgent { required AgentID agent_id = 1; }
message Call.MarkAgentGone { required AgentID agent_id = 1; }
message Call {
  optional string type = 1;
  optional Call.UpdateMaintenanceSchedule update_maintenance_schedule = 13;
  optional Call.StartMaintenance start_maintenance = 14;
  optional Call.StopMaintenance stop_maintenance = 15;
  optional Call.MarkAgentGone mark_agent_gone = 18;
  optional Call.DrainAgent drain_agent = 26;
  optional Call.DeactivateAgent deactivate_agent = 27;
  optional Call.ReactivateAgent reactivate_agent = 28;
}
`;
