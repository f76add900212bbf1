/** What an operator may ask of a running scheduler, by the API or the command line. */

export type OperatorAction =
  /** Ends the task with its grace and launches it again in its place. */
  | { readonly kind: 'restart'; readonly instance: string }
  /** Restarts every instance of a component, or of all of them when it is unset, as a rollout does: behind readiness. */
  | { readonly kind: 'restart'; readonly instance?: undefined; readonly component?: string | undefined }
  /** The operator gives up the state on its host: the instance starts anew, anywhere. */
  | { readonly kind: 'forget'; readonly instance: string }
  /** Ends the task and moves the instance to another host; what it held there is given up. */
  | { readonly kind: 'replace'; readonly instance: string }
  /** Ends the task and launches none until `resume`. */
  | { readonly kind: 'pause'; readonly instance: string }
  | { readonly kind: 'resume'; readonly instance: string }
  | { readonly kind: 'scale'; readonly component: string; readonly count: number }
  /** Moves every instance off a host and uses it no more until `undrain`. */
  | { readonly kind: 'drain'; readonly hostname: string }
  | { readonly kind: 'undrain'; readonly hostname: string }
  /** Halts a rollout between two instances. */
  | { readonly kind: 'pause-plan' }
  | { readonly kind: 'resume-plan' }
  /** Back to the configuration before. */
  | { readonly kind: 'rollback' }
  /** Volumes are destroyed with it unless they are to be kept for a later start. */
  | { readonly kind: 'teardown'; readonly graceMs: number; readonly keepVolumes?: boolean };
